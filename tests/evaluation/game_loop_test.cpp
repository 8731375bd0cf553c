#include "evaluation/game_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using shogi::Choice;
using shogi::Color;
using shogi::Winner;
using testing::HasSubstr;

Request from(const char* sfen, int games = 2) {
  Request request = request_of(games);
  request.openings.sfens = {sfen};
  return request;
}

TEST(GameLoop, PlaysWholeGamesThatReplay) {
  const Request request = request_of(20);
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  const auto games = play(request, *agent, *opponent);
  ASSERT_EQ(games.size(), 20U);
  for (std::size_t i = 0; i < games.size(); ++i) {
    EXPECT_EQ(games[i].game, i);
    const auto good = verify(games[i]);
    EXPECT_TRUE(good) << good.error().message;
    EXPECT_GT(games[i].plies(), 0);
    EXPECT_EQ(games[i].agent, "greedy");
    EXPECT_EQ(games[i].opponent_id, "random");
    EXPECT_EQ(games[i].protocol, protocol_hash(request));
  }
}

TEST(GameLoop, ConcurrencyAndOrderChangeNothing) {
  Request request = request_of(9);
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  const auto together = play(request, *agent, *opponent);
  for (const int concurrent : {1, 2, 5}) {
    request.max_concurrent_games = concurrent;
    EXPECT_EQ(play(request, *agent, *opponent), together) << concurrent;
  }
  request.seed = 43;
  EXPECT_NE(play(request, *agent, *opponent)[0].moves, together[0].moves);
}

TEST(GameLoop, AsksEachPlayerOnceATick) {
  Request request = request_of(10);
  request.rules.max_moves = 10;
  request.openings.random_plies = 0;
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent([](const shogi::Turn& t) { return nth_legal(t); });
  const auto games = play(request, agent, opponent);
  EXPECT_EQ(agent.calls, 20);  // the first pair alone; of the other eight, four as Black and four as White alternate
  EXPECT_EQ(opponent.calls, 20);
  EXPECT_EQ(agent.largest_batch, 4U);
  ScriptedPlayer both([](const shogi::Turn& t) { return nth_legal(t); });
  EXPECT_EQ(play(request, both, both), games);
  EXPECT_EQ(both.calls, 20);
  EXPECT_EQ(both.largest_batch, 8U);
}

TEST(GameLoop, TheFirstResultComesBeforeTheOtherGamesBegin) {
  Request request = request_of(40);
  request.rules.max_moves = 10;
  ScriptedPlayer player([](const shogi::Turn& t) { return nth_legal(t); });
  std::vector<std::size_t> largest_batch_at;
  LoopHooks hooks;
  hooks.on_game = [&](const GameRecord&) { largest_batch_at.push_back(player.largest_batch); };
  EXPECT_EQ(play(request, player, player, hooks).size(), 40U);
  ASSERT_EQ(largest_batch_at.size(), 40U);
  EXPECT_EQ(largest_batch_at.front(), 2U) << "one pair, nothing else";
  EXPECT_GE(largest_batch_at.back(), 38U) << "then all of them side by side";
}

TEST(GameLoop, MoveLimitTruncates) {
  Request request = request_of(2);
  request.rules.max_moves = 10;
  ScriptedPlayer player([](const shogi::Turn& t) { return nth_legal(t, 3); });
  for (const GameRecord& game : play(request, player, player)) {
    EXPECT_EQ(game.reason, EndReason::kMaxMoves);
    EXPECT_TRUE(game.truncated);
    EXPECT_EQ(game.plies(), 10);
    EXPECT_EQ(game.result(), GameResult::kDraw);
    EXPECT_TRUE(verify(game));
  }
}

TEST(GameLoop, RepetitionDrawsAndPerpetualCheckLoses) {
  ScriptedPlayer repeat(line({"9f8f", "5a6a", "8f9f", "6a5a"}));
  for (const GameRecord& game : play(from("4k4/9/9/9/9/R8/9/9/4K4 b - 1"), repeat, repeat)) {
    EXPECT_EQ(game.reason, EndReason::kRepetition);
    EXPECT_EQ(game.plies(), 12);
    EXPECT_EQ(game.winner, Winner::kNone);
  }
  ScriptedPlayer check(line({"2h1h", "1a2a", "1h2h", "2a1a"}));
  const auto games = play(from("8k/9/9/9/9/9/9/7R1/K8 b - 1"), check, check);
  for (const GameRecord& game : games) {
    EXPECT_EQ(game.reason, EndReason::kPerpetualCheck);
    EXPECT_EQ(game.winner, Winner::kWhite);
    EXPECT_TRUE(verify(game));
  }
  EXPECT_EQ(games[0].result(), GameResult::kLoss);  // the agent was Black
  EXPECT_EQ(games[1].result(), GameResult::kWin);   // the agent was White, and White won: its own win
}

