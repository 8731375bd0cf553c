// Counting the leaves of the tree of legal moves: the proof that the rules are right.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "shogi/position.h"

namespace keisei::shogi {

/// Leaves after `depth` plies; 1 at depth 0 or less. The end of a game by repetition is not looked at.
[[nodiscard]] std::uint64_t perft(const Position& position, int depth);
/// The same count with every leaf move made and taken back as well, as an environment would, instead of counted from
/// the length of the list: what making a move costs.
[[nodiscard]] std::uint64_t perft_made(const Position& position, int depth);
/// The same as perft(), split by first move, in the order of generation; empty at depth 0 or less.
[[nodiscard]] std::vector<std::pair<Move, std::uint64_t>> perft_divide(const Position& position, int depth);

}  // namespace keisei::shogi
