#include "evaluation/ratings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "evaluation/elo.h"
#include "evaluation/scripted_player.h"
#include "evaluation/sparse_cholesky.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {
namespace {

const double kEloPerNat = 400 / std::log(10.0);

void add(std::vector<RatedGame>& games, const std::string& black, const std::string& white, int wins, int losses,
         int draws = 0, const std::string& protocol = "p") {
  games.insert(games.end(), static_cast<std::size_t>(wins), {black, white, 1, protocol});
  games.insert(games.end(), static_cast<std::size_t>(losses), {black, white, 0, protocol});
  games.insert(games.end(), static_cast<std::size_t>(draws), {black, white, 0.5, protocol});
}

const Rating& of(const RatingTable& table, const std::string& id) {
  for (const Rating& rating : table.players) {
    if (rating.id == id) return rating;
  }
  throw std::out_of_range(id);
}

TEST(SparseCholesky, SolvesWhatItFactored) {
  Random random(4, Purpose::kTest);
  constexpr std::size_t kSize = 30;
  std::vector<SparseCholesky::Edge> edges;
  std::vector<double> values;
  std::vector<double> diagonal(kSize, 0.1);
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = i + 1; j < kSize; ++j) {
      if (random.uniform() > 0.15) continue;
      edges.emplace_back(j, i);
      values.push_back(random.uniform() - 0.5);
      diagonal[i] += std::abs(values.back());
      diagonal[j] += std::abs(values.back());
    }
  }
  SparseCholesky cholesky(kSize, edges);
  for (int round = 0; round < 2; ++round) {  // the second round must not see the first one's numbers
    ASSERT_TRUE(cholesky.factor(diagonal, values));
    std::vector<double> x(kSize);
    for (double& v : x) v = random.uniform();
    std::vector<double> b(kSize, 0.0);
    for (std::size_t i = 0; i < kSize; ++i) b[i] += diagonal[i] * x[i];
    for (std::size_t e = 0; e < edges.size(); ++e) {
      b[edges[e].first] += values[e] * x[edges[e].second];
      b[edges[e].second] += values[e] * x[edges[e].first];
    }
    cholesky.solve(b);
    for (std::size_t i = 0; i < kSize; ++i) EXPECT_NEAR(b[i], x[i], 1e-10);
    for (double& d : diagonal) d *= 2;
  }
  diagonal[7] = -1;
  EXPECT_FALSE(cholesky.factor(diagonal, values));
}

TEST(Ratings, TwoPlayersHaveTheirClosedForm) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 15, 5);
  add(games, "random", "a", 5, 15);
  const auto tables = rate(games);
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 1U);
  const RatingTable& table = tables->front();
  EXPECT_TRUE(table.converged);
  EXPECT_TRUE(table.anchored);
  EXPECT_EQ(of(table, "random").elo, 0);
  EXPECT_FALSE(of(table, "random").error_elo);
  // 30 of 40 points and two virtual draws (one that each brings): 31 of 42.
  EXPECT_NEAR(of(table, "a").elo, 400 * std::log10(31.0 / 11.0), 1e-6);
  const double p = 31.0 / 42;
  EXPECT_NEAR(*of(table, "a").error_elo, kZ95 * kEloPerNat / std::sqrt(42 * p * (1 - p)), 1e-6);
  EXPECT_NEAR(table.side_advantage_elo, 0, 1e-6);
  EXPECT_EQ(of(table, "a").games, 40);
  EXPECT_DOUBLE_EQ(of(table, "a").score, 0.75);
}

TEST(Ratings, DrawsCountHalf) {
  std::vector<RatedGame> drawn;
  add(drawn, "a", "random", 3, 1, 2);
  add(drawn, "random", "a", 1, 3, 2);
  std::vector<RatedGame> decided;
  add(decided, "a", "random", 4, 2);
  add(decided, "random", "a", 2, 4);
  EXPECT_NEAR(rate(drawn)->front().players[0].elo, rate(decided)->front().players[0].elo, 1e-9);
}

