#include "evaluation/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Request greedy_against(const char* strategy, const char* opponents, int games = 20) {
  Request request = request_of(games);
  request.strategy = strategy;
  request.agent = *parse_player("greedy");
  request.opponents = *parse_opponents(opponents);
  return request;
}

std::vector<int> games_of(const Request& request) {
  std::vector<int> games;
  for (const ScheduledPairing& pairing : make_schedule(request).pairings) games.push_back(pairing.games);
  return games;
}

TEST(Schedule, ATournamentSpreadsItsGamesEvenly) {
  Request request = greedy_against("tournament", "random; greedy; checkpoint:a");
  ASSERT_TRUE(validate(request));
  EXPECT_THAT(games_of(request), ElementsAre(7, 7, 6));
  request.tournament.num_games_per_opponent = 4;
  EXPECT_THAT(games_of(request), ElementsAre(4, 4, 4));
  EXPECT_EQ(make_schedule(request).games(), 12);
  request.tournament.between_opponents = true;
  EXPECT_EQ(make_schedule(request).pairings.size(), 6U);
  EXPECT_EQ(make_schedule(request).games(), 24);
}

TEST(Schedule, ColoursAlternateInEveryPairingAndOpeningsAreShared) {
  const Plan plan = *make_plan(greedy_against("tournament", "random; greedy; checkpoint:a"));
  ASSERT_EQ(plan.pairings.size(), 3U);
  EXPECT_EQ(plan.games(), 20);
  std::uint64_t number = 0;
  for (const Pairing& pairing : plan.pairings) {
    for (std::size_t i = 0; i < pairing.games.size(); ++i) {
      EXPECT_EQ(pairing.games[i].game, number++);
      EXPECT_EQ(pairing.games[i].agent_colour, i % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite);
      EXPECT_EQ(pairing.games[i].opening_sfen, plan.pairings[0].games[i].opening_sfen);
    }
  }
}

TEST(Schedule, ALadderChoosesTheNearestInRange) {
  Request request = greedy_against("ladder", "checkpoint:a; checkpoint:b; checkpoint:c; checkpoint:d; checkpoint:e");
  request.agent_id = "self";
  const std::vector<std::string> ids{"a", "b", "c", "self", "e"};
  for (std::size_t i = 0; i < ids.size(); ++i) request.opponents[i].id = ids[i];
  request.ladder.elo.ratings = {{"self", 1500}, {"a", 1890}, {"b", 1510}, {"c", 1450}, {"e", 2100}};
  request.ladder.num_opponents_per_evaluation = 2;
  request.ladder.num_games_per_match = 4;
  const Schedule schedule = make_schedule(request);
  ASSERT_TRUE(validate(request));
  ASSERT_EQ(schedule.pairings.size(), 2U);
  EXPECT_EQ(schedule.players[static_cast<std::size_t>(schedule.pairings[0].second)].id, "b");
  EXPECT_EQ(schedule.players[static_cast<std::size_t>(schedule.pairings[1].second)].id, "c");
  EXPECT_EQ(schedule.games(), 8);
  ASSERT_EQ(schedule.ladder.size(), 5U);
  EXPECT_THAT(schedule.ladder[0].why, HasSubstr("2 are nearer"));
  EXPECT_THAT(schedule.ladder[1].why, HasSubstr("10 from the agent's 1500, within the range"));
  EXPECT_THAT(schedule.ladder[3].why, HasSubstr("itself"));
  EXPECT_THAT(schedule.ladder[4].why, HasSubstr("out of range"));
}

TEST(Schedule, ALadderOutOfRangePlaysTheNearest) {
  Request request = greedy_against("ladder", "random; greedy");
  request.agent = *parse_player("live");
  request.agent_id = "self";
  request.ladder.elo.ratings = {{"self", 3000}};
  const Schedule schedule = make_schedule(request);
  ASSERT_EQ(schedule.pairings.size(), 1U);
  EXPECT_THAT(schedule.ladder[0].why, HasSubstr("nearest although out of range"));
  request.opponents = {{*parse_player("live"), "self"}};
  ASSERT_FALSE(validate(request));
  EXPECT_THAT(validate(request).error().message, HasSubstr("but the agent itself"));
}

