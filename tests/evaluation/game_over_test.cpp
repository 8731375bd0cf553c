// Every game that ends is told to its players, once and as each sees it; USI engines hear gameover.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "evaluation/engine_stage.h"
#include "evaluation/game_listener.h"
#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

using enum GameResult;

/// Plays a script and keeps what it is told.
class Listener final : public shogi::Player, public GameListener {
 public:
  explicit Listener(ScriptedPlayer::Answer answer) : player_(std::move(answer)) {}
  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override {
    player_.choose(turns, choices);
  }
  [[nodiscard]] std::string name() const override { return "listener"; }
  void game_over(std::uint64_t game, GameResult result) override { told[game].push_back(result); }

  std::map<std::uint64_t, std::vector<GameResult>> told;

 private:
  ScriptedPlayer player_;
};

TEST(GameOver, BothPlayersHearTheirOwnResultOnce) {
  Request request = request_of(6);
  request.rules.max_moves = 40;
  Listener agent([](const shogi::Turn& turn) {
    if (turn.game == 2) throw std::runtime_error("broken");
    return turn.game == 1 ? kind_choice(shogi::Choice::Kind::kResign) : nth_legal(turn, turn.game);
  });
  Listener opponent([](const shogi::Turn& turn) {
    return turn.game == 4 ? kind_choice(shogi::Choice::Kind::kResign) : nth_legal(turn, 3);
  });
  const auto games = play(request, agent, opponent);
  ASSERT_EQ(games.size(), 6U);
  EXPECT_EQ(games[1].result(), kLoss);
  EXPECT_EQ(games[2].result(), kFault);
  EXPECT_EQ(games[4].result(), kWin);
  for (const GameRecord& game : games) {
    EXPECT_EQ(agent.told[game.game], std::vector{game.result()}) << game.game;
    EXPECT_EQ(opponent.told[game.game], std::vector{reversed(game.result())}) << game.game;
  }
}

TEST(GameOver, GamesThatAreBrokenOffHaveNoResult) {
  int asked = 0;
  Listener agent([](const shogi::Turn& turn) { return nth_legal(turn); });
  Listener opponent([](const shogi::Turn& turn) { return nth_legal(turn, 5); });
  const auto games = play(request_of(4), agent, opponent, {.on_game = {}, .keep_going = [&] { return ++asked < 4; }});
  ASSERT_EQ(games.size(), 4U);
  for (std::uint64_t game = 0; game < 2; ++game) EXPECT_EQ(agent.told[game], std::vector{kFault}) << game;
  EXPECT_FALSE(agent.told.contains(2)) << "it had not begun";
}

TEST(GameOver, GamesBeyondAStopAreBrokenOffToo) {
  Request request = request_of(400);
  request.stop = *parse_stop_rule("decided");
  request.openings.random_plies = 0;
  Listener agent([](const shogi::Turn& turn) { return nth_legal(turn, turn.game); });
  Listener opponent([](const shogi::Turn& turn) {  // short games and long ones side by side
    return turn.position->plies_played() > static_cast<int>(turn.game % 7) ? kind_choice(shogi::Choice::Kind::kResign)
                                                                           : nth_legal(turn, 3);
  });
  const auto games = play(request, agent, opponent);
  ASSERT_LT(games.size(), 400U);
  for (const auto& [game, told] : agent.told) EXPECT_EQ(told.size(), 1U) << game;
  for (const GameRecord& game : games) EXPECT_EQ(agent.told[game.game].front(), game.result()) << game.game;
}

TEST(GameOver, IsPassedOnThroughAdjudication) {
  Match match = match_of({"greedy", "random"}, 2);
  match.adjudication = {.limit = 0.9, .moves = 3};
  const MatchJob job = job_of(*checked(match), {0, 1});
  Listener agent(resigns());
  Listener opponent([](const shogi::Turn& turn) { return nth_legal(turn); });
  const FakeClock clock;
  ASSERT_EQ(play_job(job, agent, opponent, clock, {}).size(), 2U);
  for (const std::uint64_t game : {0U, 1U}) {
    EXPECT_EQ(agent.told[game], std::vector{kLoss});
    EXPECT_EQ(opponent.told[game], std::vector{kWin});
  }
}

/// Beginnings and ends of games as the engine of the stage wrote them down.
std::vector<std::string> heard(const EngineStage& stage) {
  std::vector<std::string> lines;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stage.root, ignored)) {
    if (entry.path().filename() != "heard") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      if (line == "usinewgame" || line.starts_with("gameover")) lines.push_back(line);
  }
  return lines;
}

/// The games of `agent` against an engine that listens; what it heard by the time that nothing more is to come.
std::vector<std::string> told_to_engine(const Request& request, ScriptedPlayer::Answer answer, std::size_t lines) {
  EngineStage stage;
  const auto engine = stage.make(stage.rogue("listens"));
  if (!engine) return {};
  const Plan plan = *make_plan(request);
  ScriptedPlayer agent(std::move(answer));
  (void)play_pairing(plan, 0, agent, *engine, {.max_concurrent_games = 1, .timeout_per_game_s = 0}, stage.clock);
  std::vector<std::string> found = heard(stage);  // it reads at its own pace
  for (const double deadline_s = stage.clock.monotonic_s() + kLongS;
       found.size() < lines && stage.clock.monotonic_s() < deadline_s; found = heard(stage))
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return found;
}

TEST(GameOver, EnginesHearLose) {
  Request request = request_of(2);
  request.openings.random_plies = 0;  // the engine resigns after three moves
  EXPECT_EQ(told_to_engine(request, quiet(), 4),
            (std::vector<std::string>{"usinewgame", "gameover lose", "usinewgame", "gameover lose"}));
}

TEST(GameOver, EnginesHearDraw) {
  Request request = request_of(2);
  request.openings.random_plies = 0;
  request.rules.max_moves = 4;
  EXPECT_EQ(told_to_engine(request, quiet(), 4),
            (std::vector<std::string>{"usinewgame", "gameover draw", "usinewgame", "gameover draw"}));
}

TEST(GameOver, EnginesHearWinOfGamesTheyPlayed) {
  Request request = request_of(2);
  request.openings.random_plies = 0;
  // In the first game the agent is Black and resigns before the engine was asked anything.
  EXPECT_EQ(told_to_engine(request, resigns(), 2), (std::vector<std::string>{"usinewgame", "gameover win"}));
}

}  // namespace
}  // namespace keisei::evaluation
