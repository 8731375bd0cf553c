#include "evaluation/adjudication.h"

#include <gtest/gtest.h>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

/// Plays the first legal move and expects `for_black`, seen from Black.
ScriptedPlayer::Answer expects(double for_black) {
  return [for_black](const shogi::Turn& turn) {
    shogi::Choice choice = nth_legal(turn, 7);
    choice.value = turn.position->side() == shogi::Color::kBlack ? for_black : -for_black;
    return choice;
  };
}

GameRecord played(double agent_for_black, double opponent_for_black, const Adjudication& rule) {
  Match match = match_of({"greedy", "random"}, 2);
  match.adjudication = rule;
  match.rules.max_moves = 60;
  const MatchJob job = job_of(*checked(match), {0});
  ScriptedPlayer agent(expects(agent_for_black));
  ScriptedPlayer opponent(expects(opponent_for_black));
  const FakeClock clock;
  return play_job(job, agent, opponent, clock, {}).at(0);
}

TEST(Adjudication, EndsTheGameOnceBothExpectTheSameLoser) {
  const Adjudication rule{.limit = 0.9, .moves = 3};
  const GameRecord game = played(0.95, 0.92, rule);
  EXPECT_EQ(game.reason, EndReason::kResign);
  EXPECT_EQ(game.winner, shogi::Winner::kBlack);
  EXPECT_EQ(game.plies(), 5) << "the sixth agreeing ply is the loser's, and it resigns";
  EXPECT_TRUE(verify(game));
}

TEST(Adjudication, OneSideAloneDecidesNothing) {
  const Adjudication rule{.limit = 0.9, .moves = 3};
  EXPECT_NE(played(0.95, 0.1, rule).reason, EndReason::kResign);
  EXPECT_NE(played(-0.95, 0.95, rule).reason, EndReason::kResign);
  EXPECT_NE(played(0, 0, rule).reason, EndReason::kResign) << "players without values";
  EXPECT_NE(played(1, 1, {}).reason, EndReason::kResign) << "off unless asked for";
}

TEST(Adjudication, IsWrittenAndReadTheSame) {
  for (const char* text : {"off", "resign=0.95,moves=4", "resign=1,moves=1"})
    EXPECT_EQ(to_string(*parse_adjudication(text)), text);
  EXPECT_EQ(parse_adjudication("resign=0.5")->moves, 4);
  for (const char* text : {"", "resign=0", "resign=1.1", "resign=nan", "moves=3", "resign=0.5,moves=0", "draw=1",
                           "resign=0.5,moves=101", "resign=0.5;"})
    EXPECT_FALSE(parse_adjudication(text)) << text;
}

}  // namespace
}  // namespace keisei::evaluation
