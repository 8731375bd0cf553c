// Results were drawn from a random number generator: each reported game must replay from its record.
#include <gtest/gtest.h>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode07, EveryReportedGameReplays) {
  const auto agent = builtin("random");
  const auto opponent = builtin("random");
  Request request = request_of(60, "random", "random");
  request.rules.max_moves = 500;
  for (const GameRecord& game : play(request, *agent, *opponent)) {
    const auto sent = decode_record(encode(game));
    ASSERT_TRUE(sent);
    EXPECT_TRUE(verify(*sent)) << verify(*sent).error().message;
  }
}

TEST(FailureMode07, AnInventedResultIsFound) {
  const Plan plan = *make_plan(request_of(2));
  GameRecord invented = blank_record(plan, 0, plan.pairings[0].games[0]);
  invented.fault.clear();
  invented.reason = EndReason::kCheckmate;
  invented.winner = shogi::Winner::kBlack;
  EXPECT_FALSE(verify(invented));
  invented.moves = {"7g7f", "3c3d", "2g2f"};
  invented.values = {0, 0, 0};
  EXPECT_FALSE(verify(invented));
}

/// The same weights, key and record give the same game again.
TEST(FailureMode07, AGameIsPlayedAgainFromItsKey) {
  Request request = request_of(10, "greedy", "random");
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  const auto games = play(request, *agent, *opponent);
  request.max_concurrent_games = 1;
  EXPECT_EQ(play(request, *agent, *opponent), games);
}

}  // namespace
}  // namespace keisei::evaluation
