// What was not measured is unknown and never counts as met; a clock on the wall decides nothing.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "app/proof/rig.h"
#include "guard/impact.h"
#include "guard/sla.h"

namespace keisei::app::proof {
namespace {

constexpr double kBound_s = 10;

/// True time, and a wall clock that leaps ten years to and fro at every look.
class LeapingClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override { return real_.monotonic_ns(); }
  [[nodiscard]] std::int64_t utc_ms() const override {
    constexpr std::int64_t kTenYears_ms = 315'360'000'000;
    return real_.utc_ms() + (looks_.fetch_add(1) % 2 == 0 ? kTenYears_ms : -kTenYears_ms);
  }

 private:
  SystemClock real_;
  mutable std::atomic<std::uint64_t> looks_{0};
};

/// How many verdicts are met although nothing of the kind was measured; `clause` empty = any.
double falsely_met(const guard::Performance& performance, guard::JobEnd end, const guard::Targets& targets,
                   const std::string& clause, std::string& wrong) {
  const auto verdicts = guard::judge(performance, end, targets);
  double met = 0;
  for (const guard::Verdict& verdict : verdicts) {
    if (!clause.empty() && verdict.clause != clause) continue;
    met += verdict.state == guard::VerdictState::kMet ? 1 : 0;
    if (verdict.state == guard::VerdictState::kUnknown && verdict.source.empty())
      wrong = joined(wrong, verdict.clause + " does not say why it is unknown");
  }
  for (const guard::Metric& metric : guard::sla_metrics(performance, verdicts)) {
    if (metric.name != "evaluation/sla/passed" || !metric.value) continue;
    if (*metric.value > 0) wrong = joined(wrong, "the evaluation as a whole passed");
  }
  return met;
}

Outcome null_everything(const Settings&) {
  std::string wrong;
  double met = falsely_met({}, guard::JobEnd::kDone, {}, "", wrong);
  // Not begun: no clause can be judged, whatever the figures are.
  guard::Performance fine;
  fine.latency_ms = fine.wall_s = fine.memory_peak_mb = 1;
  for (const guard::JobEnd end : {guard::JobEnd::kReplaced, guard::JobEnd::kBreakerOpen})
    met += falsely_met(fine, end, {}, "", wrong);
  met += falsely_met(fine, guard::JobEnd::kDone, guard::Targets{.enforced = false}, "", wrong);
  return counted(0, met, wrong);
}

Outcome null_gpu(const Settings& settings) {
  Rig rig(settings);
  Ran ran = rig.run(actor_job("results 3", 0), kBound_s);
  std::string wrong = ran.ended && ran.report.end == guard::JobEnd::kDone ? "" : "the job did not run";
  const guard::Performance& p = ran.report.performance;
  if (!p.latency_ms || !p.wall_s || !p.worker_cpu_s || !p.memory_peak_mb || !p.concurrent_evaluations)
    wrong = joined(wrong, "what can be measured anywhere was not");
  ran.report.performance.gpu_utilization_percent = std::nullopt;
  const double met = falsely_met(p, ran.report.end, {}, "gpu", wrong);
  wrong = joined(wrong, rig.aftermath());
  return counted(0, met, wrong);
}

Outcome not_numbers(const Settings&) {
  std::string wrong;
  double met = 0;
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL, -HUGE_VAL}) {
    guard::Performance p;
    p.latency_ms = p.wall_s = p.memory_peak_mb = p.cpu_utilization_percent = value;
    p.gpu_utilization_percent = p.training_impact_percent = p.concurrent_evaluations = value;
    met += falsely_met(p, guard::JobEnd::kDone, {}, "", wrong);
  }
  return counted(0, met, wrong);
}

/// Seven pairs without any loss: one too few to say that there is none.
Outcome few_pairs(const Settings&) {
  guard::ConfidenceSequence sequence;
  for (std::size_t i = 0; i + 1 < guard::kMinPairs; ++i) sequence.add(i % 2 == 0 ? 1e-4 : -1e-4);
  guard::PairCounts counts;
  counts.clean = guard::kMinPairs - 1;
  const guard::ImpactEstimate estimate =
      guard::estimate_impact(sequence, 1, counts, guard::Targets{}.training_impact_percent);
  const bool met = estimate.verdict == guard::VerdictState::kMet;
  return counted(0, met ? 1 : 0, estimate.reason.empty() ? "it does not say why" : "");
}

/// Two jobs under a wall clock that leaps: one must reach its deadline, the other must not.
Outcome clock_jumps(const Settings& settings) {
  constexpr double kDeadline_s = 1;
  const LeapingClock clock;
  Rig rig(settings, actor_options(), guard::Gate::make(1), clock);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  const Ran through = rig.run(actor_job("work 200", 100 + settings.patience_s), kBound_s);
  if (!through.ended || through.report.end != guard::JobEnd::kDone)
    wrong =
        joined(wrong, std::string("a short job was ") + guard::name(through.report.end) + ": " + through.report.detail);
  const Ran stopped = rig.run(actor_job("busy", kDeadline_s), kDeadline_s + kStopBound_s);
  if (stopped.report.end != guard::JobEnd::kTimeout || stopped.wall_s < kDeadline_s)
    wrong = joined(wrong, std::string("the endless job was ") + guard::name(stopped.report.end) + " early or wrongly");
  return timed(rig, kDeadline_s + kStopBound_s, stopped.ended ? std::optional(stopped.wall_s) : std::nullopt, wrong);
}

/// A first result after 300 ms, where 100 ms are allowed: the verdict must say so.
Outcome late_result(const Settings& settings) {
  constexpr double kAllowed_ms = 100;
  Rig rig(settings);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  const Ran ran = rig.run(actor_job("late 300", 0), kBound_s);
  double not_violated = 1;
  for (const guard::Verdict& verdict :
       guard::judge(ran.report.performance, ran.report.end, guard::Targets{.latency_ms = kAllowed_ms})) {
    if (verdict.clause == "latency" && verdict.state == guard::VerdictState::kViolated) not_violated = 0;
  }
  wrong = joined(wrong, rig.aftermath());
  return counted(0, not_violated, wrong);
}

}  // namespace

std::vector<Case> measurement_cases() {
  constexpr const char* kClause = "verdicts";
  constexpr const char* kMet = "met";
  return {
      {"null_everything", kClause, "nothing was measured, or nothing was begun", kMet, Cost::kQuick, null_everything},
      {"null_gpu", kClause, "no GPU", kMet, Cost::kQuick, null_gpu},
      {"not_numbers", kClause, "figures that are NaN or infinite", kMet, Cost::kQuick, not_numbers},
      {"few_pairs", kClause, "one clean pair too few", kMet, Cost::kQuick, few_pairs},
      {"late_result", "latency", "a first result after 300 ms, 100 ms allowed", "not violated", Cost::kQuick,
       late_result},
      {"clock_jumps", "timeout", "the wall clock leaps ten years to and fro", "s", Cost::kQuick, clock_jumps},
  };
}

}  // namespace keisei::app::proof