TEST(GameLoop, ResignationLosesForTheSideToMove) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent(resigns());
  for (const GameRecord& game : play(request_of(4), agent, opponent)) {
    EXPECT_EQ(game.reason, EndReason::kResign);
    EXPECT_EQ(game.result(), GameResult::kWin);
    EXPECT_TRUE(verify(game));
  }
}

TEST(GameLoop, AClockThatRanOutLoses) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent([](const shogi::Turn&) { return kind_choice(shogi::Choice::Kind::kTimeUp); });
  for (const GameRecord& game : play(request_of(4), agent, opponent)) {
    EXPECT_EQ(to_string(game.reason), "time_up");
    EXPECT_EQ(game.result(), GameResult::kWin);
    EXPECT_TRUE(verify(game)) << verify(game).error().message;
    EXPECT_EQ(*decode_record(encode(game)), game);
  }
}

TEST(GameLoop, IllegalAndMissingMovesLose) {
  const std::vector<std::pair<shogi::Move, std::string>> answers{{shogi::Move{}, "none"},
                                                                 {*shogi::parse_usi("1a1b"), "1a1b"},
                                                                 {*shogi::parse_usi("R*5e"), "R*5e"},
                                                                 {shogi::Move::from_raw(0xFFFF), "none"},
                                                                 {shogi::Move::from_raw(127), "none"}};
  for (const auto& [move, shown] : answers) {
    ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
    ScriptedPlayer opponent([m = move](const shogi::Turn&) { return move_choice(m); });
    Request request = request_of(4);
    request.openings.random_plies = 0;
    for (const GameRecord& game : play(request, agent, opponent)) {
      EXPECT_EQ(game.reason, EndReason::kIllegalMove);
      EXPECT_EQ(to_string(game.reason), "illegal_move");
      EXPECT_EQ(game.result(), GameResult::kWin);
      EXPECT_EQ(game.refused, shown);
      EXPECT_TRUE(verify(game)) << verify(game).error().message;
    }
  }
}

TEST(GameLoop, EveryCodeOfSixteenBitsIsAnsweredByTheRules) {
  Random random(3, Purpose::kTest);
  ScriptedPlayer agent([&](const shogi::Turn&) {
    return move_choice(shogi::Move::from_raw(static_cast<std::uint16_t>(random.below(1U << 16))));
  });
  const auto opponent = builtin("random");
  for (const GameRecord& game : play(request_of(2000), agent, *opponent)) {
    EXPECT_TRUE(verify(game)) << verify(game).error().message << ' ' << encode(game);
  }
}

TEST(GameLoop, DeclarationsAreChecked) {
  const char* entered = "1+P+P+PK+P+P+P1/+R2G1G2+B/9/9/9/9/9/9/4k4 b RB2g4s4n4l12p 1";  // 28 points, ten pieces
  ScriptedPlayer declares([](const shogi::Turn&) { return kind_choice(Choice::Kind::kDeclare); });
  ScriptedPlayer plays([](const shogi::Turn& t) { return nth_legal(t); });
  Request request = from(entered, 1);
  EXPECT_EQ(play(request, declares, plays)[0].reason, EndReason::kDeclaration);
  EXPECT_EQ(play(request, declares, plays)[0].result(), GameResult::kWin);
  request.rules.declaration = shogi::DeclarationRule::k24;
  EXPECT_EQ(play(request, declares, plays)[0].reason, EndReason::kDeclaration);
  EXPECT_EQ(play(request, declares, plays)[0].result(), GameResult::kDraw);
  request.rules.declaration = shogi::DeclarationRule::kNone;
  const GameRecord refused = play(request, declares, plays)[0];
  EXPECT_EQ(refused.reason, EndReason::kIllegalDeclaration);
  EXPECT_EQ(refused.result(), GameResult::kLoss);
  EXPECT_TRUE(verify(refused));
}

TEST(GameLoop, FaultsStayWithTheirGame) {
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent([](const shogi::Turn& t) {
    if (t.game == 2) throw std::runtime_error("out of paper");
    if (t.game == 3) return Choice{.kind = Choice::Kind::kFault, .move = {}, .value = 0, .fault = "out of ink"};
    return kind_choice(Choice::Kind::kResign);
  });
  const auto games = play(request_of(6), agent, opponent);
  ASSERT_EQ(games.size(), 6U);
  for (const GameRecord& game : games) {
    const bool faulty = game.game == 2 || game.game == 3;
    EXPECT_EQ(game.result(), faulty ? GameResult::kFault : GameResult::kWin);
    EXPECT_TRUE(verify(game));
  }
  EXPECT_THAT(games[2].fault, HasSubstr("out of paper"));
  EXPECT_THAT(games[3].fault, HasSubstr("out of ink"));
}

