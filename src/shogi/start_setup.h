// A start position while it is read piece by piece from a diagram (KIF's BOD, CSA's P lines, JKF's data), and the
// handicaps that the formats know by name. A setup becomes a Position through its SFEN, so that one place judges what
// a position may be. Internal to readers and writers of records. Plain values; pure functions.
#pragma once

#include <array>
#include <string_view>

#include "base/result.h"
#include "shogi/position.h"

namespace keisei::shogi {

struct StartSetup {
  std::array<Piece, kSquares> board{};
  std::array<std::array<int, kHandKinds + 1>, 2> hands{};  ///< by colour and kind
  Color side = Color::kBlack;
  int move_number = 1;

  /// The pieces of `position`.
  [[nodiscard]] static StartSetup of(const Position& position);
  /// kBadData for what Position::from_sfen refuses.
  [[nodiscard]] Result<Position> position() const;
};

struct Handicap {
  std::string_view kif;  ///< 手合割
  std::string_view jkf;  ///< preset
  std::string_view sfen;
  bool is_written;  ///< every reader knows it; the others get a diagram
};

/// By 手合割's value or JKF's preset; nullptr for none. The even start is one of them.
[[nodiscard]] const Handicap* handicap_named(std::string_view name);
/// The one that `start` is and that every reader knows; nullptr for none.
[[nodiscard]] const Handicap* handicap_of(const Position& start);

}  // namespace keisei::shogi
