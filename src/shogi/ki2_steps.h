// How a piece comes to a square as its player sees it, and which piece KI2's words 上 寄 引 and 左 直 右 mean among
// those of its kind that get there. Writer and reader share it, so that they cannot mean different things. Internal to
// them. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shogi/position.h"

namespace keisei::shogi {

/// What tells a piece apart; absent words say nothing.
struct Telling {
  std::optional<int> forward{};  ///< 上 1, 寄 0, 引 -1
  std::optional<int> side{};     ///< comes from the 右 1, 直 0, 左 -1
};

/// The squares that the words can mean, of pieces of one kind and of `us` that all get to `to`. 左 and 右 alone may be
/// said of the outermost where none comes from that side, as of two horses or dragons.
[[nodiscard]] std::vector<Square> meant(std::vector<Square> from, Square to, Color us, const Telling& words);

/// What tells the piece on `from` apart from the others that get to `to`; nothing where there is no other.
[[nodiscard]] Telling telling(const std::vector<Square>& reaching, Square from, Square to, Color us, Kind kind);

/// The words for a legal move: "左上", "打", or nothing.
[[nodiscard]] std::string telling_words(const Position& position, Move m);

/// Pieces of the side to move of this kind that get to `to`, pinned or not.
[[nodiscard]] std::vector<Square> reaching(const Position& position, Kind kind, Square to);

}  // namespace keisei::shogi
