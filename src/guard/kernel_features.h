// What the kernel and the sandbox around this process let the safeguards do, each tried or asked for, never guessed
// from a version number. Nothing is changed: what is tried is undone or done on a thread or descriptor of its own. Any
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guard/worker_cgroup.h"

namespace keisei::guard {

enum class Need {
  kRequired,  ///< without it evaluation beside training is refused
  kUseful,    ///< without it one of several safeguards is weaker
  kNone,      ///< good to know
};

struct Feature {
  std::string name;
  std::optional<bool> present;  ///< nothing = could not be found out
  std::string detail;           ///< what was seen, or why not
  Need need = Need::kNone;
  std::string advice;  ///< what to do when it is absent; empty when there is nothing to do
};

/// pidfd, memfd seals, SCHED_IDLE, CAP_SYS_NICE, oom score, autogroup, pressure, schedstat, cgroup v2, Landlock,
/// seccomp, in this order.
[[nodiscard]] std::vector<Feature> kernel_features(const CgroupTree& tree = {});

}  // namespace keisei::guard
