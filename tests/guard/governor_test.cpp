// The governor over a simulated trainer: what is planted is found, what is not there is not, and the promises on pauses
// hold on the way.
#include "guard/governor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "guard/admission.h"
#include "guard/simulated_trainer.h"

namespace keisei::guard {
namespace {

using namespace stage;

constexpr int kSeeds = 20;

GovernorOptions governed(GovernorMode mode = GovernorMode::kBursts) {
  GovernorOptions o;
  o.mode = mode;
  return o;
}

class Planted : public testing::TestWithParam<double> {};

TEST_P(Planted, ImpactIsCalledViolatedWithinThirtyPairsAndTheGateIsShut) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimulatedTrainer trainer({.seed = seed, .planted = GetParam()}, governed());
    while (trainer.governor().impact().counts.clean < 30 && trainer.governor().status().gate != GateState::kShut) {
      trainer.step();
      ASSERT_LT(trainer.clock().monotonic_s(), 200);
      ASSERT_NE(trainer.governor().impact().verdict, VerdictState::kMet) << "seed " << seed;
    }
    const GovernorStatus status = trainer.governor().status();
    EXPECT_EQ(status.impact.verdict, VerdictState::kViolated) << "seed " << seed << ": " << status.impact.reason;
    EXPECT_EQ(status.gate, GateState::kShut) << "seed " << seed;
    EXPECT_NEAR(*status.impact.running_percent, 100 * GetParam(), 6) << "seed " << seed;
    EXPECT_FALSE(trainer.gate().is_open());
  }
}
INSTANTIATE_TEST_SUITE_P(Shares, Planted, testing::Values(0.1, 0.3));

TEST(Governor, NothingPlantedIsNeverCalledViolated) {
  int met = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimulatedTrainer trainer({.seed = seed}, governed(GovernorMode::kShut));
    while (trainer.governor().pairs().clean < 200) {
      ASSERT_TRUE(trainer.next_pair());
      ASSERT_NE(trainer.governor().impact().verdict, VerdictState::kViolated)
          << "seed " << seed << ": " << trainer.governor().impact().reason;
      ASSERT_FALSE(trainer.gate().is_open());
    }
    met += trainer.governor().impact().verdict == VerdictState::kMet ? 1 : 0;
    EXPECT_EQ(trainer.paused_s(), 0);
  }
  EXPECT_GE(met, kSeeds - 1) << "an experiment that finds nothing for ever is worth nothing";
}

TEST(Governor, NoisyNeighbourGivesNoFalseVerdict) {
  std::size_t dropped = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Random random(seed, Purpose::kTest, 7);
    std::vector<double> bursts;  // begin of each, 0.3 to 2.3 s long
    for (double at = 0; at < 2000; at += 2 + 6 * random.uniform()) bursts.push_back(at);
    const auto neighbour = [&](double now_s) {
      const auto next = std::upper_bound(bursts.begin(), bursts.end(), now_s);
      if (next == bursts.begin()) return 0.0;
      const double begin = *(next - 1);
      return now_s - begin < 0.3 + std::fmod(begin * 7.3, 2.0) ? 0.3 : 0.0;
    };
    SimulatedTrainer trainer({.seed = seed, .neighbour = neighbour}, governed());
    while (trainer.governor().pairs().clean < 120) {
      ASSERT_TRUE(trainer.next_pair());
      ASSERT_NE(trainer.governor().impact().verdict, VerdictState::kViolated)
          << "seed " << seed << ": " << trainer.governor().impact().reason;
    }
    const PairCounts counts = trainer.governor().impact().counts;
    EXPECT_GE(counts.clean, kMinPairs) << "seed " << seed;
    dropped += counts.dropped[static_cast<std::size_t>(PairDrop::kForeign)];
  }
  EXPECT_GT(dropped, 100u);
}

TEST(Governor, PausesStayWithinTheLedgerAndTheStallBound) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SimulatedTrainer trainer({.seed = seed}, governed());
    double longest_s = 0;
    double paused_in_window_s = 0;
    while (trainer.clock().monotonic_s() < 600) {
      const bool may_before = trainer.governor().may_open();
      const double paused_s = trainer.step();
      longest_s = std::max(longest_s, paused_s);
      paused_in_window_s += paused_s;
      if (paused_s > 0) {
        EXPECT_TRUE(trainer.open_in_pause);
      }
      EXPECT_TRUE(paused_s == 0 || may_before || trainer.governor().may_open()) << "a pause in an off window";
      ASSERT_FALSE(trainer.gate().is_open());
    }
    const GovernorStatus status = trainer.governor().status();
    EXPECT_LE(status.worst_excess_s, 1e-9);
    EXPECT_LE(longest_s, kMaxStall_s + 1e-9);
    EXPECT_NEAR(status.longest_stall_s, longest_s, 1e-9);
    EXPECT_NEAR(status.paused_s, paused_in_window_s, 1e-6);
    EXPECT_LE(status.paused_s, 0.03 * 600 + 12) << "configured duty and one full bank";
    EXPECT_GT(status.paused_s, 0.004 * 600) << "evaluation gets something";
  }
}

