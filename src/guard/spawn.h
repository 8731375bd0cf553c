// Starts a child process: the one place in the program that creates processes, so that no other path can start an
// evaluation. posix_spawn and not fork: the parent's thread pools (OpenMP) do not survive a fork, and its memory need
// not be copied. The caller's thread must outlive the child when the child uses PR_SET_PDEATHSIG. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace keisei::guard {

struct SpawnPlan {
  std::string program;  ///< a path, or a name looked up in PATH
  std::vector<std::string> argv;
  std::vector<std::pair<int, int>> descriptors;  ///< (ours, child's); child's 0, 1 and 2 are /dev/null when not named
};

/// How a child ended.
struct Exit {
  bool signalled = false;
  int code = 0;      ///< exit code or signal number
  double cpu_s = 0;  ///< user + system time of its whole life, reaped children included
  double max_rss_mb = 0;
  [[nodiscard]] std::string text() const;  ///< "exit code 3", "signal 11 (Segmentation fault)"
};

/// A child process in a process group of its own. Destruction kills the group and reaps.
class Child {
 public:
  Child(pid_t pid, Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}
  Child& operator=(Child&& other) = delete;
  Child(const Child&) = delete;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }  ///< readable once it has ended
  void signal_group(int signal) const;
  /// Collects the exit if the child has ended; afterwards the object is empty. Never waits.
  [[nodiscard]] std::optional<Exit> try_reap();
  [[nodiscard]] bool reaped() const { return pid_ < 0; }
  /// Gives the process up unreaped: only for one that even SIGKILL does not end (stuck in the kernel).
  void abandon() { pid_ = -1; }

 private:
  pid_t pid_;
  Fd pidfd_;
};

/// Default signal handlers, empty mask, own process group. kFailure when the program cannot be started.
[[nodiscard]] Result<Child> spawn(const SpawnPlan& plan);

/// How many processes this program has ever started: the count of the only door, to be compared with permits given.
[[nodiscard]] std::uint64_t processes_spawned();

}  // namespace keisei::guard
