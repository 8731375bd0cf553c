// A position as a diagram for viewers that take pictures (W&B, TensorBoard): board, hands, the last move's square in
// red; promoted pieces in red letters. Letters, because no font with kanji can be taken for granted. Reads the SFEN
// itself: a diagram needs no rules, and this room knows no shogi. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "telemetry/png.h"

namespace keisei::telemetry {

/// Nothing when `sfen` is none. `last_move` is USI (its target square is marked) or empty.
[[nodiscard]] std::optional<Picture> board_picture(std::string_view sfen, std::string_view last_move);

}  // namespace keisei::telemetry
