#include "evaluation/elo.h"

#include <gtest/gtest.h>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(Elo, ExpectedScore) {
  EXPECT_NEAR(expected_score(1600, 1400), 0.759747, 5e-7);
  EXPECT_DOUBLE_EQ(expected_score(1500, 1500), 0.5);
  EXPECT_NEAR(expected_score(1600, 1400) + expected_score(1400, 1600), 1, 1e-15);
}

TEST(Elo, OneGame) {
  SequentialElo elo;
  elo.apply("a", "b", 1);
  EXPECT_DOUBLE_EQ(elo.rating("a"), 1516);
  EXPECT_DOUBLE_EQ(elo.rating("b"), 1484);
  SequentialElo unequal;
  unequal.ratings = {{"a", 1600}, {"b", 1400}};
  unequal.apply("a", "b", 1);
  EXPECT_NEAR(unequal.rating("a") - 1600, 7.688, 5e-4);
}

TEST(Elo, GamesCountOneAfterTheOther) {
  SequentialElo elo;
  for (const double score : {1.0, 1.0, 0.5, 0.0}) elo.apply("a", "b", score);
  EXPECT_NEAR(elo.rating("a"), 1509.213, 5e-4);
  EXPECT_NEAR(elo.rating("b"), 1490.787, 5e-4);
}

TEST(Elo, FaultsAndUnknownIdsChangeNothing) {
  SequentialElo elo;
  elo.apply(std::vector<GameRecord>{record_of(0, shogi::Color::kBlack, GameResult::kFault)});
  EXPECT_EQ(elo.rating("a"), 1500);
  elo.apply("", "b", 1);
  EXPECT_TRUE(elo.ratings.empty());
  EXPECT_FALSE(elo.champion());
}

TEST(Elo, SelfPlayChangesNothing) {
  SequentialElo elo;
  elo.ratings = {{"a", 1600}};
  elo.apply("a", "a", 1);
  EXPECT_EQ(elo.rating("a"), 1600);
}

TEST(Elo, ChampionIsTheHighest) {
  SequentialElo elo;
  elo.ratings = {{"a", 1484}, {"b", 1516}};
  EXPECT_EQ(elo.champion(), "b");
  elo.ratings["aa"] = 1516;
  EXPECT_EQ(elo.champion(), "aa");
}

}  // namespace
}  // namespace keisei::evaluation
