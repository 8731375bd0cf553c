// Moves and positions as XBoard engines read and write them, from and to USI's form. Two spellings of squares are in
// use: that of the protocol (file a is the ninth file, rank 1 is rank i: c3c4, P@e5) and that of GNU Shogi, which is
// USI's own (7g7f, P*5e). In both "+" promotes. Engines are foreign programs, so any bytes may come in. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shogi/types.h"

namespace keisei::evaluation {

enum class XboardSquares { kProtocol, kShogi };

/// A move as the engine reads it; `usi` is a move in USI's form.
[[nodiscard]] std::string xboard_move(std::string_view usi, XboardSquares squares);

/// A move as the engine wrote it, of either spelling, in USI's form; "=" (no promotion) is left out. Nothing when the
/// word has not the form of a move. Whether it is legal is not asked.
[[nodiscard]] std::optional<std::string> usi_of_xboard(std::string_view word);

/// The position for setboard: the board as in SFEN, all pieces in hand in brackets, "w" for the side that moves first.
/// `sfen` is canonical.
[[nodiscard]] std::string xboard_fen(std::string_view sfen);

/// The position as lines behind `edit`, from "#" to ".": one for each piece ("Pc3", "Rb8+"), one for each in hand
/// ("P*"), the first mover's, "c", the other's.
[[nodiscard]] std::vector<std::string> xboard_edit(std::string_view sfen, XboardSquares squares);

/// The word that gives the move to a side: the protocol calls Shogi's Black "white", for it moves first.
[[nodiscard]] std::string_view xboard_side(shogi::Color side, XboardSquares squares);

}  // namespace keisei::evaluation
