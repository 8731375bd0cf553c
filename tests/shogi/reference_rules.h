// The rules a second time, as slowly and plainly as possible: a 9x9 array, walked square by square, and every move made
// on a copy to see whether the king is left in check. It shares nothing with the engine but Square, Kind, Move.
#pragma once

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "shogi/position.h"

namespace keisei::shogi::reference {

struct Game {
  std::array<Piece, kSquares> squares;
  std::array<std::array<int, 8>, 2> hands{};
  Color side = Color::kBlack;

  explicit Game(const Position& p) : side(p.side()) {
    for (Square s = 0; s < kSquares; ++s) squares[static_cast<std::size_t>(s)] = p.piece_on(s);
    for (const Color c : {Color::kBlack, Color::kWhite}) {
      for (int k = 1; k <= kHandKinds; ++k) {
        hands[static_cast<std::size_t>(index(c))][static_cast<std::size_t>(k)] = p.hand(c, static_cast<Kind>(k));
      }
    }
  }

  [[nodiscard]] const Piece& at(int file, int rank) const {
    return squares[static_cast<std::size_t>(square(file, rank))];
  }
  Piece& at(Square s) { return squares[static_cast<std::size_t>(s)]; }
  [[nodiscard]] const Piece& at(Square s) const { return squares[static_cast<std::size_t>(s)]; }
  int& hand(Color c, Kind k) { return hands[static_cast<std::size_t>(index(c))][static_cast<std::size_t>(index(k))]; }
  [[nodiscard]] int hand(Color c, Kind k) const {
    return hands[static_cast<std::size_t>(index(c))][static_cast<std::size_t>(index(k))];
  }

  /// Squares that the piece on `from` attacks.
  [[nodiscard]] std::vector<Square> attacks_from(Square from) const {
    using Steps = std::vector<std::pair<int, int>>;
    static const Steps kDiagonal = {{1, -1}, {-1, -1}, {1, 1}, {-1, 1}};
    static const Steps kStraight = {{0, -1}, {0, 1}, {1, 0}, {-1, 0}};
    const Piece p = at(from);
    Steps steps;
    Steps slides;
    switch (p.kind) {
      case Kind::kPawn:
        steps = {{0, -1}};
        break;
      case Kind::kLance:
        slides = {{0, -1}};
        break;
      case Kind::kKnight:
        steps = {{1, -2}, {-1, -2}};
        break;
      case Kind::kSilver:
        steps = {{0, -1}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}};
        break;
      case Kind::kBishop:
        slides = kDiagonal;
        break;
      case Kind::kRook:
        slides = kStraight;
        break;
      case Kind::kHorse:
        slides = kDiagonal;
        steps = kStraight;
        break;
      case Kind::kDragon:
        slides = kStraight;
        steps = kDiagonal;
        break;
      case Kind::kKing:
        steps = kDiagonal;
        steps.insert(steps.end(), kStraight.begin(), kStraight.end());
        break;
      case Kind::kNone:
        break;
      default:
        steps = {{0, -1}, {1, -1}, {-1, -1}, {1, 0}, {-1, 0}, {0, 1}};
        break;
    }
    const int sign = p.color == Color::kBlack ? 1 : -1;
    std::vector<Square> out;
    const auto walk = [&](std::pair<int, int> step, int most) {
      int file = file_of(from);
      int rank = rank_of(from);
      for (int n = 0; n < most; ++n) {
        file += sign * step.first;
        rank += sign * step.second;
        if (file < 1 || file > 9 || rank < 1 || rank > 9) return;
        out.push_back(square(file, rank));
        if (at(file, rank).kind != Kind::kNone) return;
      }
    };
    for (const auto& s : steps) walk(s, 1);
    for (const auto& s : slides) walk(s, 8);
    return out;
  }

  [[nodiscard]] bool in_check(Color c) const {
    for (Square s = 0; s < kSquares; ++s) {
      if (at(s).kind == Kind::kNone || at(s).color == c) continue;
      for (const Square to : attacks_from(s)) {
        if (at(to).kind == Kind::kKing && at(to).color == c) return true;
      }
    }
    return false;
  }

  [[nodiscard]] Game after(Move m) const {
    Game g = *this;
    if (m.is_drop()) {
      g.at(m.to()) = {m.dropped(), side};
      --g.hand(side, m.dropped());
    } else {
      Piece p = at(m.from());
      if (at(m.to()).kind != Kind::kNone) ++g.hand(side, unpromoted(at(m.to()).kind));
      if (m.promotes()) p.kind = promoted(p.kind);
      g.at(m.to()) = p;
      g.at(m.from()) = {};
    }
    g.side = ~side;
    return g;
  }

  [[nodiscard]] static bool dead(Color c, Kind k, Square to) {
    const int rank = c == Color::kBlack ? rank_of(to) : 10 - rank_of(to);
    return ((k == Kind::kPawn || k == Kind::kLance) && rank == 1) || (k == Kind::kKnight && rank <= 2);
  }
  [[nodiscard]] static bool in_zone(Color c, Square s) {
    return c == Color::kBlack ? rank_of(s) <= 3 : rank_of(s) >= 7;
  }

  [[nodiscard]] std::vector<Move> board_moves() const {
    std::vector<Move> out;
    for (Square from = 0; from < kSquares; ++from) {
      const Piece p = at(from);
      if (p.kind == Kind::kNone || p.color != side) continue;
      for (const Square to : attacks_from(from)) {
        if (at(to).kind != Kind::kNone && at(to).color == side) continue;
        const bool can_promote = index(p.kind) <= index(Kind::kRook) && (in_zone(side, from) || in_zone(side, to));
        for (const bool promote : {false, true}) {
          if (promote ? !can_promote : dead(side, p.kind, to)) continue;
          const Move m = Move::board(from, to, promote);
          if (!after(m).in_check(side)) out.push_back(m);
        }
      }
    }
    return out;
  }

  [[nodiscard]] std::vector<Move> legal_moves() const {
    std::vector<Move> out = board_moves();
    for (int k = 1; k <= kHandKinds; ++k) {
      const Kind kind = static_cast<Kind>(k);
      if (hand(side, kind) == 0) continue;
      for (Square to = 0; to < kSquares; ++to) {
        if (at(to).kind != Kind::kNone || dead(side, kind, to)) continue;
        bool second_pawn = false;
        for (int rank = 1; rank <= 9 && kind == Kind::kPawn; ++rank) {
          second_pawn = second_pawn || at(file_of(to), rank) == Piece{Kind::kPawn, side};
        }
        const Move m = Move::drop(kind, to);
        const Game next = after(m);
        if (second_pawn || next.in_check(side)) continue;
        // A pawn checks from the next square, so no drop can answer it: moves on the board decide.
        if (kind == Kind::kPawn && next.in_check(~side) && next.board_moves().empty()) continue;
        out.push_back(m);
      }
    }
    return out;
  }
};

/// The raw moves, sorted.
[[nodiscard]] inline std::vector<std::uint16_t> sorted_raw(const std::vector<Move>& moves) {
  std::vector<std::uint16_t> raw;
  for (const Move m : moves) raw.push_back(m.raw());
  std::sort(raw.begin(), raw.end());
  return raw;
}

}  // namespace keisei::shogi::reference
