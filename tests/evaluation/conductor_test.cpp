#include "evaluation/conductor.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace keisei::evaluation {
namespace {

using enum GameResult;

Course course(std::vector<int> games, const char* rule = "", bool until_first_loss = false) {
  return {.games = std::move(games), .until_first_loss = until_first_loss, .stop = *parse_stop_rule(rule)};
}

TEST(Conductor, AFixedScheduleIsHandedOutInOrder) {
  Conductor conductor(course({2, 0, 1}));
  const auto first = conductor.next(2);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[1].index, 1U);
  const auto rest = conductor.next(10);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].pairing, 2U);
  EXPECT_FALSE(conductor.done());
  for (const DueGame& game : {first[0], first[1], rest[0]}) conductor.finish(game, kLoss);
  EXPECT_TRUE(conductor.done());
  EXPECT_TRUE(conductor.next(10).empty());
}

TEST(Conductor, SingleEliminationEndsWithTheFirstLoss) {
  Conductor conductor(course({2, 2, 2}, "", true));
  const std::vector<GameResult> results{kWin, kDraw, kFault, kLoss};
  for (const GameResult result : results) {
    const auto due = conductor.next(100);
    ASSERT_EQ(due.size(), 1U) << "a game waits for the one before";
    EXPECT_TRUE(conductor.next(100).empty());
    conductor.finish(due[0], result);
  }
  EXPECT_TRUE(conductor.next(100).empty());
  EXPECT_TRUE(conductor.done());
  EXPECT_EQ(conductor.games(0), 2);
  EXPECT_EQ(conductor.games(1), 2);
  EXPECT_EQ(conductor.games(2), 0);
  ASSERT_TRUE(conductor.lost());
  EXPECT_EQ(conductor.lost()->pairing, 1U);
  EXPECT_EQ(conductor.lost()->index, 1U);
}

/// Plays 400 games with given results, `side_by_side` at once, ending in an order drawn by seed.
int games_until_stop(const char* rule, int side_by_side, std::uint64_t seed) {
  constexpr int kGames = 400;
  std::vector<GameResult> results;
  Random fixed(5, Purpose::kTest);
  for (int i = 0; i < kGames; ++i) results.push_back(fixed.uniform() < 0.7 ? kWin : kLoss);
  results[3] = kFault;
  Conductor conductor(course({kGames}, rule));
  Random order(seed, Purpose::kTest);
  std::vector<DueGame> running;
  while (true) {
    for (const DueGame& game : conductor.next(static_cast<std::size_t>(side_by_side) - running.size())) {
      running.push_back(game);
    }
    std::erase_if(running, [&](const DueGame& game) { return !conductor.counts(game); });
    if (running.empty()) break;
    const auto at = static_cast<std::ptrdiff_t>(order.below(static_cast<std::uint32_t>(running.size())));
    conductor.finish(running[static_cast<std::size_t>(at)], results[running[static_cast<std::size_t>(at)].index]);
    running.erase(running.begin() + at);
  }
  EXPECT_TRUE(conductor.done());
  EXPECT_TRUE(conductor.stop_state(0).reached);
  return conductor.games(0);
}

TEST(Conductor, AStopDependsOnThePlanAndNotOnTheOrderOfEnds) {
  for (const char* rule : {"decided", "ci<120", "sprt:elo0=0,elo1=100"}) {
    const int alone = games_until_stop(rule, 1, 0);
    EXPECT_LT(alone, 400) << rule;
    EXPECT_GT(alone, 8) << rule;
    EXPECT_EQ(alone % 2, 0) << "whole pairs";
    for (const int side_by_side : {2, 7, 64, 400}) {
      EXPECT_EQ(games_until_stop(rule, side_by_side, static_cast<std::uint64_t>(side_by_side)), alone) << rule;
    }
  }
}

TEST(Conductor, EachPairingHasItsOwnStop) {
  Conductor conductor(course({100, 100}, "decided"));
  for (auto due = conductor.next(1); !due.empty(); due = conductor.next(1)) {
    conductor.finish(due[0], due[0].pairing == 0 ? kWin : due[0].index % 2 == 0 ? kWin : kLoss);
  }
  EXPECT_LT(conductor.games(0), 100);
  EXPECT_EQ(conductor.games(1), 100);
  EXPECT_FALSE(conductor.stop_state(1).reached);
}

}  // namespace
}  // namespace keisei::evaluation
