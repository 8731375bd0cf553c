// One worker process as the supervisor sees it: the child, the socket to it, its stderr, and its cost (it and whatever
// it started). Owned and called by the supervisor's thread only. Nothing here waits. MB are 10^6 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "guard/frame.h"
#include "guard/proc.h"
#include "guard/spawn.h"
#include "guard/supervisor.h"

namespace keisei::guard {

inline constexpr std::size_t kReadPerTurnBytes = 256u << 10;  ///< from one worker before others get their turn
inline constexpr std::size_t kLastWordsBytes = 600;           ///< of stderr, kept for the report

class WorkerProcess {
 public:
  /// Starts launcher and worker; `mark` is a NAME=VALUE put into its environment by which strays are known again.
  [[nodiscard]] static Result<WorkerProcess> start(const SupervisorOptions& options, const std::string& mark,
                                                   double memory_mb);

  [[nodiscard]] Child& child() { return child_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] const std::string& mark() const { return mark_; }

  // The channel.
  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] bool wants_write() const { return socket_ && !outbox_.empty(); }
  void send(std::vector<std::byte> bytes, std::vector<Fd> descriptors = {});
  void flush();
  struct Read {
    std::size_t bytes = 0;
    bool closed = false;
  };
  /// Reads at most kReadPerTurnBytes into the decoder.
  Read receive();
  [[nodiscard]] Result<std::optional<Frame>> next_frame() { return decoder_.next(); }
  [[nodiscard]] std::size_t torn_bytes() const { return decoder_.pending_bytes(); }
  void close_channel();

  // Its stderr.
  [[nodiscard]] int errors() const { return errors_.get(); }
  void read_errors();
  /// The end of what it wrote there, on one line; empty when it wrote nothing.
  [[nodiscard]] std::string last_words() const;

  // Its cost.
  void limit_memory(double memory_mb) const;
  void refresh_descendants();
  [[nodiscard]] bool has_descendants() const { return !descendants_.empty(); }
  [[nodiscard]] double rss_mb();
  [[nodiscard]] std::optional<double> pss_mb() const;
  /// Processor time of it and its descendants so far; never falls.
  [[nodiscard]] double cpu_s();
  [[nodiscard]] bool runnable() const;
  /// Processes it is known to have started: (pid, start ticks).
  [[nodiscard]] const std::set<std::pair<pid_t, std::uint64_t>>& started() const { return seen_; }
  /// Default policy for it and its descendants, so that a kill is not delayed by a busy machine.
  void hasten();

 private:
  WorkerProcess(Child child, Fd socket, Fd errors, std::string mark);

  struct Outgoing {
    std::vector<std::byte> bytes;
    std::size_t sent = 0;
    std::vector<Fd> descriptors;
  };

  Child child_;
  pid_t pid_;
  Fd socket_;
  Fd errors_;
  std::string mark_;
  FrameDecoder decoder_{kMaxResultBytes};
  std::deque<Outgoing> outbox_;
  std::string words_;
  proc::RssProbe rss_;
  std::vector<proc::RssProbe> descendants_;
  std::set<std::pair<pid_t, std::uint64_t>> seen_;
  std::map<pid_t, double> descendants_cpu_s_;
  double cpu_s_ = 0;
};

}  // namespace keisei::guard
