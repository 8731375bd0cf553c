// The workers of evaluation on this machine: which programs they are, which cores they may run on, and how many threads
// answer its batches. Read from the machine once, by whoever starts the supervisor with it.
#pragma once

#include "base/result.h"
#include "config/options.h"
#include "guard/governor.h"
#include "guard/supervisor.h"

namespace keisei::app {

inline constexpr int kMostWorkerThreads = 8;

/// The programs of the worker: this program's own directory holds both. kFailure where one is missing.
[[nodiscard]] Result<guard::SupervisorOptions> supervisor_options(const config::Evaluation& evaluation);

struct WorkerPlan {
  guard::SupervisorOptions options;
  guard::GovernorMode mode = guard::GovernorMode::kBursts;
  int at_once = 1;  ///< evaluations
  int threads = 1;  ///< of each worker: its share of the cores that a burst stops or that are spare, if all run at once
};

/// Workers beside `training_threads` (at least 1) busy threads.
[[nodiscard]] Result<WorkerPlan> plan_workers(const config::Evaluation& evaluation, int training_threads);

}  // namespace keisei::app