TEST(Governor, DutyFollowsWhatAPauseCosts) {
  SimulatedTrainer costly({.seed = 3, .gain = 3}, governed());
  SimulatedTrainer cheap({.seed = 3}, governed());
  double before = cheap.governor().ledger().options().duty;
  while (cheap.clock().monotonic_s() < 600) {
    cheap.step();
    const double duty = cheap.governor().ledger().options().duty;
    EXPECT_LE(duty, before * kDutyRise + 1e-12);
    EXPECT_LE(duty, 0.03 + 1e-12);
    before = duty;
  }
  while (costly.clock().monotonic_s() < 600) costly.step();
  const GovernorStatus cost = costly.governor().status();
  const GovernorStatus free = cheap.governor().status();
  EXPECT_NEAR(cost.gain, 3, 0.8);
  EXPECT_NEAR(free.gain, 1, 0.4);
  EXPECT_LT(cost.duty_percent, 0.75 * free.duty_percent);
  EXPECT_LE(cost.duty_percent * cost.gain, 4.5) << "what training loses stays below the limit of 5 %";
  EXPECT_EQ(cost.shuts, 0u);
  EXPECT_NE(cost.impact.verdict, VerdictState::kViolated);
  EXPECT_EQ(free.impact.verdict, VerdictState::kMet) << free.impact.reason;
}

TEST(Governor, TripwireShutsTheGateAndBacksOffLongerEachTime) {
  SimulatedTrainer trainer({.seed = 5, .run_delay_on = 0.12, .run_delay_off = 0.03}, governed());
  std::vector<double> backoffs;
  bool shut = false;
  while (backoffs.size() < 4 && trainer.clock().monotonic_s() < 600) {
    trainer.step();
    for (const GovernorEvent& event : trainer.governor().take_events()) {
      if (event.kind != GovernorEventKind::kGateShut) continue;
      EXPECT_NE(event.text.find("waited"), std::string::npos) << event.text;
      backoffs.push_back(*event.backoff_s);
    }
    const bool now_shut = trainer.governor().status().gate == GateState::kShut;
    if (now_shut && !shut) {
      EXPECT_LE(trainer.governor().status().shut_for_s, backoffs.back() + 1e-6);
    }
    shut = now_shut;
    if (shut) {
      EXPECT_FALSE(trainer.governor().may_open());
    }
  }
  EXPECT_EQ(backoffs, (std::vector<double>{10, 20, 40, 80}));
}

TEST(Governor, SameRunDelayInBothArmsTripsNothing) {
  SimulatedTrainer trainer({.seed = 5, .run_delay_on = 0.3, .run_delay_off = 0.3}, governed());
  EXPECT_TRUE(trainer.until_pairs(40));
  EXPECT_EQ(trainer.governor().status().shuts, 0u);
  EXPECT_NEAR(*trainer.governor().status().run_delay_baseline, 0.3, 0.01);
}

TEST(Governor, IdleTimeCostsNothing) {
  // A loss of 10 % while evaluation is pending, which it is for a tenth of the time only.
  GovernorOptions o = governed();
  o.ceiling = 0.005;
  SimulatedTrainer trainer({.seed = 2, .planted = 0.1}, o);
  while (trainer.clock().monotonic_s() < 1200) {
    trainer.step(std::fmod(trainer.clock().monotonic_s(), 60.0) < 6);
    ASSERT_NE(trainer.governor().impact().verdict, VerdictState::kViolated);
  }
  const ImpactEstimate e = trainer.governor().impact();
  EXPECT_NEAR(e.pending_share, 0.1, 0.01);
  EXPECT_GT(*e.running_percent, 8);
  EXPECT_LT(*e.impact_percent, 3.5);
  EXPECT_EQ(e.verdict, VerdictState::kMet) << e.reason;
  EXPECT_GT(e.counts.dropped[static_cast<std::size_t>(PairDrop::kWorkEnded)], 0u);
}

TEST(Governor, AnEvaluationAskedForAtOnceHasItsFirstResultInTime) {
  const double needs_s = kFirstResultMargin * kFirstResult_s;  // as admission expects where nothing is known
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimulatedTrainer trainer({.seed = seed}, GovernorOptions::from({}, seed));
    while (trainer.paused_s() < needs_s) {
      trainer.step();
      ASSERT_LT(trainer.clock().monotonic_s(), 5) << "seed " << seed;
    }
    EXPECT_LE(trainer.governor().ledger().worst_excess_s(), 0);
  }
}

