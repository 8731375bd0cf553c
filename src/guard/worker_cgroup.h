// A control group (version 2) of their own for the evaluation workers, with memory.max: the one limit that a worker
// cannot pass even for a moment, whatever kind of memory it takes. It needs a writable, delegated place in the tree,
// which few machines offer: without one the other limits stand alone, and why is said. The supervisor's thread owns it;
// destruction kills what is left in the group and removes it. MB are 10^6 bytes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace keisei::guard {

/// Where the kernel shows its control groups, and how a group is made there; a test puts its own.
struct CgroupTree {
  std::filesystem::path proc = "/proc";
  std::filesystem::path root = "/sys/fs/cgroup";
  std::function<bool(const std::filesystem::path&)> make;    ///< empty = mkdir
  std::function<bool(const std::filesystem::path&)> remove;  ///< empty = rmdir
};

/// The group below which one for workers can be made. Changes nothing. The error says why there is none.
[[nodiscard]] Result<std::filesystem::path> worker_cgroup_parent(const CgroupTree& tree);

class WorkerCgroup {
 public:
  /// Makes the group `name` without a limit. kFailure with the reason where that is not possible.
  [[nodiscard]] static Result<WorkerCgroup> make(const CgroupTree& tree, const std::string& name);
  WorkerCgroup(WorkerCgroup&& other) noexcept;
  WorkerCgroup& operator=(WorkerCgroup&& other) = delete;
  ~WorkerCgroup();

  /// memory.max; <= 0 takes the limit away.
  [[nodiscard]] Result<void> limit_memory(double memory_mb);
  /// Moves a process, with all its threads, into the group; what it starts later is born there.
  [[nodiscard]] Result<void> add(pid_t pid);
  /// Processes that the kernel has ended for passing the limit, so far.
  [[nodiscard]] std::uint64_t kills() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  WorkerCgroup(std::filesystem::path path, CgroupTree tree);

  std::filesystem::path path_;  ///< empty = moved from
  CgroupTree tree_;
  double limit_mb_ = 0;
};

}  // namespace keisei::guard
