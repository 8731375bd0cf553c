#include "guard/sla.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "guard/gate.h"

namespace keisei::guard {
namespace {

/// True when the job was begun, so that its clauses can be judged at all.
bool began(JobEnd end) { return end != JobEnd::kReplaced && end != JobEnd::kBreakerOpen; }

Verdict compare(std::string clause, std::optional<double> value, double threshold, std::string source,
                const std::string& why_unknown) {
  Verdict verdict{std::move(clause), VerdictState::kUnknown, value, threshold, std::move(source)};
  if (!value || !std::isfinite(*value) || std::isnan(threshold)) {
    verdict.value = std::nullopt;
    verdict.source = "not measured: " + why_unknown;
    return verdict;
  }
  verdict.state = *value > threshold ? VerdictState::kViolated : VerdictState::kMet;
  return verdict;
}

Verdict judge_timeout(const Performance& p, JobEnd end, const Targets& t) {
  const double threshold = t.timeout_s > 0 ? t.timeout_s : HUGE_VAL;
  Verdict verdict = compare("timeout", p.wall_s, threshold, "monotonic clock, admission to end", "no wall time");
  if (end == JobEnd::kTimeout) {
    verdict.state = VerdictState::kViolated;
    verdict.source = "the supervisor stopped the job";
  }
  return verdict;
}

Verdict judge_memory(const Performance& p, JobEnd end, const Targets& t) {
  const double threshold = t.memory_mb > 0 ? t.memory_mb : HUGE_VAL;
  Verdict verdict = compare("memory", p.memory_peak_mb, threshold, p.memory_source, "no sample was taken");
  if (end == JobEnd::kMemory) {
    verdict.state = VerdictState::kViolated;
    verdict.source = "stopped at the limit; " + (p.memory_source.empty() ? "no sample" : p.memory_source);
  }
  return verdict;
}

/// Permits that were out before the limit was lowered are kept, so the greatest limit of the job's time counts.
Verdict judge_concurrency(const Performance& p, const Targets& t) {
  const double threshold = std::max(t.concurrency, p.concurrency_limit.value_or(t.concurrency));
  return compare("concurrency", p.concurrent_evaluations, threshold, "gate: permits out at once",
                 "the job was not admitted");
}

Verdict judge_gpu(const Performance& p, const Targets& t) {
  constexpr std::string_view kUnknown = "unknown: ";
  std::string why = p.gpu_source.empty() ? "no GPU reading" : p.gpu_source;
  if (why.starts_with(kUnknown)) why.erase(0, kUnknown.size());
  return compare("gpu", p.gpu_utilization_percent, t.gpu_percent, p.gpu_source.empty() ? "NVML" : p.gpu_source, why);
}

std::optional<double> finite(std::optional<double> value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

}  // namespace

Targets Targets::from(const config::Evaluation& evaluation, int cores) {
  Targets targets;
  targets.enforced = evaluation.enable_performance_safeguards;
  targets.concurrency = gate_limit(evaluation.max_concurrent_evaluations, cores);
  targets.timeout_s = evaluation.evaluation_timeout_seconds;
  targets.latency_ms = evaluation.latency_limit_ms;
  targets.memory_mb = evaluation.memory_limit_mb;
  targets.training_impact_percent = evaluation.training_impact_limit_percent;
  targets.cpu_percent = evaluation.cpu_limit_percent;
  targets.gpu_percent = evaluation.gpu_limit_percent;
  return targets;
}

const char* name(VerdictState state) {
  switch (state) {
    case VerdictState::kMet:
      return "met";
    case VerdictState::kViolated:
      return "violated";
    case VerdictState::kUnknown:
      break;
  }
  return "unknown";
}

std::vector<Verdict> judge(const Performance& p, JobEnd end, const Targets& t) {
  std::vector<Verdict> verdicts;
  verdicts.push_back(judge_concurrency(p, t));
  verdicts.push_back(judge_timeout(p, end, t));
  verdicts.push_back(compare("latency", p.latency_ms, t.latency_ms, "monotonic clock, admission to first result",
                             "no result arrived"));
  verdicts.push_back(judge_memory(p, end, t));
  verdicts.push_back(compare("training_impact", p.training_impact_percent, t.training_impact_percent,
                             "on/off experiment, upper bound", "no experiment has been run"));
  verdicts.push_back(compare("cpu", p.cpu_utilization_percent, t.cpu_percent,
                             "worker's processor time over wall time and cores", "no processor time was read"));
  verdicts.push_back(judge_gpu(p, t));
  if (!t.enforced || !began(end)) {
    for (Verdict& verdict : verdicts) {
      verdict.state = VerdictState::kUnknown;
      verdict.source = t.enforced ? "the job was not begun" : "safeguards are switched off";
    }
  }
  return verdicts;
}

JobLimits limits_for(const Targets& targets, double game_timeout_s) {
  if (!targets.enforced) return JobLimits{.timeout_s = 0, .memory_mb = 0, .game_timeout_s = 0};
  return JobLimits{.timeout_s = targets.timeout_s, .memory_mb = targets.memory_mb, .game_timeout_s = game_timeout_s};
}

std::vector<Metric> sla_metrics(const Performance& p, const std::vector<Verdict>& verdicts) {
  double violated = 0;
  double unknown = 0;
  for (const Verdict& verdict : verdicts) {
    violated += verdict.state == VerdictState::kViolated ? 1 : 0;
    unknown += verdict.state == VerdictState::kUnknown ? 1 : 0;
  }
  std::optional<double> passed;
  if (violated > 0) passed = 0.0;
  if (violated == 0 && unknown == 0 && !verdicts.empty()) passed = 1.0;
  std::vector<Metric> metrics = {
      {"evaluation/performance/evaluation_latency_ms", finite(p.latency_ms)},
      {"evaluation/performance/memory_overhead_mb", finite(p.memory_peak_mb)},
      {"evaluation/performance/cpu_utilization_percent", finite(p.cpu_utilization_percent)},
      {"evaluation/performance/gpu_utilization_percent", finite(p.gpu_utilization_percent)},
      {"evaluation/performance/training_impact_percent", finite(p.training_impact_percent)},
      {"evaluation/sla/passed", passed},
      {"evaluation/sla/violation_count", violated},
      {"evaluation/sla/unknown_count", unknown},
  };
  for (const Verdict& verdict : verdicts) {
    std::optional<double> flag;
    if (verdict.state != VerdictState::kUnknown) flag = verdict.state == VerdictState::kViolated ? 1.0 : 0.0;
    metrics.push_back({"evaluation/sla/violations/" + verdict.clause, flag});
  }
  return metrics;
}

}  // namespace keisei::guard
