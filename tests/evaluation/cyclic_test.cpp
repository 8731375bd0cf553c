#include "evaluation/cyclic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "evaluation/elo.h"

namespace keisei::evaluation {
namespace {

void play(std::vector<RatedGame>& games, const std::string& a, const std::string& b, double a_score) {
  games.push_back({a, b, a_score, "p"});
  games.push_back({b, a, 1 - a_score, "p"});
}

/// Games of `players` whose strengths are their numbers times `step`, Black stronger by `side`, some of them drawn.
std::vector<RatedGame> honest_games(int players, int games, double step, double side, std::uint64_t seed) {
  Random random(seed, Purpose::kTest);
  std::vector<RatedGame> found;
  for (int i = 0; i < games; ++i) {
    const auto a = static_cast<int>(random.below(static_cast<std::uint32_t>(players)));
    const auto b = (a + 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(players - 1)))) % players;
    const double p = expected_score(step * (a - b) + side, 0);
    const double draws = 0.3 * 4 * p * (1 - p);
    const double u = random.uniform();
    const double score = u < p - 0.5 * draws ? 1.0 : u < p + 0.5 * draws ? 0.5 : 0.0;
    found.push_back({"player" + std::to_string(a), "player" + std::to_string(b), score, "p"});
  }
  return found;
}

TEST(Cyclic, ChiSquareTailHasItsKnownPoints) {
  EXPECT_NEAR(chi_square_tail(3.841459, 1), 0.05, 1e-6);
  EXPECT_NEAR(chi_square_tail(18.307038, 10), 0.05, 1e-6);
  EXPECT_NEAR(chi_square_tail(135.806723, 100), 0.01, 1e-6);
  EXPECT_NEAR(chi_square_tail(2.705543, 1), 0.10, 1e-6);
  EXPECT_DOUBLE_EQ(chi_square_tail(0, 5), 1);
  EXPECT_NEAR(chi_square_tail(1, 2), std::exp(-0.5), 1e-12);
}

TEST(Cyclic, RockPaperScissorsIsFound) {
  std::vector<RatedGame> games;
  for (int i = 0; i < 20; ++i) {
    const double score = i % 5 == 0 ? 0.0 : 1.0;
    play(games, "rock", "scissors", score);
    play(games, "scissors", "paper", score);
    play(games, "paper", "rock", score);
    for (const char* player : {"rock", "scissors", "paper"}) play(games, player, "random", i % 4 == 0 ? 0.0 : 1.0);
  }
  const RatingTable table = rate(games)->front();
  EXPECT_NEAR(table.players[0].elo, table.players[2].elo, 1) << "three equal numbers that say nothing";
  const CyclicResidual residual = cyclic_residual(table, games);
  EXPECT_EQ(residual.pairs, 6);
  ASSERT_TRUE(residual.p);
  EXPECT_LT(*residual.p, 1e-6);
  ASSERT_TRUE(residual.worst);
  EXPECT_GT(residual.worst->elo, 300);
  EXPECT_GT(residual.worst->z, 3);
  const std::string cycle = residual.worst->first + residual.worst->second + residual.worst->third;
  EXPECT_TRUE(cycle == "rockscissorspaper" || cycle == "scissorspaperrock" || cycle == "paperrockscissors") << cycle;
}

TEST(Cyclic, HonestRatingsArePlausibleAsOftenAsTheyShould) {
  int suspicious = 0;
  constexpr int kTables = 60;
  for (std::uint64_t seed = 0; seed < kTables; ++seed) {
    const auto games = honest_games(8, 1500, 30, 40, seed);
    const auto residual = cyclic_residual(rate(games)->front(), games);
    ASSERT_TRUE(residual.p);
    EXPECT_EQ(residual.pairs, 28);
    suspicious += *residual.p < 0.05 ? 1 : 0;
  }
  EXPECT_LE(suspicious, 10);
}

TEST(Cyclic, NothingIsSaidWithoutEnoughPairs) {
  std::vector<RatedGame> games;
  for (int i = 0; i < 10; ++i) play(games, "a", "b", i % 2);
  const auto residual = cyclic_residual(rate(games)->front(), games);
  EXPECT_EQ(residual.pairs, 1);
  EXPECT_FALSE(residual.p);
  EXPECT_FALSE(residual.worst);
}

TEST(Cyclic, TheSideAdvantageAndTheDrawsAreFound) {
  const auto games = honest_games(6, 6000, 40, 60, 3);
  RatingOptions options;
  options.anchor = "player0";
  const RatingTable table = rate(games, options)->front();
  EXPECT_NEAR(table.side_advantage_elo, 60, 3 * *table.side_advantage_error_elo / 1.96);
  EXPECT_GT(table.side_advantage_elo, 35);
  for (const Rating& rating : table.players) {
    if (rating.id == "player0") continue;
    const double truth = 40 * (rating.id.back() - '0');
    EXPECT_NEAR(rating.elo, truth, 2 * *rating.error_elo) << rating.id;
  }
  EXPECT_GT(table.draw_share, 0.2);
  EXPECT_LT(table.draw_share, 0.3);
}

}  // namespace
}  // namespace keisei::evaluation
