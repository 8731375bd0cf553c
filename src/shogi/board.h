// One position without its past: pieces, hands, side to move, and what follows from them at every move - hash key,
// checkers and pins of the side to move - so that moves are generated legal and none is made to test it. Position adds
// the history. Plain value of some 400 bytes, cheap to copy; one thread at a time. Moves given to it must be legal.
#pragma once

#include <cstdint>

#include "shogi/attacks.h"
#include "shogi/bitboard.h"
#include "shogi/types.h"

namespace keisei::shogi {

struct Piece {
  Kind kind = Kind::kNone;
  Color color = Color::kBlack;
  friend constexpr bool operator==(Piece, Piece) = default;
};

class Board {
 public:
  [[nodiscard]] Color side() const { return side_; }
  [[nodiscard]] Kind kind_on(Square s) const { return static_cast<Kind>(squares_[s] & 0xF); }
  [[nodiscard]] Piece piece_on(Square s) const { return {kind_on(s), static_cast<Color>(squares_[s] >> 4)}; }
  [[nodiscard]] int hand(Color c, Kind k) const { return hands_[index(c)][index(k)]; }
  [[nodiscard]] bool has_hand(Color c) const;
  [[nodiscard]] Square king(Color c) const { return kings_[index(c)]; }
  [[nodiscard]] std::uint64_t key() const { return key_; }

  [[nodiscard]] Bitboard occupied() const { return colors_[0] | colors_[1]; }
  [[nodiscard]] Bitboard pieces(Color c) const { return colors_[index(c)]; }
  /// Both colours' pieces of a kind.
  [[nodiscard]] Bitboard pieces(Kind k) const { return kinds_[index(k)]; }
  [[nodiscard]] Bitboard pieces(Color c, Kind k) const { return colors_[index(c)] & kinds_[index(k)]; }
  /// Gold and everything that moves like one, both colours.
  [[nodiscard]] Bitboard golds() const { return golds_; }
  [[nodiscard]] Bitboard bishops() const { return pieces(Kind::kBishop) | pieces(Kind::kHorse); }
  [[nodiscard]] Bitboard rooks() const { return pieces(Kind::kRook) | pieces(Kind::kDragon); }

  /// Pieces that give check to the side to move.
  [[nodiscard]] Bitboard checkers() const { return checkers_; }
  /// Pieces of the side to move that shield their king from a slider.
  [[nodiscard]] Bitboard pinned() const { return pinned_; }

  /// Pieces of `by` that attack `s` when `occupied` are the occupied squares.
  [[nodiscard]] Bitboard attackers(Color by, Square s, Bitboard occupied) const;
  [[nodiscard]] bool attacked(Color by, Square s, Bitboard occupied) const;
  /// Pieces of `shields` that alone stand between the king of `king_color` and a slider of the other colour.
  [[nodiscard]] Bitboard blockers(Color king_color, Color shields) const;

  /// Plays a legal move; returns the kind captured, kNone if none.
  Kind apply(Move m);
  /// Takes back `m`, which captured `captured`, and restores the checkers and pins of the position before it.
  void revert(Move m, Kind captured, Bitboard checkers, Bitboard pinned);

  /// Setting up: put pieces, hands and side, then call derive() once.
  void put(Square s, Piece p);
  void set_hand(Color c, Kind k, int count);
  void set_side(Color c);
  void derive();

  /// Same pieces, hands and side to move.
  [[nodiscard]] bool same_position(const Board& other) const;

 private:
  void place(Color c, Kind k, Square s);
  void remove(Color c, Kind k, Square s);
  void add_to_hand(Color c, Kind k, int n);
  /// Sliders of the other colour that would attack this king on an empty board.
  [[nodiscard]] Bitboard snipers(Color king_color) const;
  void find_slider_checks_and_pins();

  Bitboard colors_[2];
  Bitboard kinds_[kKinds];
  Bitboard golds_;
  Bitboard checkers_;
  Bitboard pinned_;
  std::uint64_t key_ = 0;
  std::uint8_t squares_[kSquares] = {};  ///< kind | colour << 4; 0 is empty
  std::uint8_t hands_[2][kHandKinds + 1] = {};
  std::uint8_t kings_[2] = {};
  Color side_ = Color::kBlack;
};

}  // namespace keisei::shogi
