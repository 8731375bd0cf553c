// A game that took over another's slot leaked into the next result.
#include <gtest/gtest.h>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode38, GamesThroughOneSlotEqualGamesAlone) {
  Request request = request_of(6);
  const Plan plan = *make_plan(request);
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  const FakeClock clock;
  const auto through_one =
      play_pairing(plan, 0, *agent, *opponent, {.max_concurrent_games = 1, .timeout_per_game_s = 0}, clock);
  for (std::size_t i = 0; i < through_one.size(); ++i) {
    Plan alone = plan;
    alone.pairings[0].games = {plan.pairings[0].games[i]};
    const auto fresh_agent = builtin("greedy");
    const auto fresh_opponent = builtin("random");
    const auto game = play_pairing(alone, 0, *fresh_agent, *fresh_opponent, {}, clock);
    ASSERT_EQ(game.size(), 1U);
    EXPECT_EQ(game[0], through_one[i]);
  }
}

TEST(FailureMode38, TwoPairingsThroughOneSlotEqualEachAlone) {
  Request request = request_of(8);
  request.strategy = "tournament";
  request.opponents = *parse_opponents("random; greedy");
  request.max_concurrent_games = 1;
  const Plan plan = *make_plan(request);
  const auto agent = builtin("greedy");
  const auto random = builtin("random");
  const FakeClock clock;
  const std::vector<Sides> sides{{agent.get(), random.get()}, {agent.get(), agent.get()}};
  const auto together = play_games(plan, sides, {.max_concurrent_games = 1, .timeout_per_game_s = 0}, clock);
  ASSERT_EQ(together.size(), 8U);
  for (std::size_t pairing = 0; pairing < 2; ++pairing) {
    const auto fresh_agent = builtin("greedy");
    const auto fresh_opponent = builtin(pairing == 0 ? "random" : "greedy");
    const auto alone = play_pairing(plan, pairing, *fresh_agent, *fresh_opponent, {}, clock);
    ASSERT_EQ(alone.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(together[4 * pairing + i], alone[i]);
  }
}

}  // namespace
}  // namespace keisei::evaluation
