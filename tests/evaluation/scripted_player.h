// Players and requests for the tests of the evaluation: a player is a function of one turn.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/game_loop.h"
#include "evaluation/plan.h"
#include "evaluation/request.h"
#include "shogi/notation.h"
#include "shogi/player.h"
#include "shogi/players.h"

namespace keisei::evaluation {

class ScriptedPlayer final : public shogi::Player {
 public:
  using Answer = std::function<shogi::Choice(const shogi::Turn&)>;
  explicit ScriptedPlayer(Answer answer, std::string name = "scripted")
      : answer_(std::move(answer)), name_(std::move(name)) {}

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override {
    ++calls;
    largest_batch = std::max(largest_batch, turns.size());
    for (std::size_t i = 0; i < turns.size(); ++i) choices[i] = answer_(turns[i]);
  }
  [[nodiscard]] std::string name() const override { return name_; }

  int calls = 0;
  std::size_t largest_batch = 0;

 private:
  Answer answer_;
  std::string name_;
};

inline shogi::Choice move_choice(shogi::Move move, double value = 0) {
  return {.kind = shogi::Choice::Kind::kMove, .move = move, .value = value, .fault = {}};
}
inline shogi::Choice kind_choice(shogi::Choice::Kind kind) {
  return {.kind = kind, .move = {}, .value = 0, .fault = {}};
}

/// Plays the `rank`-th legal move (cyclic) of the position: deterministic, no random numbers.
inline shogi::Choice nth_legal(const shogi::Turn& turn, std::size_t rank = 0) {
  shogi::MoveList moves;
  turn.position->legal_moves(moves);
  return move_choice(moves[rank % moves.size()]);
}

/// Plays a fixed line by ply number.
inline ScriptedPlayer::Answer line(std::vector<std::string> usi) {
  return [usi = std::move(usi)](const shogi::Turn& turn) {
    const auto ply = static_cast<std::size_t>(turn.position->plies_played());
    return move_choice(*shogi::parse_usi(usi[ply % usi.size()]));
  };
}

inline ScriptedPlayer::Answer resigns() {
  return [](const shogi::Turn&) { return kind_choice(shogi::Choice::Kind::kResign); };
}

inline std::unique_ptr<shogi::Player> builtin(const char* name) { return std::move(*shogi::make_builtin(name)); }

inline Request request_of(int games, const char* agent = "greedy", const char* opponent = "random") {
  Request request;
  request.agent = *parse_player(agent);
  request.opponent = *parse_player(opponent);
  request.num_games = games;
  request.rules.max_moves = 200;
  return request;
}

/// One pairing from its request, with a fake clock that stands still.
inline std::vector<GameRecord> play(const Request& request, shogi::Player& agent, shogi::Player& opponent,
                                    const LoopHooks& hooks = {}) {
  const Plan plan = *make_plan(request);
  const FakeClock clock;
  return play_pairing(
      plan, 0, agent, opponent,
      {.max_concurrent_games = request.max_concurrent_games, .timeout_per_game_s = request.timeout_per_game_s}, clock,
      hooks);
}

inline GameRecord record_of(int game, shogi::Color agent_colour, GameResult result, int plies = 0) {
  GameRecord record;
  record.game = static_cast<std::uint64_t>(game);
  record.pair = game / 2;
  record.agent_colour = agent_colour;
  record.agent_id = "a";
  record.opponent_id = "b";
  record.moves.assign(static_cast<std::size_t>(plies), "7g7f");
  record.values.assign(static_cast<std::size_t>(plies), 0.0);
  switch (result) {
    case GameResult::kWin:
      record.winner = shogi::winner_of(agent_colour);
      break;
    case GameResult::kLoss:
      record.winner = shogi::winner_of(~agent_colour);
      break;
    default:
      break;
  }
  record.reason = result == GameResult::kFault  ? EndReason::kPlayerFault
                  : result == GameResult::kDraw ? EndReason::kRepetition
                                                : EndReason::kResign;
  if (result == GameResult::kFault) record.fault = "broken";
  return record;
}

}  // namespace keisei::evaluation
