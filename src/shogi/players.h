// The players that need no network: `random`, `greedy` and `material:D` (material_player.h), yardsticks for a learner
// that starts from nothing. No answer depends on an earlier turn; all chance comes from the turn's own stream. One
// thread at a time per player.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "shogi/player.h"

namespace keisei::shogi {

/// Worth of a piece in pawns; the king is worth 0.
[[nodiscard]] double material_value(Kind k);
/// A colour's pieces on the board and in hand, in pawns.
[[nodiscard]] double material(const Position& position, Color c);
/// What a legal move changes in (own material - other's material), in pawns.
[[nodiscard]] double material_gain(const Position& position, Move m);

/// "random" (uniform over the legal moves), "greedy" (alias "heuristic": most material at once, ties at random) or
/// "material:D[?epsilon=E]" (alpha-beta, D plies).
/// They declare when `rules` allow it and the declaration wins, and resign only when there is no legal move. kUsage.
[[nodiscard]] Result<std::unique_ptr<Player>> make_builtin(std::string_view spec, const Rules& rules = {});

}  // namespace keisei::shogi
