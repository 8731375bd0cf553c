// Plays the games of all pairings of a plan side by side. Each tick asks every Player object once for all games in
// which it is to move, whatever their pairing (one batched forward pass a tick for a network). The moves depend on the
// plan and the players alone: random streams are keyed by (seed, game, ply, side), so neither the number of concurrent
// games nor their order changes a game, nor which games count. Runs on the caller's thread; owns nothing.
#pragma once

#include <functional>
#include <span>
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
  std::function<void(const GameRecord&)> on_game{};  ///< once for each game, as it ends
  std::function<bool()> keep_going{};                ///< asked once a tick; false ends the rest as kCancelled faults
};

/// Who plays the two sides of one pairing; one object may play in many.
struct Sides {
  shogi::Player* agent = nullptr;
  shogi::Player* opponent = nullptr;
};

/// Plays the whole plan, `sides` by pairing; returns one record for each game that counts, by game number. A player
/// that throws, faults or does not answer makes a fault of that game alone. With a stop rule on_game also sees games
/// that end beyond the stop.
[[nodiscard]] std::vector<GameRecord> play_games(const Plan& plan, std::span<const Sides> sides,
                                                 const LoopOptions& options, const Clock& clock,
                                                 const LoopHooks& hooks = {});

/// Plays pairing number `pairing` of the plan alone; as play_games.
[[nodiscard]] std::vector<GameRecord> play_pairing(const Plan& plan, std::size_t pairing, shogi::Player& agent,
                                                   shogi::Player& opponent, const LoopOptions& options,
                                                   const Clock& clock, const LoopHooks& hooks = {});

/// Random numbers of one turn.
[[nodiscard]] Random turn_stream(std::uint64_t seed, std::uint64_t game, int ply, shogi::Color side);

}  // namespace keisei::evaluation
