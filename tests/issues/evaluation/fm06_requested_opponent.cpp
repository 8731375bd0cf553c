// A requested opponent was silently replaced by a random mover.
#include <gtest/gtest.h>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode06, OnePlayerAgainstItselfMirrorsItsGames) {
  Request request = request_of(20, "checkpoint:same", "checkpoint:same");
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t, 7); });
  ScriptedPlayer opponent([](const shogi::Turn& t) { return nth_legal(t, 7); });
  const auto games = play(request, agent, opponent);
  ASSERT_EQ(games.size(), 20U);
  for (std::size_t i = 0; i < games.size(); i += 2) {
    EXPECT_EQ(games[i].moves, games[i + 1].moves);
    EXPECT_EQ(games[i].winner, games[i + 1].winner);
    EXPECT_NE(games[i].agent_colour, games[i + 1].agent_colour);
  }
}

TEST(FailureMode06, UnknownNamesAreErrors) {
  for (const char* name : {"ppo_agnet", "Random", "scripted", "heuristc", "default", "best", "none"}) {
    const auto spec = parse_player(name);
    ASSERT_FALSE(spec) << name;
    EXPECT_EQ(spec.error().code, Code::kUsage);
    EXPECT_NE(spec.error().hint.find("random"), std::string::npos);
  }
  EXPECT_NE(parse_player("heuristc").error().hint.find("did you mean \"heuristic\""), std::string::npos);
}

}  // namespace
}  // namespace keisei::evaluation
