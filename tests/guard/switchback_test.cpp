// The experiment's windows: when they begin and end, what a pair is worth, and what makes one not count.
#include "guard/switchback.h"

#include <gtest/gtest.h>

#include <set>

#include "guard/simulated_trainer.h"

namespace keisei::guard {
namespace {

using stage::ScriptedMachine;
using stage::to_ns;

constexpr double kStep_s = 0.02;

struct Lab {
  explicit Lab(SwitchbackOptions options = {}) : switchback(options, clock, machine) {}

  void pass(double s) {
    clock.advance_ns(to_ns(s));
    totals->wall_s += s;
    totals->own_s += 2 * s;
  }
  /// One step; true when an edge came.
  bool step(double s = kStep_s, bool pending = true, int kind = 0, double work = 1) {
    pass(s);
    const bool edge = switchback.step(kind, work, pending);
    if (edge && switchback.edge().pair) pairs.push_back(*switchback.edge().pair);
    if (edge && switchback.edge().dropped) drops.push_back(*switchback.edge().dropped);
    return edge;
  }
  /// The window without which nothing is known about costs; ends where the first pair begins.
  void calibrate() {
    while (!switchback.in_pair()) step();
  }
  void run(double s, double step_s = kStep_s) {
    const double end_s = clock.monotonic_s() + s;
    while (clock.monotonic_s() < end_s) step(step_s);
  }

