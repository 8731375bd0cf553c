// The estimate as a value: percent from logs, the share of time, and verdicts that need enough pairs.
#include "guard/impact.h"

#include <gtest/gtest.h>

#include <cmath>

#include "guard/simulated_trainer.h"

namespace keisei::guard {
namespace {

ConfidenceSequence pairs(int count, double mean, double spread) {
  ConfidenceSequence y;
  for (int i = 0; i < count; ++i) y.add(mean + (i % 2 == 0 ? spread : -spread));
  return y;
}

TEST(Impact, NothingIsKnownBeforeEightPairs) {
  PairCounts counts;
  counts.dropped[static_cast<std::size_t>(PairDrop::kForeign)] = 3;
  const ImpactEstimate none = estimate_impact(ConfidenceSequence(), 1, counts, 5);
  EXPECT_EQ(none.verdict, VerdictState::kUnknown);
  EXPECT_FALSE(none.impact_percent);
  EXPECT_EQ(none.reason, "0 of 8 pairs so far, 3 dropped");
  const ImpactEstimate seven = estimate_impact(pairs(7, 0.5, 0.001), 1, counts, 5);
  EXPECT_EQ(seven.verdict, VerdictState::kUnknown) << "however clear it looks";
  EXPECT_TRUE(seven.impact_percent);
  EXPECT_EQ(seven.reason, "7 of 8 pairs so far, 3 dropped");
}

TEST(Impact, VerdictFollowsTheInterval) {
  EXPECT_EQ(estimate_impact(pairs(40, 0.01, 0.01), 1, {}, 5).verdict, VerdictState::kMet);
  EXPECT_EQ(estimate_impact(pairs(40, 0.12, 0.01), 1, {}, 5).verdict, VerdictState::kViolated);
  const ImpactEstimate between = estimate_impact(pairs(40, 0.05, 0.05), 1, {}, 5);
  EXPECT_EQ(between.verdict, VerdictState::kUnknown);
  EXPECT_NE(between.reason.find("not settled: between"), std::string::npos) << between.reason;
}

TEST(Impact, IsTheShareOfTheRateThatIsLost) {
  const ImpactEstimate e = estimate_impact(pairs(20, -std::log(0.9), 0.001), 0.25, {}, 5);
  EXPECT_NEAR(*e.running_percent, 10, 0.01);
  EXPECT_NEAR(*e.impact_percent, 2.5, 0.01);
  EXPECT_LT(*e.impact_low_percent, *e.impact_percent);
  EXPECT_GT(*e.impact_high_percent, *e.impact_percent);
  EXPECT_EQ(e.verdict, VerdictState::kMet) << "idle time costs nothing";
  EXPECT_EQ(estimate_impact(pairs(20, -std::log(0.9), 0.001), 1, {}, 5).verdict, VerdictState::kViolated);
}

TEST(Impact, NewPairsPushOutOldOnes) {
  ImpactPairs kept;
  Random random(1, Purpose::kTest);
  for (int i = 0; i < 1000; ++i) kept.add(0.01 * stage::normal(random));
  for (int i = 0; i < static_cast<int>(kMemoryPairs); ++i) kept.add(0.3 + 0.01 * stage::normal(random));
  EXPECT_GE(kept.sequence().count(), kMemoryPairs / 2);
  EXPECT_LE(kept.sequence().count(), kMemoryPairs);
  EXPECT_NEAR(kept.sequence().mean(), 0.3, 0.01);
  kept.restart();
  EXPECT_EQ(kept.sequence().count(), 0u);
}

TEST(PendingShare, CountsTheTimeOfTheWindowOnly) {
  PendingShare share(1000);
  EXPECT_EQ(share.share(), 0);
  double now_s = 1000;
  const auto pass = [&](double s, bool pending) {
    const double end_s = now_s + s;
    while (now_s < end_s) share.add(now_s = std::min(end_s, now_s + 0.037), pending);
  };
  pass(10, true);
  EXPECT_NEAR(share.share(), 1, 1e-9);
  pass(30, false);
  EXPECT_NEAR(share.share(), 0.25, 0.01);
  pass(200, false);
  EXPECT_NEAR(share.share(), 10.0 / 240, 0.002);
  pass(20, false);
  EXPECT_NEAR(share.share(), 0, 1e-6) << "ten seconds at the begin are out of the window";
  pass(120, true);
  EXPECT_NEAR(share.share(), 0.5, 0.01);
  pass(1000, true);
  EXPECT_NEAR(share.share(), 1, 1e-6);
}

TEST(PendingShare, OneLongStepIsAsManyShortOnes) {
  PendingShare stepwise(0);
  PendingShare at_once(0);
  stepwise.add(5, false);
  at_once.add(5, false);
  for (int i = 1; i <= 400; ++i) stepwise.add(5 + 0.25 * i, true);
  at_once.add(5 + 100, true);
  EXPECT_NEAR(stepwise.share(), at_once.share(), 1e-9);
  at_once.add(5000, true);
  EXPECT_EQ(at_once.share(), 1);
  at_once.add(10000.5, false);  // pending until a moment ago: counts
  EXPECT_EQ(at_once.share(), 1);
  at_once.add(20000.5, false);
  EXPECT_EQ(at_once.share(), 0);
}

}  // namespace
}  // namespace keisei::guard
