// Engines of others, as they are installed: whole matches over the real protocol.
#include <gtest/gtest.h>

#include <algorithm>

#include "evaluation/engine_stage.h"

namespace keisei::evaluation {
namespace {

std::vector<GameRecord> play_against(EngineStage& stage, const char* name, const std::string& engine, int games) {
  Request request = request_of(games, name);
  request.rules.max_moves = 400;
  request.opponent = *parse_player(engine);
  const Plan plan = *make_plan(request);
  const auto agent = builtin(name);
  const auto opponent = stage.make(request.opponent);
  if (!opponent) return {};
  auto records =
      play_pairing(plan, 0, *agent, *opponent, {.max_concurrent_games = 1, .timeout_per_game_s = 0}, stage.clock);
  for (const std::string& incident : dynamic_cast<const EnginePlayer&>(*opponent).incidents())
    ADD_FAILURE() << incident;
  return records;
}

TEST(RealEngine, FairyStockfishBeatsRandom) {
  if (!find_program("fairy-stockfish", "")) GTEST_SKIP() << "fairy-stockfish is not installed";
  EngineStage stage;
  const std::string engine = "usi:fairy-stockfish?name=FSF-d1&answer=120&depth=1&option.UCI_Variant=shogi";
  const auto report = check_player(*parse_player(engine), {}, stage.host);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_NE(report->name.find("Fairy-Stockfish"), std::string::npos);
  const auto games = play_against(stage, "random", engine, 4);
  ASSERT_EQ(games.size(), 4U);
  int lost = 0;
  for (const GameRecord& game : games) {
    const auto good = verify(game);
    EXPECT_TRUE(good) << good.error().message;
    EXPECT_TRUE(game.reason <= EndReason::kResign) << to_string(game.reason) << " " << game.fault << game.refused;
    lost += game.result() == GameResult::kLoss ? 1 : 0;
  }
  EXPECT_GE(lost, 3);  // random, the agent, loses practically always
  // One thread to a depth: with its memory cleared before each move it plays the same games again.
  const auto first = play_against(stage, "random", engine + "&fresh=1", 1);
  const auto again = play_against(stage, "random", engine + "&fresh=1", 1);
  EXPECT_EQ(first, again);
  stage.expect_nothing_left();
}

TEST(RealEngine, GpsShogiPlaysAGame) {
  if (!find_program("gpsusi", "")) GTEST_SKIP() << "gpsshogi is not installed";
  EngineStage stage;
  const auto games = play_against(stage, "random",
                                  "usi:gpsusi?option.LimitDepth=4&option.Thread=1&byoyomi=1&margin=120&memory=4000", 1);
  ASSERT_EQ(games.size(), 1U);
  EXPECT_TRUE(games[0].reason <= EndReason::kResign) << to_string(games[0].reason) << " " << games[0].fault;
  EXPECT_EQ(games[0].result(), GameResult::kLoss);
  EXPECT_TRUE(verify(games[0]));
  stage.expect_nothing_left();
}

/// Games that end by the rules: no illegal move, no fault, no time up.
void expect_played(const std::vector<GameRecord>& games, int count) {
  ASSERT_EQ(games.size(), static_cast<std::size_t>(count));
  for (const GameRecord& game : games) {
    const auto good = verify(game);
    EXPECT_TRUE(good) << good.error().message;
    EXPECT_TRUE(game.reason <= EndReason::kResign) << to_string(game.reason) << " " << game.fault << game.refused;
  }
}

int losses(const std::vector<GameRecord>& games) {
  return static_cast<int>(std::count_if(games.begin(), games.end(),
                                        [](const GameRecord& game) { return game.result() == GameResult::kLoss; }));
}

TEST(RealEngine, GnuShogiPlaysByTheDialectOfItsOwn) {
  if (!find_program("gnushogi", "")) GTEST_SKIP() << "gnushogi is not installed";
  EngineStage stage;
  const std::string engine = "xboard:gnushogi?depth=2&answer=120";
  const auto report = check_player(*parse_player(engine), {}, stage.host);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->name.starts_with("GNU Shogi")) << report->name;
  for (const char* agent : {"random", "greedy"}) {
    const auto games = play_against(stage, agent, engine, 4);
    expect_played(games, 4);
    EXPECT_GE(losses(games), 3) << agent;
  }
  stage.expect_nothing_left();
}

TEST(RealEngine, FairyStockfishPlaysByTheXboardProtocol) {
  if (!find_program("fairy-stockfish", "")) GTEST_SKIP() << "fairy-stockfish is not installed";
  EngineStage stage;
  const std::string engine = "xboard:fairy-stockfish?depth=2&answer=120&option.Skill Level=20";
  const auto report = check_player(*parse_player(engine), {}, stage.host);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_NE(report->name.find("Fairy-Stockfish"), std::string::npos) << report->name;
  const auto games = play_against(stage, "random", engine, 4);
  expect_played(games, 4);
  EXPECT_GE(losses(games), 3);
  ASSERT_GE(games[0].values.size(), 2U);
  stage.expect_nothing_left();
}

}  // namespace
}  // namespace keisei::evaluation
