// Plays the games of one pairing side by side. Each tick asks every player once for all games in which it is to move
// (one batched forward pass a tick for a network; once in all where both sides are one Player object). The moves depend
// on the plan and the players alone: random streams are keyed by (seed, game, ply, side), so neither the number of
// concurrent games nor their order changes a game. Runs on the caller's thread; owns nothing.
#pragma once

#include <functional>
#include <vector>

#include "base/clock.h"
#include "evaluation/plan.h"
#include "evaluation/record.h"
#include "shogi/player.h"

namespace keisei::evaluation {

struct LoopOptions {
  int max_concurrent_games = 64;
  double timeout_per_game_s = 0;  ///< monotonic seconds from a game's first ply, looked at once a tick; 0 = no limit
};

struct LoopHooks {
  std::function<void(const GameRecord&)> on_game{};  ///< once for each planned game, as it ends
  std::function<bool()> keep_going{};                ///< asked once a tick; false ends the rest as kCancelled faults
};

/// Plays pairing number `pairing` of the plan; returns one record for each of its games, by game number. A player that
/// throws, faults or does not answer makes a fault of that game alone.
[[nodiscard]] std::vector<GameRecord> play_pairing(const Plan& plan, std::size_t pairing, shogi::Player& agent,
                                                   shogi::Player& opponent, const LoopOptions& options,
                                                   const Clock& clock, const LoopHooks& hooks = {});

/// Random numbers of one turn.
[[nodiscard]] Random turn_stream(std::uint64_t seed, std::uint64_t game, int ply, shogi::Color side);

}  // namespace keisei::evaluation
