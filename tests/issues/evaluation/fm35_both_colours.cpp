// The learner always played Black.
#include <gtest/gtest.h>

#include "evaluation/report.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode35, TheAgentPlaysBothColoursFromEachOpening) {
  int black_turns = 0;
  int white_turns = 0;
  ScriptedPlayer agent([&](const shogi::Turn& t) {
    ++(t.position->side() == shogi::Color::kBlack ? black_turns : white_turns);
    return kind_choice(shogi::Choice::Kind::kResign);
  });
  ScriptedPlayer opponent([](const shogi::Turn& t) { return nth_legal(t); });
  for (const int n : {7, 20, 21}) {
    black_turns = white_turns = 0;
    const Request request = request_of(n);
    const Summary summary = summarise(request, play(request, agent, opponent));
    EXPECT_EQ(summary.as_black.losses, (n + 1) / 2);
    EXPECT_EQ(summary.as_white.losses, n / 2);
    EXPECT_EQ(black_turns, (n + 1) / 2);
    EXPECT_EQ(white_turns, n / 2);
  }
}

TEST(FailureMode35, AWinAsWhiteIsTheAgentsWin) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent(resigns());
  const Request request = request_of(8);
  const Summary summary = summarise(request, play(request, agent, opponent));
  EXPECT_EQ(summary.as_white.wins, 4);
  EXPECT_EQ(summary.total.wins, 8);
}

}  // namespace
}  // namespace keisei::evaluation
