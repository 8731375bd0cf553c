// Ratings were keyed by display name and carried over to new snapshots, so the pool inflated.
#include <gtest/gtest.h>

#include "evaluation/elo.h"
#include "evaluation/ratings.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode29, EqualNamesOfTwoRunsStaySeparate) {
  std::vector<GameRecord> games;
  for (int i = 0; i < 40; ++i) {
    const bool first_run = i < 20;
    GameRecord game = record_of(i, i % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite,
                                first_run ? GameResult::kWin : GameResult::kLoss);
    game.agent = "checkpoint:latest";
    game.agent_id = first_run ? "weights-1" : "weights-2";
    game.opponent_id = "random";
    games.push_back(game);
  }
  const RatingTable table = rate(rated_games(games))->front();
  ASSERT_EQ(table.players.size(), 3U);
  EXPECT_EQ(table.players[0].id, "weights-1");
  EXPECT_EQ(table.players[2].id, "weights-2");
  EXPECT_NEAR(table.players[0].elo, -table.players[2].elo, 1e-6);
  SequentialElo elo;
  elo.apply(games);
  EXPECT_GT(elo.rating("weights-1"), 1500);
  EXPECT_LT(elo.rating("weights-2"), 1500);
}

TEST(FailureMode29, TheMeanOfThePoolStaysConstant) {
  Random random(6, Purpose::kTest);
  SequentialElo elo;
  for (int i = 0; i < 5000; ++i) {
    // New snapshots keep arriving and start at the initial rating, not at their predecessor's.
    const std::uint32_t pool = 2 + static_cast<std::uint32_t>(i) / 100;
    const std::string a = "w" + std::to_string(random.below(pool));
    const std::string b = "w" + std::to_string(random.below(pool));
    elo.apply(a, b, 0.5 * random.below(3));
  }
  double sum = 0;
  for (const auto& [id, rating] : elo.ratings) sum += rating;
  EXPECT_GT(elo.ratings.size(), 40U);
  EXPECT_NEAR(sum / static_cast<double>(elo.ratings.size()), 1500, 1e-6);
}

}  // namespace
}  // namespace keisei::evaluation
