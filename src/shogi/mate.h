// Checks and mate in one on a board. Self-play asks for a mate at every ply, so only checking moves are formed, and
// each is tried on a copy of the board, not in the game's history. Pure functions, thread-safe.
#pragma once

#include <optional>

#include "shogi/board.h"

namespace keisei::shogi {

/// Whether a legal move gives check, directly or by opening a line.
[[nodiscard]] bool gives_check(const Board& board, Move m);
/// A legal move after which the other side is in check and has no legal move; nothing exactly when there is none.
[[nodiscard]] std::optional<Move> mate_in_one(const Board& board);

}  // namespace keisei::shogi
