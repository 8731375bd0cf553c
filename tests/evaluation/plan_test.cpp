#include "evaluation/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

int games_as(const Plan& plan, shogi::Color colour) {
  int count = 0;
  for (const PlannedGame& game : plan.pairings[0].games) count += game.agent_colour == colour ? 1 : 0;
  return count;
}

TEST(Plan, ColoursAreSplitEvenly) {
  for (const auto& [games, black, white] : {std::tuple{20, 10, 10}, {7, 4, 3}, {1, 1, 0}, {2, 1, 1}}) {
    const auto plan = make_plan(request_of(games));
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->games(), games);
    EXPECT_EQ(games_as(*plan, shogi::Color::kBlack), black);
    EXPECT_EQ(games_as(*plan, shogi::Color::kWhite), white);
  }
}

TEST(Plan, GamesOfAPairShareTheirOpening) {
  const auto plan = make_plan(request_of(20));
  const auto& games = plan->pairings[0].games;
  std::set<std::string> openings;
  for (std::size_t i = 0; i + 1 < games.size(); i += 2) {
    EXPECT_EQ(games[i].opening_sfen, games[i + 1].opening_sfen);
    EXPECT_EQ(games[i].pair, games[i + 1].pair);
    EXPECT_NE(games[i].agent_colour, games[i + 1].agent_colour);
    openings.insert(games[i].opening_sfen);
  }
  EXPECT_GE(openings.size(), 9U);
}

TEST(Plan, OpeningsDependOnTheSeedAlone) {
  Request request = request_of(20);
  const Plan first = *make_plan(request);
  request.max_concurrent_games = 1;
  request.opponent = *parse_player("greedy");
  const Plan second = *make_plan(request);
  request.seed = 43;
  const Plan third = *make_plan(request);
  int equal = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(first.pairings[0].games[i].opening_sfen, second.pairings[0].games[i].opening_sfen);
    equal += first.pairings[0].games[i].opening_sfen == third.pairings[0].games[i].opening_sfen ? 1 : 0;
  }
  EXPECT_LT(equal, 5);
}

TEST(Plan, DrawnOpeningsCanBePlayedAndAreBalanced) {
  for (const int plies : {0, 1, 2, 4, 7, 20, kMaxOpeningPlies}) {
    for (std::uint64_t index = 0; index < 20; ++index) {
      const std::string sfen = draw_opening(5, index, plies);
      const auto position = shogi::Position::from_sfen(sfen);
      ASSERT_TRUE(position) << sfen;
      EXPECT_FALSE(position->outcome({}));
      EXPECT_FALSE(position->mate_in_one());
      const double difference =
          shogi::material(*position, shogi::Color::kBlack) - shogi::material(*position, shogi::Color::kWhite);
      EXPECT_LE(std::abs(difference), kMaxOpeningImbalance);
      EXPECT_TRUE(position->ply() == plies + 1 || sfen == shogi::Position::kStartSfen);
    }
  }
  EXPECT_EQ(draw_opening(5, 0, 0), shogi::Position::kStartSfen);
}

TEST(Plan, ListedOpeningsAreUsedInTurnAndCheckedBefore) {
  Request request = request_of(6);
  const std::string other = "4k4/9/9/9/9/9/9/9/4K4 b 2R2B4G4S4N4L18P 1";
  request.openings.sfens = {"startpos", other};
  const auto plan = make_plan(request);
  ASSERT_TRUE(plan) << plan.error().message;
  const auto& games = plan->pairings[0].games;
  EXPECT_EQ(games[1].opening_sfen, shogi::Position::kStartSfen);
  EXPECT_EQ(games[2].opening_sfen, other);
  EXPECT_EQ(games[4].opening_sfen, shogi::Position::kStartSfen);

  request.openings.sfens = {"startpos", "rubbish"};
  ASSERT_FALSE(make_plan(request));
  EXPECT_EQ(make_plan(request).error().code, Code::kUsage);
  EXPECT_THAT(make_plan(request).error().message, HasSubstr("opening 2"));
  request.openings.sfens = {"4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2"};  // White is mated
  ASSERT_FALSE(make_plan(request));
  EXPECT_EQ(make_plan(request).error().code, Code::kUsage);
}

TEST(Plan, OnlyPlannedRecordsAreBelieved) {
  const Plan plan = *make_plan(request_of(4));
  const GameRecord good = blank_record(plan, 0, plan.pairings[0].games[1]);
  EXPECT_TRUE(is_planned(plan, good));
  for (const auto& spoil : std::vector<std::function<void(GameRecord&)>>{
           [](GameRecord& r) { r.game = 4; }, [](GameRecord& r) { r.game = 2; }, [](GameRecord& r) { r.seed = 1; },
           [](GameRecord& r) { r.pairing = 1; }, [](GameRecord& r) { r.pairing = -1; },
           [](GameRecord& r) { r.agent_colour = ~r.agent_colour; }, [](GameRecord& r) { r.opening_sfen = "startpos"; },
           [](GameRecord& r) { r.agent_id = "x"; }, [](GameRecord& r) { r.protocol = "x"; },
           [](GameRecord& r) { r.rules.max_moves = 5; }}) {
    GameRecord bad = good;
    spoil(bad);
    EXPECT_FALSE(is_planned(plan, bad));
  }
}

}  // namespace
}  // namespace keisei::evaluation
