// Why a move is not legal, in words for people: the first rule that it breaks. Only asked when a move was refused, so
// it is written for clearness, not for speed. Pure function, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "shogi/position.h"

namespace keisei::shogi {

/// One clause without a full stop, "5e holds no piece"; empty for a legal move. For any 16 bits.
[[nodiscard]] std::string why_illegal(const Position& position, Move m);

/// "pawn", "promoted lance", "horse"; "" for kNone.
[[nodiscard]] std::string_view kind_name(Kind k);

}  // namespace keisei::shogi
