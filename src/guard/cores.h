// Which processors this process may really use (affinity mask, quota, hyper-threads that share a core), and which of
// them training leaves free for evaluation. A worker on a physical core of its own costs training next to nothing and
// needs no bursts; on the sibling of a training core it costs as much as beside it. Values; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "guard/reading.h"

namespace keisei::guard {

struct CoreMap {
  std::vector<int> usable;                 ///< logical processors of the affinity mask, ascending
  std::vector<std::vector<int>> physical;  ///< the usable ones, grouped by physical core, ascending
  bool topology_known = false;             ///< false: every logical processor is taken for a core
  Reading quota_cores;                     ///< of the control groups

  /// Cores' worth of processor time that can be had at once: physical cores, cut by the quota; at least 1.
  [[nodiscard]] int usable_cores() const;
};

/// Logical processors this process may run on; empty when the kernel does not say.
[[nodiscard]] std::vector<int> affinity();

/// `usable` grouped by the siblings that `cpus` (/sys/devices/system/cpu) tells.
[[nodiscard]] CoreMap map_cores(std::vector<int> usable, Reading quota_cores,
                                const std::filesystem::path& cpus = "/sys/devices/system/cpu");

struct SparePlan {
  std::vector<int> worker_cores;  ///< whole physical cores for evaluation; empty = none is spare
  bool bursts = true;             ///< evaluation needs pauses of training
  std::string reason;             ///< one sentence
};

/// What is left beside `trainer_threads` (at least 1) busy threads. The highest cores are given, since the kernel puts
/// its own work on the lowest.
[[nodiscard]] SparePlan plan_spare_cores(const CoreMap& cores, int trainer_threads);

/// "0-2,8", as the kernel writes it.
[[nodiscard]] std::string cpu_list_text(std::vector<int> cpus);

/// Restricts the calling thread, and what it starts. False with errno set.
[[nodiscard]] bool set_affinity(const std::vector<int>& cpus);

}  // namespace keisei::guard