TEST(Governor, SavedCreditIsSpentInSeveralWindows) {
  SimulatedTrainer trainer({.seed = 9}, governed());
  while (trainer.clock().monotonic_s() < 120) trainer.step(false);
  ASSERT_GT(trainer.governor().status().credit_s, 0.5);
  double on_s = 0;
  while (trainer.governor().status().credit_s > 0.1) {
    const double begin_s = trainer.clock().monotonic_s();
    const bool may = trainer.governor().may_open();
    const double paused_s = trainer.step();
    on_s += may || paused_s > 0 ? trainer.clock().monotonic_s() - begin_s : 0;
    ASSERT_LT(trainer.clock().monotonic_s(), 140) << "and within seconds";
  }
  EXPECT_LE(trainer.paused_s(), 0.65 * on_s);
}

TEST(Governor, SpareCoresOpenTheGateThroughoutOnWindowsAndNeverPause) {
  SimulatedTrainer trainer({.seed = 4}, governed(GovernorMode::kSpareCores));
  bool open = false;
  bool shut = false;
  while (trainer.clock().monotonic_s() < 60) {
    EXPECT_EQ(trainer.step(), 0);
    EXPECT_EQ(trainer.gate().is_open(), trainer.governor().may_open());
    (trainer.gate().is_open() ? open : shut) = true;
  }
  EXPECT_TRUE(open && shut);
  trainer.step(false);
  EXPECT_FALSE(trainer.gate().is_open());
}

TEST(Governor, NothingPendingReadsNoMachineAndPausesNothing) {
  SimulatedTrainer trainer({.seed = 4}, governed());
  while (trainer.clock().monotonic_s() < 60) EXPECT_EQ(trainer.step(false), 0);
  const GovernorStatus status = trainer.governor().status();
  EXPECT_EQ(status.gate, GateState::kIdle);
  EXPECT_EQ(status.impact.pending_share, 0);
  EXPECT_EQ(status.impact.verdict, VerdictState::kUnknown);
  EXPECT_EQ(status.impact.reason, "0 of 8 pairs so far");
  EXPECT_FALSE(status.impact.impact_percent);
  EXPECT_FALSE(status.run_delay_on);
}

TEST(Governor, ReleasedGateStaysOpen) {
  SimulatedTrainer trainer({.seed = 4, .planted = 0.3}, governed());
  ASSERT_FALSE(trainer.gate().is_open());
  trainer.governor().release();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(trainer.step(), 0);
  EXPECT_TRUE(trainer.gate().is_open());
  EXPECT_EQ(trainer.governor().status().gate, GateState::kReleased);
}

TEST(Governor, GateLeftOpenByAnotherIsShutAtTheNextStep) {
  SimulatedTrainer trainer({.seed = 4}, governed());
  trainer.gate().open();
  trainer.step();
  EXPECT_FALSE(trainer.gate().is_open());
}

TEST(Governor, EventsAreBoundedAndTheRestCounted) {
  SimulatedTrainer trainer({.seed = 6}, governed(GovernorMode::kShut));
  ASSERT_TRUE(trainer.until_pairs(kGovernorEvents + 30));
  EXPECT_GE(trainer.governor().status().events_dropped, 30u);
  const auto events = trainer.governor().take_events();
  EXPECT_EQ(events.size(), kGovernorEvents);
  EXPECT_TRUE(trainer.governor().take_events().empty());
  for (const GovernorEvent& event : events) EXPECT_FALSE(event.text.empty());
}

TEST(Governor, NoLimitMeansNoPause) {
  GovernorOptions none = governed();
  none.limit = 0;
  SimulatedTrainer trainer({.seed = 1}, none);
  while (trainer.clock().monotonic_s() < 60) EXPECT_EQ(trainer.step(), 0);
}

TEST(Governor, OptionsComeFromTheConfiguration) {
  config::Evaluation evaluation;
  evaluation.training_impact_limit_percent = 4;
  evaluation.duty_percent = 50;
  evaluation.burst_ms = 80;
  evaluation.max_stall_ms = 30;
  const GovernorOptions o = GovernorOptions::from(evaluation, 9, GovernorMode::kShut);
  EXPECT_DOUBLE_EQ(o.limit, 0.04);
  EXPECT_DOUBLE_EQ(o.ceiling, 0.032);
  EXPECT_DOUBLE_EQ(o.burst_s, 0.03);
  EXPECT_EQ(o.mode, GovernorMode::kShut);
  EXPECT_EQ(o.switchback.seed, 9u);
}

}  // namespace
}  // namespace keisei::guard
