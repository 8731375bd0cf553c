// An evaluation from request to records: plan, players, and one loop over the games of all pairings side by side. Every
// distinct player is asked for once and lives as long as the run; two mentions of one set of weights are one Player, so
// a network makes one batched forward pass a tick over all pairings in which it is to move. Runs on the caller's
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "evaluation/game_loop.h"
#include "evaluation/request.h"

namespace keisei::evaluation {

/// Makes the player of a spec; `id` is its weights id, or the canonical name of a built-in player ("" = unknown).
using PlayerFor = std::function<Result<std::shared_ptr<shogi::Player>>(const PlayerSpec& spec, const std::string& id)>;

/// Plays the request to its end: one record for each game that counts, by game number; games that could not be played
/// are faults. kUsage for what cannot be planned; an error of `player_for` before the first game. With a stop rule
/// hooks.on_game also sees games beyond the stop, which are not among the returned ones (nor believed by
/// account_for_all).
[[nodiscard]] Result<std::vector<GameRecord>> run_evaluation(const Request& request, const PlayerFor& player_for,
                                                             const Clock& clock, const LoopHooks& hooks = {});

}  // namespace keisei::evaluation
