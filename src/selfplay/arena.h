// Many games at once: N slots play in lock-step within each of `shards` fixed groups; a group is one batch for the
// network and one unit of work for a thread. Finished games restart in place. Everything a slot draws is keyed by
// (seed, slot, game, ply), so a rollout depends on the seed and the number of shards, never on threads.
// Owned by the training session; play() is called from one thread and uses `threads` of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "selfplay/league.h"
#include "selfplay/rollout.h"
#include "shogi/position.h"

namespace keisei::selfplay {

struct ArenaOptions {
  std::uint64_t seed = 0;
  int games = 1;
  int shards = 1;
  int threads = 1;
  double opponent_fraction = 0;  ///< share of games against the league
  int opening_plies = 0;         ///< 0..n uniformly random plies before the first sample of a game
  bool mate_in_one = false;      ///< a mate in one is played when there is one
  shogi::Rules rules;            ///< rules.max_moves truncates
};

/// What happened in the games that ended during a rollout.
struct GameStats {
  std::int64_t finished = 0;  ///< with a result or cut
  std::int64_t black_wins = 0, white_wins = 0, draws = 0, truncated = 0, repetitions = 0;
  std::int64_t plies = 0;  ///< of the finished games
  std::int64_t league_games = 0;
  double league_score = 0;  ///< the learner's
  void add(const GameStats& other);
};

/// A game that has just ended, for whoever looks on.
struct FinishedGame {
  std::string sfen;       ///< the position in which it ended
  std::string last_move;  ///< USI
  shogi::Outcome outcome;
  std::int64_t opponent = -1;                   ///< id of the league opponent; -1 = the learner played itself
  shogi::Color learner = shogi::Color::kBlack;  ///< its colour in a league game
};

/// What the thread that called play() does meanwhile: about once for each ply of all games `step` gets the plies played
/// since; when `wants_rest` (cheap) said yes just before, every thread that plays stands still until `step` returns.
/// Neither changes what is played.
struct Between {
  std::function<bool()> wants_rest;
  std::function<void(std::int64_t plies)> step;
};

class Arena {
 public:
  explicit Arena(const ArenaOptions& options);
  ~Arena();

  /// Plays rollout.plies plies in every game and fills the rollout (its shape must be set). `learner` moves for the
  /// learner and values every position; opponents come from `league`, whose results are booked afterwards.
  GameStats play(const net::Evaluator& learner, League& league, Rollout& rollout, const Between& between = {});

  /// All running games with their history, as text for a checkpoint; restore refuses what does not fit.
  [[nodiscard]] std::string state() const;
  /// Network snapshots that running league games still need, those that left the league included.
  [[nodiscard]] std::vector<Opponent> opponents_in_play() const;
  [[nodiscard]] Result<void> restore(const std::string& state, const std::vector<Opponent>& opponents);

  /// The running game of slot `index` (0 … games - 1), valid until the next play().
  [[nodiscard]] const shogi::Position& position(int index) const;

  /// One of the games that ended in the last play(): a sample, the same for any number of threads. Null when none did.
  [[nodiscard]] const FinishedGame* finished() const;

  struct Slot;

 private:
  struct Shard;
  ArenaOptions options_;
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace keisei::selfplay
