// One position without its past: pieces, hands, side to move, and what follows from them at every move - hash key,
// checkers and pins of the side to move - so that moves are generated legal and none is made to test it. Position adds
// the history. Plain value of some 600 bytes, cheap to copy; one thread at a time. Moves given to it must be legal.
// Making a move is inline and templated on the colour (board_moves.h): perft and playouts spend half their time there.
#pragma once

#include <cstdint>
#include <span>

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
  /// What apply() computes anew and revert() gets back from its caller.
  struct Derived {
    Bitboard checkers;  ///< pieces that give check to the side to move
    Bitboard pinned;    ///< pieces of the side to move that shield their king from a slider
    std::uint64_t key = 0;
  };

  [[nodiscard]] Color side() const { return side_; }
  [[nodiscard]] Kind kind_on(Square s) const { return static_cast<Kind>(squares_[s] & 0xF); }
  [[nodiscard]] Piece piece_on(Square s) const { return {kind_on(s), static_cast<Color>(squares_[s] >> kColorShift)}; }
  static constexpr int kColorShift = 4;
  /// The same of all squares, as bytes: kind | colour << kColorShift; 0 is empty.
  [[nodiscard]] std::span<const std::uint8_t, kSquares> squares() const { return squares_; }
  [[nodiscard]] int hand(Color c, Kind k) const {
    return static_cast<int>((hands_[index(c)] >> (kHandBits * index(k))) & kHandMask);
  }
  [[nodiscard]] bool has_hand(Color c) const { return hands_[index(c)] != 0; }
  [[nodiscard]] Square king(Color c) const { return kings_[index(c)]; }
  [[nodiscard]] std::uint64_t key() const { return derived_.key; }

  [[nodiscard]] Bitboard occupied() const { return colors_[0] | colors_[1]; }
  [[nodiscard]] const Bitboard& pieces(Color c) const { return colors_[index(c)]; }
  /// Both colours' pieces of a kind.
  [[nodiscard]] const Bitboard& pieces(Kind k) const { return kinds_[index(k)]; }
  [[nodiscard]] Bitboard pieces(Color c, Kind k) const { return colors_[index(c)] & kinds_[index(k)]; }
  /// Gold and everything that moves like one, both colours.
  [[nodiscard]] const Bitboard& golds() const { return groups_[kGolds]; }
  /// Bishops and horses, both colours.
  [[nodiscard]] const Bitboard& bishops() const { return groups_[kBishops]; }
  /// Rooks and dragons, both colours.
  [[nodiscard]] const Bitboard& rooks() const { return groups_[kRooks]; }

  [[nodiscard]] const Bitboard& checkers() const { return derived_.checkers; }
  [[nodiscard]] const Bitboard& pinned() const { return derived_.pinned; }
  [[nodiscard]] const Derived& derived() const { return derived_; }

  /// Pieces of `by` that attack `s` when `occupied` are the occupied squares.
  [[nodiscard]] Bitboard attackers(Color by, Square s, Bitboard occupied) const;
  [[nodiscard]] bool attacked(Color by, Square s, Bitboard occupied) const;
  /// Pieces of `shields` that alone stand between the king of `king_color` and a slider of the other colour.
  [[nodiscard]] Bitboard blockers(Color king_color, Color shields) const;

  /// Plays a legal move; returns the kind captured, kNone if none.
  Kind apply(Move m);
  /// Takes back `m`, which captured `captured`, and restores what was derived before it.
  void revert(Move m, Kind captured, const Derived& before);
  /// The same where the colour of the mover is known. Defined in board_moves.h.
  template <Color kUs>
  Kind apply_as(Move m);
  template <Color kUs>
  void revert_as(Move m, Kind captured, const Derived& before);

  /// Setting up: put pieces, hands and side, then call derive() once.
  void put(Square s, Piece p);
  void set_hand(Color c, Kind k, int count);
  void set_side(Color c);
  void derive();

  /// Same pieces, hands and side to move.
  [[nodiscard]] bool same_position(const Board& other) const;

 private:
  /// Kinds that are often asked for together. Every kind is in one group, so that no move branches on it.
  enum Group : std::uint8_t { kRest, kGolds, kBishops, kRooks, kGroups };
  static constexpr Group kGroupOf[16] = {kRest, kRest,  kRest,  kRest,  kRest,  kBishops, kRooks, kGolds,
                                         kRest, kGolds, kGolds, kGolds, kGolds, kBishops, kRooks, kRest};
  static constexpr int kHandBits = 8;  ///< of each kind in a hand's word, at kHandBits * index(kind)
  static constexpr std::uint64_t kHandMask = 0xFF;
  [[nodiscard]] static constexpr std::uint64_t one_in_hand(int kind) { return std::uint64_t{1} << (kHandBits * kind); }

  /// Puts a piece on the sets or takes it off them.
  void flip_piece(Color c, int kind, Words bit);
  /// Sliders of the other colour that would attack this king on an empty board.
  template <Color kKing>
  [[nodiscard]] Bitboard snipers_as() const;
  template <Color kKing>
  void find_slider_checks_and_pins(Words other_checkers);

  Bitboard colors_[2];
  Bitboard kinds_[16];
  Bitboard groups_[kGroups];
  Derived derived_;
  std::uint64_t hands_[2] = {};
  std::uint8_t squares_[kSquares] = {};  ///< kind | colour << kColorShift; 0 is empty
  std::uint8_t kings_[2] = {};
  Color side_ = Color::kBlack;
};

}  // namespace keisei::shogi
