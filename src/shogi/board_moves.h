// Making and taking back a move on a board, for the few sources where each nanosecond counts; all others call
// Board::apply and Board::revert. Templated on the colour of the mover, and without a branch on kinds or promotion:
// what a move changes are a handful of 16-byte sets, one hand and the hash. Checkers and pins follow from the sliders
// on the king's lines; no other piece than the one that arrived can give check besides them.
#pragma once

#include "shogi/board.h"
#include "shogi/zobrist.h"

namespace keisei::shogi {

inline void Board::flip_piece(Color c, int kind, Words bit) {
  flip(colors_[index(c)], bit);
  flip(kinds_[kind], bit);
  flip(groups_[kGroupOf[kind]], bit);
}

template <Color kKing>
Bitboard Board::snipers_as() const {
  const auto& reach_of = kAttackTables.reach[index(kKing)];
  const Square k = kings_[index(kKing)];
  return to_bitboard(((words(reach_of[index(Kind::kRook)][k]) & words(groups_[kRooks])) |
                      (words(reach_of[index(Kind::kBishop)][k]) & words(groups_[kBishops])) |
                      (words(reach_of[index(Kind::kLance)][k]) & words(kinds_[index(Kind::kLance)]))) &
                     words(colors_[index(~kKing)]));
}

template <Color kKing>
void Board::find_slider_checks_and_pins(Words other_checkers) {
  const Square k = kings_[index(kKing)];
  const Words own = words(colors_[index(kKing)]);
  const Words all = own | words(colors_[index(~kKing)]);
  Words checkers = other_checkers;
  Words pinned = {};
  snipers_as<kKing>().for_each([&](Square s) {
    // From the king on: what stands before the sniper, and the sniper itself.
    const auto& rays = kAttackTables.rays[kAttackTables.direction[k][s]];
    const Words line = (words(rays[k]) ^ words(rays[s])) & all;
    const int on_line = to_bitboard(line).count();
    const Words none = {};
    checkers |= line & (none - std::uint64_t{on_line == 1});
    pinned |= line & own & (none - std::uint64_t{on_line == 2});
  });
  store(derived_.checkers, checkers);
  store(derived_.pinned, pinned);
}

template <Color kUs>
Kind Board::apply_as(Move m) {
  constexpr int kMe = index(kUs);
  constexpr int kYou = index(~kUs);
  const Square to = m.to();
  const Words to_bit = words(kAttackTables.bits[to]);
  std::uint64_t key = derived_.key + (kUs == Color::kBlack ? kZobrist.white_to_move : -kZobrist.white_to_move);
  int captured = 0;
  int arriving = 0;
  if (m.is_drop()) {
    arriving = index(m.dropped());
    hands_[kMe] -= one_in_hand(arriving);
    key -= kZobrist.hand[kMe][arriving];
  } else {
    const Square from = m.from();
    const int moving = squares_[from] & 0xF;
    arriving = moving + (m.promotes() ? 8 : 0);
    captured = squares_[to] & 0xF;
    if (captured != 0) {
      const int kept = index(unpromoted(static_cast<Kind>(captured)));
      flip_piece(~kUs, captured, to_bit);
      hands_[kMe] += one_in_hand(kept);
      key += kZobrist.hand[kMe][kept] - kZobrist.piece[kYou][captured][to];
    }
    flip_piece(kUs, moving, words(kAttackTables.bits[from]));
    squares_[from] = 0;
    key -= kZobrist.piece[kMe][moving][from];
    kings_[kMe] = moving == index(Kind::kKing) ? static_cast<std::uint8_t>(to) : kings_[kMe];
  }
  flip_piece(kUs, arriving, to_bit);
  squares_[to] = static_cast<std::uint8_t>(arriving | (kMe << 4));
  derived_.key = key + kZobrist.piece[kMe][arriving][to];
  side_ = ~kUs;
  const auto& steps = kAttackTables.reach[kYou][index(kStepKinds[arriving])];
  find_slider_checks_and_pins<~kUs>(words(steps[kings_[kYou]]) & to_bit);
  return static_cast<Kind>(captured);
}

template <Color kUs>
void Board::revert_as(Move m, Kind captured, const Derived& before) {
  constexpr int kMe = index(kUs);
  constexpr int kYou = index(~kUs);
  const Square to = m.to();
  const Words to_bit = words(kAttackTables.bits[to]);
  const int arrived = squares_[to] & 0xF;
  flip_piece(kUs, arrived, to_bit);
  if (m.is_drop()) {
    hands_[kMe] += one_in_hand(arrived);
    squares_[to] = 0;
  } else {
    const Square from = m.from();
    const int moved = arrived - (m.promotes() ? 8 : 0);
    flip_piece(kUs, moved, words(kAttackTables.bits[from]));
    squares_[from] = static_cast<std::uint8_t>(moved | (kMe << 4));
    kings_[kMe] = moved == index(Kind::kKing) ? static_cast<std::uint8_t>(from) : kings_[kMe];
    squares_[to] = 0;
    if (captured != Kind::kNone) {
      hands_[kMe] -= one_in_hand(index(unpromoted(captured)));
      flip_piece(~kUs, index(captured), to_bit);
      squares_[to] = static_cast<std::uint8_t>(index(captured) | (kYou << 4));
    }
  }
  side_ = kUs;
  store(derived_.checkers, words(before.checkers));
  store(derived_.pinned, words(before.pinned));
  derived_.key = before.key;
}

}  // namespace keisei::shogi
