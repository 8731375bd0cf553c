#include "evaluation/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using shogi::Color;
using enum GameResult;

TEST(Statistics, ScoreWilsonAndElo) {
  const Tally tally{.wins = 60, .losses = 30, .draws = 10, .faults = 3};
  EXPECT_EQ(tally.valid(), 100);
  EXPECT_EQ(tally.games(), 103);
  EXPECT_DOUBLE_EQ(*score(tally), 0.65);
  EXPECT_NEAR(score_interval(tally)->low, 0.55254, 5e-6);
  EXPECT_NEAR(score_interval(tally)->high, 0.73636, 5e-6);
  EXPECT_NEAR(*elo(tally), 107.54, 0.005);
  EXPECT_NEAR(*elo_interval(tally).low, *elo_of_score(score_interval(tally)->low), 1e-9);
}

TEST(Statistics, WilsonAsPublished) {  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3
  const auto expect = [](int r, int n, double low, double high) {
    const Interval interval = wilson(static_cast<double>(r) / n, n);
    EXPECT_NEAR(interval.low, low, 5e-5) << r << '/' << n;
    EXPECT_NEAR(interval.high, high, 5e-5) << r << '/' << n;
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
}

TEST(Statistics, UnknownIsEmpty) {
  const Tally none{.wins = 0, .losses = 0, .draws = 0, .faults = 4};
  EXPECT_FALSE(score(none));
  EXPECT_FALSE(score_interval(none));
  EXPECT_FALSE(elo(none));
  EXPECT_FALSE(elo_interval(none).low);
  EXPECT_FALSE(los(none));
  EXPECT_FALSE(lengths({}));
  EXPECT_FALSE(share(0, none));
}

TEST(Statistics, AllWonHasNoEloButALowerBound) {
  const Tally won{.wins = 20, .losses = 0, .draws = 0, .faults = 0};
  EXPECT_FALSE(elo(won));
  ASSERT_TRUE(elo_interval(won).low);
  EXPECT_NEAR(*elo_interval(won).low, 400 * std::log10((1 - 0.1611) / 0.1611), 0.5);
  EXPECT_FALSE(elo_interval(won).high);
  const Tally lost{.wins = 0, .losses = 20, .draws = 0, .faults = 0};
  EXPECT_FALSE(elo_interval(lost).low);
  EXPECT_NEAR(*elo_interval(lost).high, -*elo_interval(won).low, 1e-9);
}

TEST(Statistics, LikelihoodOfSuperiority) {
  EXPECT_NEAR(*los({.wins = 60, .losses = 30, .draws = 10, .faults = 0}), 0.5 * std::erfc(-30 / std::sqrt(180.0)),
              1e-12);
  EXPECT_NEAR(*los({.wins = 60, .losses = 30, .draws = 10, .faults = 0}), 0.99922, 1e-5);
  EXPECT_DOUBLE_EQ(*los({.wins = 5, .losses = 5, .draws = 90, .faults = 0}), 0.5);
}

TEST(Statistics, LengthsAndStreaks) {
  const std::vector<int> plies{20, 21, 22, 23, 24};
  EXPECT_DOUBLE_EQ(lengths(plies)->mean, 22.0);
  EXPECT_DOUBLE_EQ(lengths(plies)->median, 22.0);
  EXPECT_EQ(lengths(plies)->min, 20);
  EXPECT_EQ(lengths(plies)->max, 24);
  EXPECT_DOUBLE_EQ(lengths(std::vector<int>{4, 1, 3, 2})->median, 2.5);
  const std::vector<GameResult> results{kWin, kLoss, kWin, kDraw, kWin};
  const Streaks found = streaks(results);
  EXPECT_EQ(found.win, 1);
  EXPECT_EQ(found.loss, 1);
  EXPECT_EQ(found.draw, 1);
  EXPECT_EQ(found.current, kWin);
  EXPECT_EQ(found.current_length, 1);
  const std::vector<GameResult> run{kLoss, kLoss, kFault, kLoss, kWin, kWin};
  EXPECT_EQ(streaks(run).loss, 3);
  EXPECT_EQ(streaks(run).win, 2);
  EXPECT_EQ(streaks(run).current_length, 2);
}

TEST(Statistics, PairsNeedTwoValidGames) {
  const auto b = Color::kBlack;
  const auto w = Color::kWhite;
  const std::vector<GameRecord> games{record_of(0, b, kWin),   record_of(1, w, kWin),   record_of(2, b, kWin),
                                      record_of(3, w, kLoss),  record_of(4, b, kDraw),  record_of(5, w, kLoss),
                                      record_of(6, b, kLoss),  record_of(7, w, kLoss),  record_of(8, b, kWin),
                                      record_of(9, w, kFault), record_of(10, b, kDraw), record_of(11, w, kDraw),
                                      record_of(12, b, kDraw), record_of(13, w, kWin),  record_of(14, b, kWin)};
  EXPECT_EQ(pair_counts(games), (PairCounts{1, 1, 2, 1, 1}));
}

TEST(Statistics, PairIntervalNarrowsWherePairsCancel) {
  EXPECT_FALSE(pair_interval({1, 1, 1, 1, 1}));
  EXPECT_FALSE(pair_interval({0, 0, 50, 0, 0}));
  const auto interval = pair_interval({0, 10, 80, 10, 0});
  ASSERT_TRUE(interval);
  const double sd = std::sqrt(20 * 0.0625 / 99);
  EXPECT_NEAR(interval->low, 0.5 - kZ95 * sd / 10, 1e-12);
  EXPECT_NEAR(interval->high, 0.5 + kZ95 * sd / 10, 1e-12);
  const Interval independent = wilson(0.5, 200);
  EXPECT_LT(interval->high - interval->low, independent.high - independent.low);
}

TEST(Statistics, WilsonCoversTheTruth) {
  Random random(11, Purpose::kTest);
  int covered = 0;
  constexpr int kRuns = 2000;
  for (int run = 0; run < kRuns; ++run) {
    Tally tally;
    for (int i = 0; i < 60; ++i) tally.add(random.uniform() < 0.7 ? kWin : kLoss);
    const auto interval = score_interval(tally);
    covered += interval->low <= 0.7 && 0.7 <= interval->high ? 1 : 0;
  }
  EXPECT_NEAR(covered / static_cast<double>(kRuns), 0.95, 0.02);
}

}  // namespace
}  // namespace keisei::evaluation
