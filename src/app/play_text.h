// What a person sees and types in `keisei play`: the board as text, a move in Japanese, and the way back from what was
// typed. A typed move is compared with how each legal move is written, so a reading is never wrong, at worst unknown.
// Text is UTF-8. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "shogi/position.h"

namespace keisei::app {

inline constexpr std::size_t kMaxTypedBytes = 64;

/// The board with hands, from below: `below` sits at the lower edge. Ends with a line feed.
[[nodiscard]] std::string board_text(const shogi::Position& position, shogi::Color below, bool kanji);

/// "▲７六歩", as KI2 writes it: after the last move, with 同 where it goes to the same square.
[[nodiscard]] std::string move_text(const shogi::Position& position, shogi::Move move);

/// A legal move from "7g7f" or from Japanese: "▲７六歩", "76歩", "同銀", "5五角打", "３三桂不成". kUsage when it is not
/// one legal move.
[[nodiscard]] Result<shogi::Move> read_move(const shogi::Position& position, std::string_view typed);

}  // namespace keisei::app