TEST(Schedule, ASequenceIsPlayedAsWritten) {
  Request request = greedy_against("custom", "random; greedy");
  request.custom.plan = CustomPlan::kSequence;
  request.custom.sequence = *parse_sequence("2:4; 1 ; 1-2:3;");
  ASSERT_TRUE(validate(request)) << validate(request).error().message;
  const Schedule schedule = make_schedule(request);
  ASSERT_EQ(schedule.pairings.size(), 3U);
  EXPECT_THAT(games_of(request), ElementsAre(4, 2, 3));
  EXPECT_EQ(schedule.pairings[2].first, 1);
  EXPECT_EQ(schedule.pairings[2].second, 2);
  for (const char* wrong : {"x", "1:", ":2", "1-", "-1", "1:2:3", "1--2", "99999999999"}) {
    EXPECT_FALSE(parse_sequence(wrong)) << wrong;
  }
  for (const char* impossible : {"3:2", "1-1:2", "1:0"}) {
    request.custom.sequence = *parse_sequence(impossible);
    EXPECT_FALSE(validate(request)) << impossible;
  }
}

TEST(Schedule, WhatCannotBePlayedIsRefused) {
  const auto refused = [](Request request, const char* message) {
    const auto result = validate(request);
    ASSERT_FALSE(result) << message;
    EXPECT_EQ(result.error().code, Code::kUsage);
    EXPECT_THAT(result.error().message, HasSubstr(message));
    EXPECT_FALSE(make_plan(request));
  };
  for (const char* strategy : {"tournament", "ladder", "custom"})
    refused(greedy_against(strategy, ""), "has no opponents");
  refused(greedy_against("single_opponent", "random"), "takes no list");
  refused(greedy_against("benchmark", ""), "has no suite");
  refused(greedy_against("tournament", "random;greedy;random", 2), "fewer than the 3 pairings");
  Request stopped = greedy_against("ladder", "random");
  stopped.stop = *parse_stop_rule("decided");
  refused(stopped, "stop rule does not go with ladder");
  stopped = greedy_against("custom", "random");
  stopped.custom.plan = CustomPlan::kSingleElimination;
  stopped.stop = *parse_stop_rule("sprt");
  refused(stopped, "single_elimination");
  Request large = greedy_against("tournament", "random;greedy");
  large.tournament.num_games_per_opponent = kMaxGames;
  refused(large, "number of games in all");
  Request sequence = greedy_against("tournament", "random");
  sequence.custom.sequence = *parse_sequence("1:2");
  refused(sequence, "a sequence is given");
  Request suite = greedy_against("tournament", "random");
  suite.suite.resize(1);
  refused(suite, "takes no suite");
  EXPECT_FALSE(parse_opponents("random; gredy"));
  EXPECT_THAT(*parse_opponents(" ; ;"), IsEmpty());
}

TEST(Schedule, EveryPlayerIsVisitedForItsWeights) {
  Request request = greedy_against("tournament", "checkpoint:a; random; checkpoint:b");
  std::vector<std::string> seen;
  visit_players(request, [&](PlayerSpec& spec, std::string& id) {
    seen.push_back(to_string(spec));
    if (spec.is_network()) id = "w" + std::to_string(seen.size());
  });
  EXPECT_THAT(seen, ElementsAre("greedy", "checkpoint:a", "random", "checkpoint:b"));
  EXPECT_EQ(make_schedule(request).players[3].id, "w4");
  EXPECT_EQ(make_plan(request)->pairings[0].opponent_id, "w2");
}

}  // namespace
}  // namespace keisei::evaluation