class SilentPlayer final : public shogi::Player {
 public:
  void choose(std::span<const shogi::Turn>, std::span<Choice>) override {}
  [[nodiscard]] std::string name() const override { return "silent"; }
};

TEST(GameLoop, NoAnswerIsAFaultAndNoResignation) {
  SilentPlayer silent;
  const auto opponent = builtin("random");
  for (const GameRecord& game : play(request_of(2), silent, *opponent)) {
    EXPECT_EQ(game.reason, EndReason::kPlayerFault);
  }
}

TEST(GameLoop, AGameOverItsTimeIsAFaultAndOthersFinish) {
  Request request = request_of(4);
  request.max_concurrent_games = 1;
  const Plan plan = *make_plan(request);
  FakeClock clock;
  ScriptedPlayer agent([&](const shogi::Turn& t) {
    clock.advance_ns(t.game == 1 ? 400'000'000 : 1'000'000);
    return t.position->plies_played() > 5 ? kind_choice(Choice::Kind::kResign) : nth_legal(t);
  });
  ScriptedPlayer opponent([](const shogi::Turn& t) { return nth_legal(t); });
  const auto games =
      play_pairing(plan, 0, agent, opponent, {.max_concurrent_games = 1, .timeout_per_game_s = 0.5}, clock);
  ASSERT_EQ(games.size(), 4U);
  EXPECT_EQ(games[1].reason, EndReason::kTimeout);
  EXPECT_EQ(games[1].result(), GameResult::kFault);
  EXPECT_LE(games[1].seconds, 0.9);
  for (const std::size_t i : {0U, 2U, 3U}) EXPECT_EQ(games[i].reason, EndReason::kResign);
}

TEST(GameLoop, StopsWhenAskedAndAccountsForEveryGame) {
  Request request = request_of(10);
  request.max_concurrent_games = 3;
  int ticks = 0;
  int reported = 0;
  ScriptedPlayer agent([](const shogi::Turn& t) { return nth_legal(t); });
  ScriptedPlayer opponent([](const shogi::Turn& t) {
    return t.game < 2 && t.position->plies_played() > 2 ? kind_choice(Choice::Kind::kResign) : nth_legal(t);
  });
  const auto games =
      play(request, agent, opponent,
           {.on_game = [&](const GameRecord&) { ++reported; }, .keep_going = [&] { return ++ticks <= 8; }});
  ASSERT_EQ(games.size(), 10U);
  EXPECT_EQ(reported, 10);
  EXPECT_EQ(games[0].result(), GameResult::kWin);
  EXPECT_EQ(games[1].result(), GameResult::kWin);
  for (std::size_t i = 2; i < 10; ++i) {
    EXPECT_EQ(games[i].reason, EndReason::kCancelled);
    EXPECT_TRUE(verify(games[i]));
  }
  EXPECT_GT(games[2].plies(), 0);  // what was played of it is kept
  EXPECT_EQ(games[9].plies(), 0);
}

TEST(GameLoop, ValuesBelongToTheirMoves) {
  ScriptedPlayer agent([](const shogi::Turn& t) {
    shogi::Choice choice = nth_legal(t);
    choice.value = t.position->plies_played() == 0 ? 0.123456 : std::nan("");
    return choice;
  });
  ScriptedPlayer opponent([](const shogi::Turn& t) {
    shogi::Choice choice = nth_legal(t);
    choice.value = 7;
    return choice;
  });
  Request request = request_of(1);
  request.rules.max_moves = 4;
  request.openings.random_plies = 0;
  const auto games = play(request, agent, opponent);
  EXPECT_EQ(games[0].values, (std::vector<double>{0.1235, 1, 0, 1}));
}

TEST(GameLoop, TurnStreamsDifferBySeedGamePlyAndSide) {
  const auto draw = [](Random r) { return r.next(); };
  const auto base = draw(turn_stream(1, 2, 3, Color::kBlack));
  EXPECT_EQ(base, draw(turn_stream(1, 2, 3, Color::kBlack)));
  EXPECT_NE(base, draw(turn_stream(2, 2, 3, Color::kBlack)));
  EXPECT_NE(base, draw(turn_stream(1, 3, 3, Color::kBlack)));
  EXPECT_NE(base, draw(turn_stream(1, 2, 4, Color::kBlack)));
  EXPECT_NE(base, draw(turn_stream(1, 2, 3, Color::kWhite)));
}

}  // namespace
}  // namespace keisei::evaluation