  FakeClock clock;
  std::shared_ptr<ScriptedMachine::Totals> totals = std::make_shared<ScriptedMachine::Totals>();
  ScriptedMachine machine{totals};
  Switchback switchback;
  std::vector<SwitchbackPair> pairs;
  std::vector<PairDrop> drops;
};

TEST(Switchback, PairIsTenSlicesOfEachKindThatTakeTurnsInFours) {
  Lab lab;
  lab.calibrate();
  int on_first = 0;
  int fours = 0;
  while (lab.pairs.size() < 20) {
    std::vector<bool> slices{lab.switchback.on()};
    double slice_s = 0;
    bool over = false;
    while (!over) {
      const bool on = lab.switchback.on();
      over = lab.step();
      slice_s += kStep_s;
      if (!over && lab.switchback.on() == on && slice_s < 0.06 - 1e-9) continue;  // 0.05 s are three steps
      EXPECT_NEAR(slice_s, 0.06, 1e-9);
      slice_s = 0;
      if (!over) slices.push_back(lab.switchback.on());
    }
    ASSERT_EQ(slices.size(), 2u * kSlices);
    for (std::size_t i = 0; i < slices.size(); i += 4, ++fours) {
      EXPECT_EQ(slices[i], slices[i + 3]);
      EXPECT_EQ(slices[i + 1], slices[i + 2]);
      EXPECT_NE(slices[i], slices[i + 1]);
      on_first += slices[i] ? 1 : 0;
    }
    const auto& windows = lab.switchback.edge().windows;
    ASSERT_TRUE(windows[0] && windows[1]);
    EXPECT_FALSE(windows[0]->on);
    EXPECT_TRUE(windows[1]->on);
    for (const auto& window : windows) EXPECT_NEAR(window->wall_s, 0.6, 1e-9);
  }
  EXPECT_EQ(fours, 100);
  EXPECT_GT(on_first, 30) << "the coin has two sides";
  EXPECT_LT(on_first, 70);
}

TEST(Switchback, WindowWaitsForEnoughSteps) {
  Lab lab;
  for (int i = 0; i < 30; ++i) lab.step(0.1);
  while (!(lab.step(0.1) && lab.switchback.edge().pair)) {
  }
  for (const auto& window : lab.switchback.edge().windows)
    EXPECT_NEAR(window->wall_s, 2.0, 1e-9) << "20 steps of 0.1 s";
}

TEST(Switchback, MachineThatChangesItsSpeedSlowlyFallsOnBothAlike) {
  // Twice as slow for three seconds in five, as beside a neighbour whom no counter shows.
  Lab lab;
  lab.calibrate();
  while (lab.pairs.size() < 40) lab.step(std::fmod(lab.clock.monotonic_s(), 5.0) < 3 ? 2 * kStep_s : kStep_s);
  double squares = 0;
  for (const SwitchbackPair& pair : lab.pairs) squares += pair.y * pair.y;
  EXPECT_LT(std::sqrt(squares / 40), 0.08) << "two windows one after the other: 0.35";
}

TEST(Switchback, SameSeedSameCoin) {
  const auto coins = [](std::uint64_t seed) {
    Lab lab({.seed = seed});
    lab.calibrate();
    std::vector<bool> on;
    while (on.size() < 400) {
      lab.step();
      on.push_back(lab.switchback.on());
    }
    return on;
  };
  EXPECT_EQ(coins(1), coins(1));
  EXPECT_NE(coins(1), coins(2));
}

TEST(Switchback, LossInOnWindowsIsFound) {
  Lab lab;
  lab.calibrate();
  while (lab.pairs.size() < 30) lab.step(lab.switchback.on() ? kStep_s / 0.9 : kStep_s);
  for (const SwitchbackPair& pair : lab.pairs) EXPECT_NEAR(pair.y, -std::log(0.9), 0.01);
}

TEST(Switchback, PauseCountsAsLossAndNotAsCostOfAStep) {
  Lab lab;
  lab.calibrate();
  while (lab.pairs.size() < 10) {
    lab.step();
    if (lab.switchback.on()) {
      lab.pass(0.002);
      lab.switchback.paused(0.002);
    }
  }
  for (const SwitchbackPair& pair : lab.pairs) {
    EXPECT_NEAR(pair.paused_share, 0.002 / 0.022, 0.01);
    EXPECT_NEAR(pair.y, -std::log(1 - pair.paused_share), 0.01);
  }
  EXPECT_NEAR(*lab.switchback.reference_cost_s(0), kStep_s, 1e-6);
}

TEST(Switchback, WindowsOfDifferentPhasesCompare) {
  // A kind of 5 ms and 64 units, a kind of 30 ms and one unit, in long turns.
  Lab lab;
  for (int i = 0; i < 400; ++i) lab.step(0.005, false, 0, 64);
  for (int i = 0; i < 100; ++i) lab.step(0.03, false, 1, 1);
  for (int turn = 0; turn < 40; ++turn) {
    for (int i = 0; i < 250; ++i) lab.step(0.005, true, 0, 64);
    for (int i = 0; i < 35; ++i) lab.step(0.03, true, 1, 1);
  }
  ASSERT_GT(lab.pairs.size(), 20u);
  for (const SwitchbackPair& pair : lab.pairs) EXPECT_NEAR(pair.y, 0, 1e-6);
}

TEST(Switchback, KindNeverSeenBeforeDropsThePair) {
  Lab lab;
  lab.calibrate();
  lab.run(0.3);
  lab.step(kStep_s, true, 3, 5);
  lab.run(1.2);
  ASSERT_FALSE(lab.drops.empty());
  EXPECT_EQ(lab.drops[0], PairDrop::kUncalibrated);
  EXPECT_TRUE(lab.switchback.reference_cost_s(3)) << "and teaches its cost";
  EXPECT_FALSE(lab.switchback.reference_cost_s(4));
  EXPECT_FALSE(lab.switchback.reference_cost_s(-1));
}

TEST(Switchback, ContaminatedPairIsDroppedWithItsReason) {
  for (const PairDrop reason : {PairDrop::kCheckpoint, PairDrop::kWeightSync, PairDrop::kOther}) {
    Lab lab;
    lab.calibrate();
    lab.run(0.3);
    lab.switchback.contaminate(reason);
    lab.pass(2);  // the checkpoint itself
    EXPECT_TRUE(lab.step());
    ASSERT_EQ(lab.drops.size(), 1u);
    EXPECT_EQ(lab.drops[0], reason);
    lab.run(1.25);
    ASSERT_EQ(lab.pairs.size(), 1u) << "the next pair begins after it";
    EXPECT_NEAR(lab.pairs[0].y, 0, 1e-6);
  }
}

TEST(Switchback, CheckpointWhileNothingIsPendingTeachesNoCost) {
  Lab lab;
  for (int i = 0; i < 100; ++i) lab.step(kStep_s, false);
  lab.switchback.contaminate(PairDrop::kCheckpoint);
  lab.pass(20);
  for (int i = 0; i < 100; ++i) lab.step(kStep_s, false);
  EXPECT_NEAR(*lab.switchback.reference_cost_s(0), kStep_s, 1e-6);
}

TEST(Switchback, WorkThatEndsDropsThePair) {
  Lab lab;
  lab.calibrate();
  lab.run(0.7);
  EXPECT_TRUE(lab.step(kStep_s, false));
  ASSERT_EQ(lab.drops.size(), 1u);
  EXPECT_EQ(lab.drops[0], PairDrop::kWorkEnded);
  EXPECT_FALSE(lab.switchback.on());
  EXPECT_FALSE(lab.step(kStep_s, false));
  EXPECT_TRUE(lab.step()) << "pending again: a pair begins at once";
  EXPECT_TRUE(lab.switchback.in_pair());
}

TEST(Switchback, StealAndForeignTimeDropThePair) {
  Lab lab;
  lab.calibrate();
  lab.totals->steal_s += 0.03;  // 1.25 % of a pair of 1.2 s on two processors
  lab.run(1.21);
  ASSERT_EQ(lab.drops.size(), 1u);
  EXPECT_EQ(lab.drops[0], PairDrop::kSteal);
  lab.totals->foreign_s += 0.16;
  lab.run(1.21);
  ASSERT_EQ(lab.drops.size(), 2u);
  EXPECT_EQ(lab.drops[1], PairDrop::kForeign);
  lab.totals->steal_s += 0.005;
  lab.totals->foreign_s += 0.03;
  lab.run(1.21);
  EXPECT_EQ(lab.drops.size(), 2u) << "a little of both is tolerated";
  EXPECT_EQ(lab.pairs.size(), 1u);
  EXPECT_EQ(lab.switchback.counts().dropped_in_all(), 2u);
}

TEST(Switchback, UnknownReadingsDropNothingAndAreCounted) {
  Lab lab;
  lab.totals->known = false;
  lab.calibrate();
  lab.run(5);
  EXPECT_TRUE(lab.drops.empty());
  EXPECT_GE(lab.pairs.size(), 4u);
  EXPECT_EQ(lab.switchback.counts().unfiltered, lab.pairs.size());
}

TEST(Switchback, SwitchedOffMakesNoPairs) {
  Lab lab;
  lab.calibrate();
  lab.run(0.3);
  lab.switchback.enable(false);
  lab.run(3);
  ASSERT_EQ(lab.drops.size(), 1u);
  EXPECT_EQ(lab.drops[0], PairDrop::kGateShut);
  EXPECT_TRUE(lab.pairs.empty());
  EXPECT_FALSE(lab.switchback.on());
  lab.switchback.enable(true);
  lab.run(2.2);
  EXPECT_GE(lab.pairs.size(), 1u);
}

TEST(Switchback, RestAfterAPairIsOnAndReadsNoMachine) {
  Lab lab;
  lab.switchback.rest(4);
  EXPECT_NEAR(lab.switchback.on_share(), 5.0 / 6, 1e-12);
  lab.calibrate();
  while (lab.pairs.empty()) lab.step();
  const int reads = lab.machine.reads;
  int rest_steps = 0;
  while (!lab.switchback.in_pair()) {
    EXPECT_TRUE(lab.switchback.on());
    lab.step();
    ++rest_steps;
  }
  EXPECT_GE(rest_steps, 4 * 25);
  EXPECT_EQ(lab.machine.reads, reads + 1) << "where the next pair begins";
}

TEST(Switchback, MachineIsReadAtTheEdgesOfPairsOnly) {
  Lab lab;
  lab.calibrate();
  const int reads = lab.machine.reads;
  int steps = 0;
  while (lab.pairs.size() < 10) {
    lab.step();
    ++steps;
  }
  EXPECT_EQ(lab.machine.reads, reads + 20);
  EXPECT_GE(steps, 500);
}

TEST(Switchback, AbsurdStepsDoNoHarm) {
  Lab lab;
  lab.calibrate();
  for (int i = 0; i < 400; ++i) lab.step(kStep_s, true, i % 40 - 20, i % 3 == 0 ? std::nan("") : -1.0 * i);
  for (const SwitchbackPair& pair : lab.pairs) EXPECT_TRUE(std::isfinite(pair.y));
  lab.run(3);
  ASSERT_FALSE(lab.pairs.empty());
  EXPECT_TRUE(std::isfinite(lab.pairs.back().y));
}

TEST(Switchback, ReasonsHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kPairDrops; ++i) names.insert(name(static_cast<PairDrop>(i)));
  EXPECT_EQ(names.size(), kPairDrops);
}

}  // namespace
}  // namespace keisei::guard
