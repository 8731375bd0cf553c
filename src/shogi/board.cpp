#include "shogi/board.h"

#include <cstring>

#include "shogi/board_moves.h"

namespace keisei::shogi {

void Board::put(Square s, Piece p) {
  flip_piece(p.color, index(p.kind), words(kAttackTables.bits[s]));
  squares_[s] = static_cast<std::uint8_t>(index(p.kind) | (index(p.color) << 4));
  derived_.key += kZobrist.piece[index(p.color)][index(p.kind)][s];
  if (p.kind == Kind::kKing) kings_[index(p.color)] = static_cast<std::uint8_t>(s);
}

void Board::set_hand(Color c, Kind k, int count) {
  const auto more = static_cast<std::uint64_t>(static_cast<std::int64_t>(count - hand(c, k)));
  hands_[index(c)] += more * one_in_hand(index(k));
  derived_.key += more * kZobrist.hand[index(c)][index(k)];
}

void Board::set_side(Color c) {
  if (c == side_) return;
  side_ = c;
  derived_.key += c == Color::kWhite ? kZobrist.white_to_move : -kZobrist.white_to_move;
}

void Board::derive() {
  const Words attacking = words(attackers(~side_, king(side_), occupied()));
  if (side_ == Color::kBlack) {
    find_slider_checks_and_pins<Color::kBlack>(attacking);
  } else {
    find_slider_checks_and_pins<Color::kWhite>(attacking);
  }
}

Bitboard Board::blockers(Color king_color, Color shield_color) const {
  const Square k = king(king_color);
  const Bitboard all = occupied();
  Bitboard found;
  const Bitboard snipers = king_color == Color::kBlack ? snipers_as<Color::kBlack>() : snipers_as<Color::kWhite>();
  snipers.for_each([&](Square s) {
    const Bitboard shields = between(k, s) & all;
    if (shields.any() && !shields.more_than_one()) found |= shields & pieces(shield_color);
  });
  return found;
}

Bitboard Board::attackers(Color by, Square s, Bitboard occupied) const {
  const Color us = ~by;  // seen from `s`, a piece of `by` attacks along the steps of the other colour
  Bitboard found = (reach(us, Kind::kPawn, s) & pieces(Kind::kPawn)) |
                   (reach(us, Kind::kKnight, s) & pieces(Kind::kKnight)) |
                   (reach(us, Kind::kSilver, s) & pieces(Kind::kSilver)) | (reach(us, Kind::kGold, s) & golds()) |
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
                         (reach(us, Kind::kSilver, s) & pieces(Kind::kSilver)) | (reach(us, Kind::kGold, s) & golds()) |
                         (king_steps(s) & (pieces(Kind::kKing) | pieces(Kind::kHorse) | pieces(Kind::kDragon)));
  if ((steps & own).any()) return true;
  const Bitboard diagonal = reach(us, Kind::kBishop, s) & bishops() & own;
  if (diagonal.any() && (bishop_attacks(s, occupied) & diagonal).any()) return true;
  const Bitboard straight = reach(us, Kind::kRook, s) & rooks() & own;
  if (straight.any() && (rook_attacks(s, occupied) & straight).any()) return true;
  const Bitboard lances = reach(us, Kind::kLance, s) & pieces(Kind::kLance) & own;
  return lances.any() && (lance_attacks(us, s, occupied) & lances).any();
}

Kind Board::apply(Move m) { return side_ == Color::kBlack ? apply_as<Color::kBlack>(m) : apply_as<Color::kWhite>(m); }

void Board::revert(Move m, Kind captured, const Derived& before) {
  if (side_ == Color::kWhite) {
    revert_as<Color::kBlack>(m, captured, before);
  } else {
    revert_as<Color::kWhite>(m, captured, before);
  }
}

bool Board::same_position(const Board& other) const {
  return side_ == other.side_ && std::memcmp(squares_, other.squares_, sizeof squares_) == 0 &&
         std::memcmp(hands_, other.hands_, sizeof hands_) == 0;
}

}  // namespace keisei::shogi
