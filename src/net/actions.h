// The policy's 2,187 actions: destination square x 27 kinds of move (10 directions of arrival, the same 10 with
// promotion, 7 drops), all from the mover's view, as dlshogi and Pgx do. Index = square * 27 + kind, which is the
// memory order of a channels-last 27-plane head. Every legal move of a position has an index of its own, both ways.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "shogi/position.h"

namespace keisei::net {

inline constexpr int kMoveKinds = 27;
inline constexpr int kActions = shogi::kSquares * kMoveKinds;

using Action = std::uint16_t;

/// The action of a pseudo-legal move (a move along a line or a knight's jump, or a drop) by `side`.
[[nodiscard]] Action action_of(shogi::Move move, shogi::Color side);

/// The same of several, into `out`, which has room for them.
void write_actions(std::span<const shogi::Move> moves, shogi::Color side, Action* out);

/// The move that an action means in this position; nothing when no own piece arrives that way. Not a legality test.
[[nodiscard]] std::optional<shogi::Move> move_of(Action action, const shogi::Position& position);

}  // namespace keisei::net
