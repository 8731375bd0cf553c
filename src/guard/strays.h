// Processes that a worker started and that outlived it, e.g. by leaving its process group. The supervisor's process is
// a subreaper, so they become its children; they are known by the mark in their environment, by having been seen, or
// (dead already) by the out-of-memory score every worker has. Other children of this process are left alone. Owned by
// the supervisor's thread.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace keisei::guard {

struct StrayRule {
  std::string mark;                                ///< NAME=VALUE of every worker of this supervisor
  std::vector<pid_t> workers;                      ///< live direct children, not to be touched
  std::function<bool(pid_t, std::uint64_t)> seen;  ///< a known descendant (pid, start ticks); may be empty
};

struct Sweep {
  std::size_t killed = 0;
  std::size_t left = 0;  ///< still there: sweep again
};

/// Kills and reaps what it finds, in a bounded number of rounds with short waits (about 50 ms at most).
[[nodiscard]] Sweep sweep_strays(const StrayRule& rule);

}  // namespace keisei::guard
