// A match asked for one game played four; draws and retired entries were lost.
#include <gtest/gtest.h>

#include <set>

#include "evaluation/report.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode36, GamesReturnedAreGamesAsked) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent([](const shogi::Turn& t) {
    if (t.game % 3 == 0) throw std::runtime_error("broken");
    return t.game % 3 == 1 ? kind_choice(shogi::Choice::Kind::kResign) : nth_legal(t);
  });
  for (const int games : {1, 2, 3, 7, 20, 65}) {
    for (const int concurrent : {1, 4, 64}) {
      Request request = request_of(games);
      request.rules.max_moves = 30;
      request.max_concurrent_games = concurrent;
      int reported = 0;
      const auto records =
          play(request, agent, opponent, {.on_game = [&](const GameRecord&) { ++reported; }, .keep_going = {}});
      EXPECT_EQ(records.size(), static_cast<std::size_t>(games));
      EXPECT_EQ(reported, games);
      std::set<std::uint64_t> numbers;
      for (const GameRecord& record : records) numbers.insert(record.game);
      EXPECT_EQ(numbers.size(), static_cast<std::size_t>(games));
      EXPECT_EQ(summarise(request, records).total.games(), games);
    }
  }
}

TEST(FailureMode36, GamesOfADeadWorkerAreAccountedFor) {
  const Request request = request_of(10);
  const Plan plan = *make_plan(request);
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  auto games = play(request, *agent, *opponent);
  std::vector<GameRecord> arrived{games[7], games[2], games[2]};
  GameRecord foreign = games[4];
  foreign.seed = 1;
  arrived.push_back(foreign);
  const auto all = account_for_all(plan, arrived, EndReason::kTimeout, "the worker was stopped after 300 s");
  ASSERT_EQ(all.size(), 10U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].game, i);
    if (i == 2 || i == 7) {
      EXPECT_EQ(all[i], games[i]);
      continue;
    }
    EXPECT_EQ(all[i].reason, EndReason::kTimeout);
    EXPECT_EQ(all[i].fault, "the worker was stopped after 300 s");
    EXPECT_TRUE(decode_record(encode(all[i])));
  }
}

}  // namespace
}  // namespace keisei::evaluation
