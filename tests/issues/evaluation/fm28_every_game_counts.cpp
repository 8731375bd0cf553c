// A batch of a hundred games moved a rating like one game.
#include <gtest/gtest.h>

#include "evaluation/elo.h"
#include "evaluation/ratings.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

std::vector<GameRecord> wins(int n) {
  std::vector<GameRecord> games;
  for (int i = 0; i < n; ++i) {
    games.push_back(record_of(i, i % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite, GameResult::kWin));
    games.back().opponent_id = "random";
  }
  return games;
}

TEST(FailureMode28, AHundredWinsMoveMoreThanOne) {
  SequentialElo one;
  one.apply(wins(1));
  SequentialElo hundred;
  hundred.apply(wins(100));
  EXPECT_DOUBLE_EQ(one.rating("a"), 1516);
  EXPECT_GT(hundred.rating("a"), one.rating("a") + 200);

  const auto rated = [](int n) { return rate(rated_games(wins(n)))->front().players.front().elo; };
  EXPECT_GT(rated(100), rated(2) + 200);
}

}  // namespace
}  // namespace keisei::evaluation
