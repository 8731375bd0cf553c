#include "shogi/illegal.h"

#include <array>

#include "shogi/movegen.h"
#include "shogi/notation.h"

namespace keisei::shogi {
namespace {

constexpr std::array<std::string_view, kKinds> kNames{
    "",     "pawn",          "lance",          "knight",          "silver",          "bishop", "rook",  "gold",
    "king", "promoted pawn", "promoted lance", "promoted knight", "promoted silver", "horse",  "dragon"};

std::string name(Kind k) { return std::string(kind_name(k)); }
std::string_view name(Color c) { return c == Color::kBlack ? "Black" : "White"; }

std::string stuck(const Position& position, Kind k, Square to) {
  if (!dead_squares(position.side(), k).has(to)) return {};
  return "a " + name(k) + " on " + to_usi(to) + " could never move again";
}

std::string why_no_drop(const Position& position, Move m) {
  const Kind k = m.dropped();
  const Color us = position.side();
  if (index(k) < 1 || index(k) > kHandKinds || m.promotes()) return "it is no drop of a piece";
  if (position.hand(us, k) == 0) return std::string(name(us)) + " has no " + name(k) + " in hand";
  if (position.occupied().has(m.to())) return to_usi(m.to()) + " is occupied";
  if (std::string why = stuck(position, k, m.to()); !why.empty()) return why;
  if (k == Kind::kPawn) {
    for (int rank = 1; rank <= 9; ++rank) {
      if (position.piece_on(square(file_of(m.to()), rank)) == Piece{Kind::kPawn, us}) {
        return std::string(name(us)) + " already has a pawn on file " + std::to_string(file_of(m.to()));
      }
    }
  }
  if (position.in_check() && !answer_squares(position.board()).has(m.to())) {
    return std::string(name(us)) + " is in check and the drop does not end it";
  }
  if (k == Kind::kPawn) return "a dropped pawn may not mate";
  return "the rules do not allow it";
}

std::string why_no_board_move(const Position& position, Move m) {
  const Color us = position.side();
  const Piece piece = position.piece_on(m.from());
  if (piece.kind == Kind::kNone) return to_usi(m.from()) + " holds no piece";
  if (piece.color != us) {
    return "the " + name(piece.kind) + " on " + to_usi(m.from()) + " is " + std::string(name(~us)) + "'s, and " +
           std::string(name(us)) + " is to move";
  }
  const Piece target = position.piece_on(m.to());
  if (target.kind != Kind::kNone && target.color == us) {
    return to_usi(m.to()) + " holds a " + name(target.kind) + " of the same side";
  }
  if (!position.board().attackers(us, m.to(), position.occupied()).has(m.from())) {
    return "a " + name(piece.kind) + " does not get from " + to_usi(m.from()) + " to " + to_usi(m.to());
  }
  if (m.promotes() && promoted(piece.kind) == piece.kind) return "a " + name(piece.kind) + " cannot promote";
  if (m.promotes() && !camp(us).has(m.from()) && !camp(us).has(m.to())) {
    return "a piece promotes only on its way into, within or out of the last three ranks";
  }
  if (!m.promotes()) {
    if (std::string why = stuck(position, piece.kind, m.to()); !why.empty()) return why;
  }
  return std::string(name(us)) + "'s king would be in check after it";
}

}  // namespace

std::string_view kind_name(Kind k) { return kNames[static_cast<std::size_t>(index(k))]; }

std::string why_illegal(const Position& position, Move m) {
  if (position.is_legal(m)) return {};
  if (m == Move() || m.to() >= kSquares) return "it is no move";
  return m.is_drop() ? why_no_drop(position, m) : why_no_board_move(position, m);
}

}  // namespace keisei::shogi
