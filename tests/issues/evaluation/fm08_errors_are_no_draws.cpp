// Errors were counted as draws.
#include <gtest/gtest.h>

#include "evaluation/report.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode08, AThrowingOpponentGivesFaults) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer broken([](const shogi::Turn&) -> shogi::Choice { throw std::runtime_error("broken"); });
  const Request request = request_of(10);
  const auto games = play(request, agent, broken);
  const Summary summary = summarise(request, games);
  EXPECT_EQ(summary.total, (Tally{.wins = 0, .losses = 0, .draws = 0, .faults = 10}));
  EXPECT_FALSE(score(summary.total));
  EXPECT_EQ(summary.status, "no games");
}

TEST(FailureMode08, RatesAreOverValidGames) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer half([](const shogi::Turn& t) {
    if (t.game % 4 < 2) throw std::runtime_error("broken");
    return kind_choice(shogi::Choice::Kind::kResign);
  });
  const Request request = request_of(20);
  const Summary summary = summarise(request, play(request, agent, half));
  EXPECT_EQ(summary.total, (Tally{.wins = 10, .losses = 0, .draws = 0, .faults = 10}));
  EXPECT_DOUBLE_EQ(*score(summary.total), 1.0);
  EXPECT_EQ(summary.plies->max, 1);
  EXPECT_EQ(summary.status, "incomplete");
}

}  // namespace
}  // namespace keisei::evaluation