TEST(Ratings, SideAdvantageIsFound) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 700, 300);
  add(games, "random", "a", 700, 300);
  const RatingTable table = rate(games)->front();
  EXPECT_NEAR(of(table, "a").elo, 0, 1e-6);
  EXPECT_NEAR(table.side_advantage_elo, 400 * std::log10(7.0 / 3.0), 8);
  EXPECT_GT(*table.side_advantage_error_elo, 0);
}

TEST(Ratings, AFullScoreStaysFinite) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 50, 0);
  add(games, "random", "a", 0, 50);
  add(games, "b", "a", 20, 0);
  add(games, "a", "b", 0, 20);
  const RatingTable table = rate(games)->front();
  EXPECT_TRUE(table.converged);
  EXPECT_EQ(table.players[0].id, "b");
  EXPECT_GT(of(table, "a").elo, 400);
  EXPECT_GT(of(table, "b").elo, of(table, "a").elo + 300);
  EXPECT_LT(of(table, "b").elo, 3000);
  EXPECT_TRUE(std::isfinite(*of(table, "b").error_elo));
  EXPECT_GT(*of(table, "b").error_elo, *of(table, "a").error_elo);
}

TEST(Ratings, ProtocolsAndStrangersNeverMix) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 3, 1, 0, "p1");
  add(games, "a", "random", 1, 3, 0, "p2");
  add(games, "x", "y", 3, 1, 0, "p1");
  const auto tables = rate(games);
  ASSERT_EQ(tables->size(), 3U);
  EXPECT_EQ((*tables)[0].protocol, "p1");
  EXPECT_TRUE((*tables)[0].anchored);
  EXPECT_GT(of((*tables)[0], "a").elo, 0);
  EXPECT_FALSE((*tables)[1].anchored);
  EXPECT_EQ((*tables)[1].anchor, "x");
  EXPECT_EQ(of((*tables)[1], "x").elo, 0);
  EXPECT_LT(of((*tables)[1], "y").elo, 0);
  EXPECT_EQ((*tables)[2].protocol, "p2");
  EXPECT_LT(of((*tables)[2], "a").elo, 0);
}

TEST(Ratings, SelfPlayChangesNothing) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 8, 2);
  add(games, "random", "a", 3, 7);
  const RatingTable before = rate(games)->front();
  add(games, "a", "a", 100, 7, 3);
  const RatingTable after = rate(games)->front();
  EXPECT_EQ(of(after, "a").elo, of(before, "a").elo);
  EXPECT_EQ(after.side_advantage_elo, before.side_advantage_elo);
  EXPECT_EQ(after.self_games, 110);
  EXPECT_EQ(after.games, 20);
  std::vector<RatedGame> only_self;
  add(only_self, "a", "a", 5, 5);
  EXPECT_TRUE(rate(only_self)->empty());
}

TEST(Ratings, OrderOfGamesChangesNothing) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 8, 2, 1);
  add(games, "b", "a", 5, 4);
  add(games, "random", "b", 1, 9);
  const RatingTable forward = rate(games)->front();
  std::reverse(games.begin(), games.end());
  const RatingTable backward = rate(games)->front();
  for (std::size_t i = 0; i < forward.players.size(); ++i) {
    EXPECT_EQ(forward.players[i].id, backward.players[i].id);
    EXPECT_EQ(forward.players[i].elo, backward.players[i].elo);
  }
}

/// The penalised likelihood, written down once more from its definition.
double objective(const std::vector<RatedGame>& games, const std::map<std::string, double>& nats, double side) {
  const double sd = 100 / kEloPerNat;
  double sum = -0.5 * side * side / (sd * sd);
  std::map<std::string, double> total;
  std::map<std::pair<std::string, std::string>, double> met;
  for (const RatedGame& game : games) {
    const double d = nats.at(game.black) - nats.at(game.white) + side;
    sum += -game.black_score * std::log1p(std::exp(-d)) - (1 - game.black_score) * std::log1p(std::exp(d));
    ++total[game.black];
    ++total[game.white];
    ++met[std::minmax(game.black, game.white)];
  }
  for (const auto& [pair, count] : met) {
    const double d = nats.at(pair.first) - nats.at(pair.second);
    const double weight = count / total[pair.first] + count / total[pair.second];
    sum += -0.5 * weight * (std::log1p(std::exp(-d)) + std::log1p(std::exp(d)));
  }
  return sum;
}

