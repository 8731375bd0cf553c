// Duty as a function of what pairs have shown, and the alarm on run delay.
#include "guard/set_point.h"

#include <gtest/gtest.h>

#include <cmath>

#include "guard/simulated_trainer.h"
#include "guard/tripwire.h"

namespace keisei::guard {
namespace {

using stage::normal;

TEST(SetPoint, BeginsAtOnePercentWithThePessimisticGain) {
  const SetPoint point({});
  EXPECT_DOUBLE_EQ(point.duty(), 0.01);
  EXPECT_DOUBLE_EQ(point.gain_upper(), kUnknownGain);
  EXPECT_NEAR(point.bank_s(), (0.5 * 0.05 / 2 - 0.01) * 240, 1e-12);
}

TEST(SetPoint, FewerThanThreePairsKeepThePessimisticGain) {
  SetPoint point({});
  point.add(0.04, 0.04);
  point.add(0.04, 0.04);
  EXPECT_DOUBLE_EQ(point.gain_upper(), kUnknownGain);
  point.add(0.04, 0.04);
  EXPECT_NEAR(point.gain_upper(), 1.1, 0.1);
}

TEST(SetPoint, NoisyPairsWithShortPausesDoNotTalkItDown) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SetPoint point({});
    Random random(seed, Purpose::kTest);
    for (int i = 0; i < 200; ++i) {
      const double paused = 2 * point.duty();
      point.add(paused, paused + 0.07 * normal(random));
    }
    EXPECT_GT(point.duty(), 0.008) << seed;
  }
}

TEST(SetPoint, RisesByAQuarterAPairUpToTheBudget) {
  SetPoint point({});
  double before = point.duty();
  for (int i = 0; i < 30; ++i) {
    point.add(0.04, 0.04);
    EXPECT_LE(point.duty(), before * kDutyRise + 1e-12);
    before = point.duty();
  }
  EXPECT_NEAR(point.duty(), 0.5 * 0.8 * 0.05, 0.001) << "half the time is on";
  point.on_share(5.0 / 6);
  EXPECT_NEAR(point.duty(), 0.02, 0.001) << "more on windows alone raise nothing";
  for (int i = 0; i < 30; ++i) point.add(0.04, 0.04);
  EXPECT_NEAR(point.duty(), 0.03, 1e-9) << "the configured duty is the ceiling";
}

TEST(SetPoint, FallsAtOnce) {
  SetPoint point({});
  for (int i = 0; i < 30; ++i) point.add(0.04, 0.04);
  const double before = point.duty();
  point.add(0.04, 1.0);
  EXPECT_LT(point.duty(), 0.6 * before);
  point.on_share(0.25);
  EXPECT_LT(point.duty(), 0.3 * before);
}

TEST(SetPoint, PairsWithoutAPauseTeachNothingAndRaiseNothing) {
  SetPoint point({});
  for (int i = 0; i < 100; ++i) point.add(0, 0.2);
  EXPECT_EQ(point.gain_pairs(), 0u);
  EXPECT_DOUBLE_EQ(point.duty(), 0.01);
  point.add(std::nan(""), 0.1);
  point.add(0.04, std::nan(""));
  EXPECT_EQ(point.gain_pairs(), 0u);
}

TEST(SetPoint, FindsTheGainInNoiseAndErrsOnTheSafeSide) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed, Purpose::kTest);
    SetPoint point({});
    for (int i = 0; i < 40; ++i) {
      const double paused = 0.04 * (1 + random.below(2));
      point.add(paused, 1.6 * paused + 0.04 * normal(random));
    }
    covered += point.gain_upper() >= 1.6 ? 1 : 0;
    EXPECT_LT(point.gain_upper(), 2.6);
  }
  EXPECT_GE(covered, 188) << "of 200: a 97.5 % bound, with some room for chance";
}

TEST(SetPoint, HopelessGainLeavesTheFloorAndOneBurst) {
  SetPoint point({});
  for (int i = 0; i < 20; ++i) point.add(0.001, 0.5);
  EXPECT_DOUBLE_EQ(point.duty(), kFloorDuty);
  EXPECT_DOUBLE_EQ(point.bank_s(), 0.025);
  EXPECT_LE(point.gain_upper(), kMostGain);
}

TEST(SetPoint, GainBelowOneIsNotBelieved) {
  SetPoint point({});
  for (int i = 0; i < 50; ++i) point.add(0.04, 0.01);
  EXPECT_DOUBLE_EQ(point.gain_upper(), 1);
}

TEST(SetPoint, NothingAllowedIsNothingDone) {
  EXPECT_EQ(SetPoint({.limit = 0}).duty(), 0);
  EXPECT_EQ(SetPoint({.limit = 0}).bank_s(), 0);
  EXPECT_EQ(SetPoint({.ceiling = 0}).duty(), 0);
}

TEST(Tripwire, ThreeBadWindowsInARowTripIt) {
  Tripwire wire;
  EXPECT_FALSE(wire.window(true, 0.9)) << "without a baseline nothing is known";
  EXPECT_FALSE(wire.window(false, 0.10));
  EXPECT_FALSE(wire.window(true, 0.16));
  EXPECT_FALSE(wire.window(true, 0.16));
  EXPECT_FALSE(wire.window(true, 0.14)) << "5 % is what is tolerated";
  EXPECT_FALSE(wire.window(true, 0.16));
  EXPECT_FALSE(wire.window(false, 0.10));
  EXPECT_FALSE(wire.window(true, std::nullopt));
  EXPECT_FALSE(wire.window(true, 0.16));
  EXPECT_TRUE(wire.window(true, 0.16));
  wire.rearm();
  EXPECT_FALSE(wire.window(true, 0.16));
  EXPECT_NEAR(*wire.baseline(), 0.10, 1e-12);
}

}  // namespace
}  // namespace keisei::guard
