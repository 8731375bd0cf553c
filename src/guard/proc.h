// What the kernel tells about other processes (/proc and CPU clocks), as values or nothing. Used by the supervisor on
// its workers: every probe may find the process gone. No state; any thread. MB are 10^6 bytes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "guard/proc_text.h"

namespace keisei::guard::proc {

inline constexpr std::size_t kMaxDescendants = 1024;

/// Reads a process's resident set again and again through one descriptor (one pread each).
class RssProbe {
 public:
  explicit RssProbe(pid_t pid);
  [[nodiscard]] std::optional<double> rss_mb() const;
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
  Fd statm_;
};

[[nodiscard]] std::optional<Stat> stat(pid_t pid);

/// Sum of the proportional set size.
[[nodiscard]] std::optional<double> pss_mb(pid_t pid);
/// Processor time of all its threads so far, without its children.
[[nodiscard]] std::optional<double> cpu_s(pid_t pid);
/// True when a thread of it runs or waits for a processor.
[[nodiscard]] bool runnable(pid_t pid);
/// Direct children, of all its threads.
[[nodiscard]] std::vector<pid_t> children(pid_t pid);
/// Children, their children and so on, at most kMaxDescendants.
[[nodiscard]] std::vector<pid_t> descendants(pid_t pid);
/// True when its initial environment holds this "NAME=VALUE".
[[nodiscard]] bool has_environment(pid_t pid, std::string_view entry);
[[nodiscard]] std::optional<int> oom_score_adj(pid_t pid);
/// Gives a process that is being killed the default policy and precedence: an idle-policy process on a busy machine
/// would otherwise wait for a processor to die on. Best effort: without privilege (CAP_SYS_NICE) nothing changes.
void hasten(pid_t pid);
/// "/autogroup-12" of a process, "" where the kernel has none.
[[nodiscard]] std::string autogroup(pid_t pid);

}  // namespace keisei::guard::proc
