// Moves and games as USI text ("7g7f", "8h2b+", "P*5e"). Pure functions, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shogi/position.h"

namespace keisei::shogi {

/// "7g7f", "8h2b+", "P*5e"; "none" for the null move.
[[nodiscard]] std::string to_usi(Move m);
/// "5e"
[[nodiscard]] std::string to_usi(Square s);
/// Syntax only, no position needed; kBadData says which part is wrong.
[[nodiscard]] Result<Move> parse_usi(std::string_view text);
/// A position with its history: SFEN or "startpos", then the moves. The error names the move's number (from 1) and
/// text.
[[nodiscard]] Result<Position> position_from(std::string_view sfen_or_startpos, std::span<const std::string> usi_moves);

}  // namespace keisei::shogi
