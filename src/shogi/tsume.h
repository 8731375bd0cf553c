// Tsume: mate by checks alone. An exact solver: the attacker (the side to move) gives check with every move, the
// defender tries every legal answer, interpositions that only delay included, and the shortest mate is the answer; pawn
// drops that mate are no moves. A position counts as it stands: how often it occurred before does not, which can only
// matter to a mate that was not the shortest. Pure functions, thread-safe; memory grows with nodes up to a bound.
#pragma once

#include <cstdint>
#include <vector>

#include "shogi/position.h"

namespace keisei::shogi {

inline constexpr int kMaxTsumePlies = 31;

enum class TsumeVerdict : std::uint8_t {
  kMate,       ///< proved
  kNoMate,     ///< disproved within the plies asked for
  kUndecided,  ///< the nodes were spent before
};

struct TsumeResult {
  TsumeVerdict verdict = TsumeVerdict::kUndecided;
  int plies = 0;           ///< kMate: of the shortest mate; otherwise the most plies within which no mate exists
  std::vector<Move> line;  ///< kMate: `plies` moves, the attacker's shortest against the longest defence
  std::uint64_t nodes = 0;
};

/// Looks for the shortest mate in at most `max_plies` plies (an even number counts as the odd one below; at most
/// kMaxTsumePlies), visiting at most `max_nodes` positions.
[[nodiscard]] TsumeResult solve(const Position& position, int max_plies, std::uint64_t max_nodes);

/// What is left of a mate in `mate_in` plies once the attacker has played `first`: kMate if it is a check after which
/// every answer is mated within mate_in - 2 plies, kNoMate otherwise, also for an illegal move.
[[nodiscard]] TsumeVerdict judge_first_move(const Position& position, Move first, int mate_in, std::uint64_t max_nodes);

}  // namespace keisei::shogi
