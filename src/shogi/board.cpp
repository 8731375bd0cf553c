#include "shogi/board.h"

#include <cstring>

#include "shogi/zobrist.h"

namespace keisei::shogi {
namespace {

constexpr bool moves_like_gold(Kind k) { return step_kind(k) == Kind::kGold; }

}  // namespace

bool Board::has_hand(Color c) const {
  std::uint64_t counts = 0;
  static_assert(sizeof hands_[0] == sizeof counts);
  std::memcpy(&counts, hands_[index(c)], sizeof counts);
  return counts != 0;
}

void Board::place(Color c, Kind k, Square s) {
  const Bitboard bit = Bitboard::of(s);
  colors_[index(c)] ^= bit;
  kinds_[index(k)] ^= bit;
  if (moves_like_gold(k)) golds_ ^= bit;
  squares_[s] = static_cast<std::uint8_t>(index(k) | (index(c) << 4));
  key_ += kZobrist.piece[index(c)][index(k)][s];
}

void Board::remove(Color c, Kind k, Square s) {
  const Bitboard bit = Bitboard::of(s);
  colors_[index(c)] ^= bit;
  kinds_[index(k)] ^= bit;
  if (moves_like_gold(k)) golds_ ^= bit;
  squares_[s] = 0;
  key_ -= kZobrist.piece[index(c)][index(k)][s];
}

void Board::add_to_hand(Color c, Kind k, int n) {
  std::uint8_t& count = hands_[index(c)][index(k)];
  count = static_cast<std::uint8_t>(count + n);
  key_ += static_cast<std::uint64_t>(static_cast<std::int64_t>(n)) * kZobrist.hand[index(c)][index(k)];
}

void Board::put(Square s, Piece p) {
  place(p.color, p.kind, s);
  if (p.kind == Kind::kKing) kings_[index(p.color)] = static_cast<std::uint8_t>(s);
}

void Board::set_hand(Color c, Kind k, int count) { add_to_hand(c, k, count - hand(c, k)); }

void Board::set_side(Color c) {
  if (c == side_) return;
  side_ = c;
  key_ += c == Color::kWhite ? kZobrist.white_to_move : -kZobrist.white_to_move;
}

void Board::derive() {
  find_slider_checks_and_pins();
  checkers_ |= attackers(~side_, king(side_), occupied());
}

Bitboard Board::snipers(Color king_color) const {
  const Square k = king(king_color);
  return ((reach(king_color, Kind::kRook, k) & rooks()) | (reach(king_color, Kind::kBishop, k) & bishops()) |
          (reach(king_color, Kind::kLance, k) & pieces(Kind::kLance))) &
         pieces(~king_color);
}

void Board::find_slider_checks_and_pins() {
  const Square k = king(side_);
  const Bitboard all = occupied();
  checkers_ = {};
  pinned_ = {};
  snipers(side_).for_each([&](Square s) {
    const Bitboard shields = between(k, s) & all;
    if (shields.none()) {
      checkers_.set(s);
    } else if (!shields.more_than_one()) {
      pinned_ |= shields & pieces(side_);
    }
  });
}

Bitboard Board::blockers(Color king_color, Color shield_color) const {
  const Square k = king(king_color);
  const Bitboard all = occupied();
  Bitboard found;
  snipers(king_color).for_each([&](Square s) {
    const Bitboard shields = between(k, s) & all;
    if (shields.any() && !shields.more_than_one()) found |= shields & pieces(shield_color);
  });
  return found;
}

Bitboard Board::attackers(Color by, Square s, Bitboard occupied) const {
  const Color us = ~by;  // seen from `s`, a piece of `by` attacks along the steps of the other colour
  Bitboard found = (reach(us, Kind::kPawn, s) & pieces(Kind::kPawn)) |
                   (reach(us, Kind::kKnight, s) & pieces(Kind::kKnight)) |
                   (reach(us, Kind::kSilver, s) & pieces(Kind::kSilver)) | (reach(us, Kind::kGold, s) & golds_) |
                   (king_steps(s) & (pieces(Kind::kKing) | pieces(Kind::kHorse) | pieces(Kind::kDragon)));
  const Bitboard own = pieces(by);
  if ((reach(us, Kind::kLance, s) & pieces(Kind::kLance) & own).any()) {
    found |= lance_attacks(us, s, occupied) & pieces(Kind::kLance);
  }
  if ((reach(us, Kind::kBishop, s) & bishops() & own).any()) found |= bishop_attacks(s, occupied) & bishops();
  if ((reach(us, Kind::kRook, s) & rooks() & own).any()) found |= rook_attacks(s, occupied) & rooks();
  return found & own;
}

bool Board::attacked(Color by, Square s, Bitboard occupied) const {
  const Color us = ~by;
  const Bitboard own = pieces(by);
  const Bitboard steps = (reach(us, Kind::kPawn, s) & pieces(Kind::kPawn)) |
                         (reach(us, Kind::kKnight, s) & pieces(Kind::kKnight)) |
                         (reach(us, Kind::kSilver, s) & pieces(Kind::kSilver)) | (reach(us, Kind::kGold, s) & golds_) |
                         (king_steps(s) & (pieces(Kind::kKing) | pieces(Kind::kHorse) | pieces(Kind::kDragon)));
  if ((steps & own).any()) return true;
  const Bitboard diagonal = reach(us, Kind::kBishop, s) & bishops() & own;
  if (diagonal.any() && (bishop_attacks(s, occupied) & diagonal).any()) return true;
  const Bitboard straight = reach(us, Kind::kRook, s) & rooks() & own;
  if (straight.any() && (rook_attacks(s, occupied) & straight).any()) return true;
  const Bitboard lances = reach(us, Kind::kLance, s) & pieces(Kind::kLance) & own;
  return lances.any() && (lance_attacks(us, s, occupied) & lances).any();
}

Kind Board::apply(Move m) {
  const Color us = side_;
  const Color them = ~us;
  const Square to = m.to();
  Kind captured = Kind::kNone;
  Kind arriving = Kind::kNone;
  if (m.is_drop()) {
    arriving = m.dropped();
    add_to_hand(us, arriving, -1);
  } else {
    const Square from = m.from();
    const Kind moving = kind_on(from);
    arriving = m.promotes() ? promoted(moving) : moving;
    captured = kind_on(to);
    if (captured != Kind::kNone) {
      remove(them, captured, to);
      add_to_hand(us, unpromoted(captured), 1);
    }
    remove(us, moving, from);
    if (moving == Kind::kKing) kings_[index(us)] = static_cast<std::uint8_t>(to);
  }
  place(us, arriving, to);
  side_ = them;
  key_ += them == Color::kWhite ? kZobrist.white_to_move : -kZobrist.white_to_move;
  find_slider_checks_and_pins();
  // Of the pieces that step, only the one that has just arrived can give check.
  if (reach(us, step_kind(arriving), to).has(king(them))) checkers_.set(to);
  return captured;
}

void Board::revert(Move m, Kind captured, Bitboard checkers, Bitboard pinned) {
  const Color them = side_;
  const Color us = ~them;
  const Square to = m.to();
  const Kind arrived = kind_on(to);
  remove(us, arrived, to);
  if (m.is_drop()) {
    add_to_hand(us, arrived, 1);
  } else {
    const Kind moved = m.promotes() ? unpromoted(arrived) : arrived;
    place(us, moved, m.from());
    if (moved == Kind::kKing) kings_[index(us)] = static_cast<std::uint8_t>(m.from());
    if (captured != Kind::kNone) {
      add_to_hand(us, unpromoted(captured), -1);
      place(them, captured, to);
    }
  }
  side_ = us;
  key_ -= them == Color::kWhite ? kZobrist.white_to_move : -kZobrist.white_to_move;
  checkers_ = checkers;
  pinned_ = pinned;
}

bool Board::same_position(const Board& other) const {
  return side_ == other.side_ && std::memcmp(squares_, other.squares_, sizeof squares_) == 0 &&
         std::memcmp(hands_, other.hands_, sizeof hands_) == 0;
}

}  // namespace keisei::shogi
