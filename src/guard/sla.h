// The service level: each clause of an evaluation is judged met, violated or unknown from what was measured. Unknown
// never counts as met. Pure functions over values; any thread. Limits are inclusive: 5000 of 5000 ms is met.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/options.h"
#include "guard/job.h"
#include "guard/performance.h"

namespace keisei::guard {

struct Targets {
  bool enforced = true;  ///< false: safeguards are off, every verdict is unknown
  double concurrency = 4;
  double timeout_s = 300;  ///< <= 0 is no limit
  double latency_ms = 5000;
  double memory_mb = 500;  ///< <= 0 is no limit
  double training_impact_percent = 5;
  double cpu_percent = 80;
  double gpu_percent = 80;

  [[nodiscard]] static Targets from(const config::Evaluation& evaluation, int cores);
};

enum class VerdictState { kMet, kViolated, kUnknown };
[[nodiscard]] const char* name(VerdictState state);  ///< "met", "violated", "unknown"

struct Verdict {
  std::string clause;  ///< concurrency, timeout, latency, memory, training_impact, cpu, gpu
  VerdictState state = VerdictState::kUnknown;
  std::optional<double> value;
  double threshold = 0;
  std::string source;  ///< where the value came from, or why there is none
};

/// One verdict a clause, always all seven, in the order above. NaN and infinite values are unknown.
[[nodiscard]] std::vector<Verdict> judge(const Performance& performance, JobEnd end, const Targets& targets);

/// The limits a job must be submitted with so that `targets` hold.
[[nodiscard]] JobLimits limits_for(const Targets& targets, double game_timeout_s);

struct Metric {
  std::string name;
  std::optional<double> value;  ///< nullopt is printed as null
};
/// `evaluation/sla/…` and `evaluation/performance/…`, one name each, the same for every outlet. passed is 1 only
/// when every clause is met, 0 when one is violated, else unknown.
[[nodiscard]] std::vector<Metric> sla_metrics(const Performance& performance, const std::vector<Verdict>& verdicts);

}  // namespace keisei::guard
