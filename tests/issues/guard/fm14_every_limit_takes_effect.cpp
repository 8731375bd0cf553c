// Failure mode 14: safeguard settings that were read and then ignored. Each limit of the configuration must change what
// happens.
#include <gtest/gtest.h>

#include "base/random.h"
#include "guard/ledger.h"
#include "guard/sla.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

TEST(FailureMode14, MemoryLimitOfTheConfigurationReachesTheJob) {  // H04
  config::Evaluation evaluation;
  evaluation.memory_limit_mb = 50;
  EXPECT_EQ(limits_for(Targets::from(evaluation, 2), 0).memory_mb, 50);
}

TEST(FailureMode14, EachLimitMovesItsOwnVerdictAndNoOther) {
  struct Row {
    double config::Evaluation::*limit;
    std::optional<double> Performance::*value;
    const char* clause;
  };
  const Row rows[] = {
      {&config::Evaluation::evaluation_timeout_seconds, &Performance::wall_s, "timeout"},
      {&config::Evaluation::latency_limit_ms, &Performance::latency_ms, "latency"},
      {&config::Evaluation::memory_limit_mb, &Performance::memory_peak_mb, "memory"},
      {&config::Evaluation::training_impact_limit_percent, &Performance::training_impact_percent, "training_impact"},
      {&config::Evaluation::cpu_limit_percent, &Performance::cpu_utilization_percent, "cpu"},
      {&config::Evaluation::gpu_limit_percent, &Performance::gpu_utilization_percent, "gpu"},
  };
  Random random(14, Purpose::kTest);
  for (int round = 0; round < 200; ++round) {
    for (const Row& row : rows) {
      config::Evaluation evaluation;
      Performance p;
      p.concurrent_evaluations = 1;
      for (const Row& other : rows) p.*other.value = 1e-3;
      const double limit = 0.01 + 1000 * random.uniform();
      evaluation.*row.limit = limit;
      p.*row.value = limit * (1.001 + random.uniform());
      for (const Verdict& v : judge(p, JobEnd::kDone, Targets::from(evaluation, 8))) {
        EXPECT_EQ(v.state, v.clause == row.clause ? VerdictState::kViolated : VerdictState::kMet) << v.clause;
      }
      evaluation.*row.limit = limit * 3;
      for (const Verdict& v : judge(p, JobEnd::kDone, Targets::from(evaluation, 8)))
        EXPECT_EQ(v.state, VerdictState::kMet);
    }
  }
}

TEST(FailureMode14, ConcurrencySettingIsTheGate) {
  config::Evaluation evaluation;
  evaluation.max_concurrent_evaluations = 2;
  EXPECT_EQ(gate_limit(evaluation.max_concurrent_evaluations, 64), 2);
  EXPECT_EQ(Targets::from(evaluation, 64).concurrency, 2);
}

TEST(FailureMode14, TimeoutSettingEndsTheJobAtThatTime) {  // H02
  Stage s;
  for (const double timeout_s : {0.2, 0.6}) {
    const JobReport report = s.run(job("sleep", timeout_s));
    EXPECT_EQ(report.end, JobEnd::kTimeout);
    EXPECT_GE(report.performance.wall_s.value(), timeout_s);
    EXPECT_LT(report.performance.wall_s.value(), timeout_s + kSlack_s);
  }
  EXPECT_EQ(s.run(job("work 400", 0)).end, JobEnd::kDone) << "0 is no limit";
}

TEST(FailureMode14, MemorySettingDecidesWhatFits) {
  if (kSanitized) GTEST_SKIP() << "shadow memory counts as the worker's";
  Stage s;
  EXPECT_EQ(s.run(job("eat mmap 100", 20, 80)).end, JobEnd::kMemory);
  EXPECT_EQ(s.run(job("eat mmap 100", 20, 200)).end, JobEnd::kDone);
}

TEST(FailureMode14, RestartSettingDecidesWhenAWorkerIsReplaced) {
  for (const int threshold : {1, 3}) {
    SupervisorOptions o = options();
    o.process_restart_threshold = threshold;
    Stage s(o);
    for (int i = 0; i < 6; ++i) s.run(job("results 1"));
    EXPECT_EQ(s.supervisor->status().spawned, static_cast<std::uint64_t>(6 / threshold));
  }
}

TEST(FailureMode14, DutyAndBurstSettingsMoveTheLedger) {
  config::Evaluation evaluation;
  evaluation.duty_percent = 1;
  evaluation.burst_ms = 7;
  EXPECT_DOUBLE_EQ(LedgerOptions::from(evaluation).duty, 0.01);
  EXPECT_DOUBLE_EQ(LedgerOptions::from(evaluation).burst_s, 0.007);
}

}  // namespace
}  // namespace keisei::guard
