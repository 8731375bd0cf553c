// A shogi position as text: board, both hands, the last move marked. It only shows what an event carries and knows no
// rules (the room of the rules is not for the dashboard), so it reads an SFEN's form and nothing more. Black's pieces
// stand as they are, White's behind a "v", as in printed diagrams; in ASCII by letters, White's small.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dashboard/cells.h"

namespace keisei::dashboard {

inline constexpr int kBoardColumns = 31;  ///< cells of the widest line, hands apart
inline constexpr int kBoardRows = 14;     ///< two hands, files, frame, nine ranks

/// Number of plies played, from the SFEN's move number; nothing when that is not there.
[[nodiscard]] std::optional<int> ply_of(std::string_view sfen);

/// kBoardRows lines, White's hand first; empty when `sfen` has not the form of one. `last_move` is USI or empty.
[[nodiscard]] std::vector<Line> board_lines(std::string_view sfen, std::string_view last_move, bool unicode);

}  // namespace keisei::dashboard
