#include "guard/sla.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"

namespace keisei::guard {
namespace {

Performance measured() {
  Performance p;
  p.latency_ms = 100;
  p.wall_s = 10;
  p.memory_peak_mb = 200;
  p.memory_source = "PSS";
  p.cpu_utilization_percent = 20;
  p.gpu_utilization_percent = 30;
  p.training_impact_percent = 2;
  p.concurrent_evaluations = 1;
  return p;
}

VerdictState state(const std::vector<Verdict>& verdicts, const std::string& clause) {
  for (const Verdict& v : verdicts) {
    if (v.clause == clause) return v.state;
  }
  ADD_FAILURE() << "no clause " << clause;
  return VerdictState::kUnknown;
}

std::optional<double> metric(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& m : metrics) {
    if (m.name == name) return m.value;
  }
  ADD_FAILURE() << "no metric " << name;
  return std::nullopt;
}

TEST(Sla, AllMeasuredAndWithinIsMet) {
  const auto verdicts = judge(measured(), JobEnd::kDone, Targets{});
  ASSERT_EQ(verdicts.size(), 7u);
  for (const Verdict& v : verdicts) EXPECT_EQ(v.state, VerdictState::kMet) << v.clause;
  EXPECT_EQ(metric(sla_metrics(measured(), verdicts), "evaluation/sla/passed"), 1.0);
}

TEST(Sla, LimitsAreInclusive) {  // H07, H08, H09
  Performance p = measured();
  p.latency_ms = 5000;
  p.memory_peak_mb = 500.0;
  p.training_impact_percent = 5;
  auto verdicts = judge(p, JobEnd::kDone, Targets{});
  EXPECT_EQ(state(verdicts, "latency"), VerdictState::kMet);
  EXPECT_EQ(state(verdicts, "memory"), VerdictState::kMet);
  EXPECT_EQ(state(verdicts, "training_impact"), VerdictState::kMet);
  p.latency_ms = 5001;
  p.training_impact_percent = 6;
  verdicts = judge(p, JobEnd::kDone, Targets{});
  EXPECT_EQ(state(verdicts, "latency"), VerdictState::kViolated);
  EXPECT_EQ(state(verdicts, "training_impact"), VerdictState::kViolated);
  EXPECT_EQ(metric(sla_metrics(p, verdicts), "evaluation/sla/violation_count"), 2.0);
  EXPECT_EQ(metric(sla_metrics(p, verdicts), "evaluation/sla/passed"), 0.0);
}

TEST(Sla, UnknownNeverCountsAsMet) {
  Performance p = measured();
  p.gpu_utilization_percent = std::nullopt;
  p.training_impact_percent = std::nan("");
  p.latency_ms = std::numeric_limits<double>::infinity();
  const auto verdicts = judge(p, JobEnd::kDone, Targets{});
  for (const char* clause : {"gpu", "training_impact", "latency"}) {
    EXPECT_EQ(state(verdicts, clause), VerdictState::kUnknown) << clause;
  }
  for (const Verdict& v : verdicts) {
    EXPECT_EQ(v.value.has_value(), v.state != VerdictState::kUnknown) << v.clause;
  }
  const auto metrics = sla_metrics(p, verdicts);
  EXPECT_EQ(metric(metrics, "evaluation/sla/unknown_count"), 3.0);
  EXPECT_EQ(metric(metrics, "evaluation/sla/passed"), std::nullopt);
  EXPECT_EQ(metric(metrics, "evaluation/sla/violations/gpu"), std::nullopt);
  EXPECT_EQ(metric(metrics, "evaluation/performance/training_impact_percent"), std::nullopt);
}

TEST(Sla, StoppedJobViolatesItsClauseWhateverTheSampleSays) {
  EXPECT_EQ(state(judge(measured(), JobEnd::kTimeout, Targets{}), "timeout"), VerdictState::kViolated);
  EXPECT_EQ(state(judge(measured(), JobEnd::kMemory, Targets{}), "memory"), VerdictState::kViolated);
  EXPECT_EQ(state(judge(Performance{}, JobEnd::kMemory, Targets{}), "memory"), VerdictState::kViolated);
}

TEST(Sla, JobThatNeverBeganIsNotJudged) {
  for (const JobEnd end : {JobEnd::kReplaced, JobEnd::kBreakerOpen}) {
    for (const Verdict& v : judge(Performance{}, end, Targets{}))
      EXPECT_EQ(v.state, VerdictState::kUnknown) << v.clause;
  }
}

TEST(Sla, SwitchedOffMeansUnknownAndUnlimited) {  // H12
  Targets targets;
  targets.enforced = false;
  for (const Verdict& v : judge(measured(), JobEnd::kDone, targets)) EXPECT_EQ(v.state, VerdictState::kUnknown);
  const JobLimits limits = limits_for(targets, 3);
  EXPECT_EQ(limits.timeout_s, 0);
  EXPECT_EQ(limits.memory_mb, 0);
  EXPECT_EQ(limits.game_timeout_s, 0);
}

TEST(Sla, RandomNullPatternsNeverPassAndNeverThrow) {
  Random random(8, Purpose::kTest);
  for (int round = 0; round < 1000; ++round) {
    Performance p = measured();
    int missing = 0;
    for (auto field : {&Performance::latency_ms, &Performance::wall_s, &Performance::memory_peak_mb,
                       &Performance::cpu_utilization_percent, &Performance::gpu_utilization_percent,
                       &Performance::training_impact_percent, &Performance::concurrent_evaluations}) {
      const std::uint32_t how = random.below(4);
      if (how == 0) p.*field = std::nullopt;
      if (how == 1) p.*field = std::nan("");
      missing += how < 2 ? 1 : 0;
    }
    const auto verdicts = judge(p, JobEnd::kDone, Targets{});
    const auto unknown =
        std::count_if(verdicts.begin(), verdicts.end(), [](auto& v) { return v.state == VerdictState::kUnknown; });
    EXPECT_EQ(unknown, missing);
    const auto passed = metric(sla_metrics(p, verdicts), "evaluation/sla/passed");
    EXPECT_EQ(passed.has_value(), missing == 0);
  }
}

TEST(Sla, KeysAreTheContract) {  // H13
  const auto metrics = sla_metrics(measured(), judge(measured(), JobEnd::kDone, Targets{}));
  std::vector<std::string> names;
  for (const Metric& m : metrics) names.push_back(m.name);
  const std::vector<std::string> expected = {"evaluation/performance/evaluation_latency_ms",
                                             "evaluation/performance/memory_overhead_mb",
                                             "evaluation/performance/cpu_utilization_percent",
                                             "evaluation/performance/gpu_utilization_percent",
                                             "evaluation/performance/training_impact_percent",
                                             "evaluation/sla/passed",
                                             "evaluation/sla/violation_count",
                                             "evaluation/sla/unknown_count",
                                             "evaluation/sla/violations/concurrency",
                                             "evaluation/sla/violations/timeout",
                                             "evaluation/sla/violations/latency",
                                             "evaluation/sla/violations/memory",
                                             "evaluation/sla/violations/training_impact",
                                             "evaluation/sla/violations/cpu",
                                             "evaluation/sla/violations/gpu"};
  EXPECT_EQ(names, expected);
}

}  // namespace
}  // namespace keisei::guard
