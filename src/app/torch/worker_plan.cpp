#include "app/torch/worker_plan.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>

#include "app/torch/worker.h"
#include "guard/cores.h"
#include "guard/sanitized.h"
#include "guard/sla.h"

namespace keisei::app {

Result<guard::SupervisorOptions> supervisor_options(const config::Evaluation& evaluation) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(Code::kFailure, "cannot find this program: " + error.message());
  guard::SupervisorOptions options;
  options.launcher = (self.parent_path() / "keisei").string();
  options.worker = {(self.parent_path() / "keisei-torch").string(), "__worker"};
  options.process_restart_threshold = evaluation.process_restart_threshold;
  options.limit_data = !guard::kSanitized;
  for (const std::string& program : {options.launcher, options.worker.front()})
    if (::access(program.c_str(), X_OK) != 0)
      return fail(Code::kFailure, "evaluation needs the program " + program + ", which is missing",
                  "keep keisei and keisei-torch in one directory");
  return options;
}

Result<WorkerPlan> plan_workers(const config::Evaluation& evaluation, int training_threads) {
  auto options = supervisor_options(evaluation);
  if (!options) return tl::make_unexpected(options.error());
  const guard::CoreMap cores = guard::map_cores(guard::affinity(), {});
  const guard::SparePlan spare = guard::plan_spare_cores(cores, training_threads);
  const int usable = cores.usable_cores();
  const int free = spare.bursts ? std::min(training_threads, usable) : usable - training_threads;
  WorkerPlan plan;
  plan.options = std::move(*options);
  plan.at_once = guard::gate_limit(evaluation.max_concurrent_evaluations,
                                   static_cast<int>(std::thread::hardware_concurrency()));
  plan.threads = std::clamp(free / plan.at_once, 1, kMostWorkerThreads);
  plan.options.worker.push_back(std::string(kWorkerThreads) + std::to_string(plan.threads));
  if (!spare.bursts) {
    plan.mode = guard::GovernorMode::kSpareCores;
    plan.options.worker_cores = spare.worker_cores;
  }
  return plan;
}

}  // namespace keisei::app