TEST(Ratings, AreTheMaximumAndErrorsItsCurvature) {
  std::vector<RatedGame> games;
  add(games, "a", "random", 8, 2, 1);
  add(games, "b", "a", 5, 4);
  add(games, "random", "b", 1, 9);
  add(games, "b", "random", 7, 1, 2);
  const RatingTable table = rate(games)->front();
  ASSERT_TRUE(table.converged);
  std::map<std::string, double> at;
  for (const Rating& rating : table.players) at[rating.id] = rating.elo / kEloPerNat;
  const double side = table.side_advantage_elo / kEloPerNat;
  const auto value = [&](double da, double db, double ds) {
    auto moved = at;
    moved["a"] += da;
    moved["b"] += db;
    return objective(games, moved, side + ds);
  };
  constexpr double h = 1e-4;
  const double f0 = value(0, 0, 0);
  double step[3][3] = {{h, 0, 0}, {0, h, 0}, {0, 0, h}};
  double hessian[3][3];
  for (int i = 0; i < 3; ++i) {
    const auto& u = step[i];
    EXPECT_NEAR((value(u[0], u[1], u[2]) - value(-u[0], -u[1], -u[2])) / (2 * h), 0, 1e-6);
    for (int j = 0; j < 3; ++j) {
      const auto& v = step[j];
      hessian[i][j] =
          -(value(u[0] + v[0], u[1] + v[1], u[2] + v[2]) - value(u[0], u[1], u[2]) - value(v[0], v[1], v[2]) + f0) /
          (h * h);
    }
  }
  const auto minor = [&](int r1, int c1, int r2, int c2) {
    return hessian[r1][c1] * hessian[r2][c2] - hessian[r1][c2] * hessian[r2][c1];
  };
  const double det =
      hessian[0][0] * minor(1, 1, 2, 2) - hessian[0][1] * minor(1, 0, 2, 2) + hessian[0][2] * minor(1, 0, 2, 1);
  const double var_a = minor(1, 1, 2, 2) / det;
  const double var_b = minor(0, 0, 2, 2) / det;
  const double cov_ab = -minor(1, 0, 2, 2) / det;
  EXPECT_NEAR(*of(table, "a").error_elo, kZ95 * std::sqrt(var_a) * kEloPerNat, 0.2);
  EXPECT_NEAR(*of(table, "b").error_elo, kZ95 * std::sqrt(var_b) * kEloPerNat, 0.2);
  EXPECT_NEAR(*table.side_advantage_error_elo, kZ95 * std::sqrt(minor(0, 0, 1, 1) / det) * kEloPerNat, 0.2);
  const auto gap = difference(table, "b", "a");
  ASSERT_TRUE(gap);
  EXPECT_NEAR(gap->elo, of(table, "b").elo - of(table, "a").elo, 1e-9);
  EXPECT_NEAR(gap->error_elo, kZ95 * std::sqrt(var_a + var_b - 2 * cov_ab) * kEloPerNat, 0.2);
  EXPECT_GT(gap->los, 0.5);
  EXPECT_FALSE(difference(table, "a", "stranger"));
  // random is 0, so the mean of the three is (a + b) / 3.
  EXPECT_NEAR(*error_about_mean(table, "random"), kZ95 * std::sqrt(var_a + var_b + 2 * cov_ab) / 3 * kEloPerNat, 0.2);
  EXPECT_NEAR(*error_about_mean(table, "a"), kZ95 * std::sqrt(4 * var_a + var_b - 4 * cov_ab) / 3 * kEloPerNat, 0.2);
  EXPECT_FALSE(error_about_mean(table, "stranger"));
}

