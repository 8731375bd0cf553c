// A player that wants to hear how its games end: it keeps something for each game (a process, a clock) or passes the
// result on (USI's gameover). It implements this beside shogi::Player; the loop tells it, and whoever wraps a player
// passes it on. Called from the thread that asks for moves, between two calls of choose().
#pragma once

#include <cstdint>

#include "evaluation/record.h"
#include "shogi/player.h"

namespace keisei::evaluation {

class GameListener {
 public:
  virtual ~GameListener() = default;
  /// Game number `game` is over; `result` as this player sees it, kFault where there is none. Once for each game, also
  /// for one in which the player was never asked. Must not throw.
  virtual void game_over(std::uint64_t game, GameResult result) = 0;
};

/// Tells the player where it is a listener.
inline void tell_game_over(shogi::Player& player, std::uint64_t game, GameResult result) {
  if (auto* const listener = dynamic_cast<GameListener*>(&player)) listener->game_over(game, result);
}

}  // namespace keisei::evaluation