TEST(Ratings, ManyPlayersAreRecoveredWithinTheirErrors) {
  constexpr std::size_t kPlayers = 200;
  constexpr int kGames = 10'000;
  Random random(9, Purpose::kTest);
  std::vector<double> truth(kPlayers, 0.0);
  for (std::size_t i = 1; i < kPlayers; ++i) truth[i] = 600 * (random.uniform() - 0.3);
  const auto id = [](std::size_t i) { return i == 0 ? std::string("random") : "w" + std::to_string(i); };
  std::vector<RatedGame> games;
  for (int g = 0; g < kGames; ++g) {
    const std::size_t a = random.below(kPlayers);
    const std::size_t b = random.below(20) == 0 ? 0 : random.below(kPlayers);
    if (a == b) continue;
    games.push_back({id(a), id(b), random.uniform() < expected_score(truth[a] + 30, truth[b]) ? 1.0 : 0.0, "p"});
  }
  const auto tables = rate(games);
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 1U);
  const RatingTable& table = tables->front();
  EXPECT_TRUE(table.converged);
  ASSERT_EQ(table.players.size(), kPlayers);
  EXPECT_NEAR(table.side_advantage_elo, 30, 2 * *table.side_advantage_error_elo);
  int inside = 0;
  for (std::size_t i = 1; i < kPlayers; ++i) {
    const Rating& rating = of(table, id(i));
    inside += std::abs(rating.elo - truth[i]) <= *rating.error_elo ? 1 : 0;
  }
  EXPECT_GT(inside, 0.9 * (kPlayers - 1));
}

TEST(Ratings, ScatteredResultsAlwaysConverge) {
  Random random(1, Purpose::kTest);
  for (int run = 0; run < 60; ++run) {
    const std::uint32_t players = 2 + random.below(150);
    const auto id = [&] { return random.below(8) == 0 ? "random" : "w" + std::to_string(random.below(players)); };
    std::vector<RatedGame> games;
    for (int i = 0; i < 500; ++i) {
      games.push_back({id(), id(), 0.5 * random.below(3), random.below(3) == 0 ? "p" : "q"});
    }
    const auto tables = rate(games);
    ASSERT_TRUE(tables);
    for (const RatingTable& table : *tables) {
      EXPECT_TRUE(table.converged) << "run " << run << ", " << table.players.size() << " players";
      for (const Rating& rating : table.players) EXPECT_TRUE(std::isfinite(rating.elo));
    }
  }
}

TEST(Ratings, BadGamesAreRefused) {
  EXPECT_EQ(rate(std::vector<RatedGame>{{"", "b", 1, "p"}}).error().code, Code::kBadData);
  EXPECT_EQ(rate(std::vector<RatedGame>{{"a", "b", 1.5, "p"}}).error().code, Code::kBadData);
  EXPECT_EQ(rate(std::vector<RatedGame>{{"a", "b", std::nan(""), "p"}}).error().code, Code::kBadData);
  EXPECT_FALSE(rate({}, {.anchor = "random", .prior_games = 0, .side_advantage_sd_elo = 100}));
  EXPECT_TRUE(rate({})->empty());
}

TEST(Ratings, RecordsBecomeRatedGamesFromBlacksSide) {
  const std::vector<GameRecord> records{
      record_of(0, shogi::Color::kBlack, GameResult::kWin), record_of(1, shogi::Color::kWhite, GameResult::kWin),
      record_of(2, shogi::Color::kBlack, GameResult::kDraw), record_of(3, shogi::Color::kWhite, GameResult::kFault)};
  const auto games = rated_games(records);
  ASSERT_EQ(games.size(), 3U);
  EXPECT_EQ(games[0].black, "a");
  EXPECT_EQ(games[0].black_score, 1);
  EXPECT_EQ(games[1].black, "b");
  EXPECT_EQ(games[1].black_score, 0);
  EXPECT_EQ(games[2].black_score, 0.5);
}

}  // namespace
}  // namespace keisei::evaluation
