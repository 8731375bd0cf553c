#include "shogi/mate.h"

#include "shogi/movegen.h"

namespace keisei::shogi {
namespace {

bool mates(const Board& board, Move m) {
  Board after = board;
  after.apply(m);
  return !has_legal_move(after);  // called with checking moves only
}

/// Squares from which each kind would check the king of `them`.
struct CheckSquares {
  Bitboard of[kKinds];

  CheckSquares(const Board& board, Color them) {
    const Square king = board.king(them);
    const Bitboard all = board.occupied();
    for (const Kind k : {Kind::kPawn, Kind::kKnight, Kind::kSilver, Kind::kGold}) of[index(k)] = reach(them, k, king);
    of[index(Kind::kLance)] = lance_attacks(them, king, all);
    of[index(Kind::kBishop)] = bishop_attacks(king, all);
    of[index(Kind::kRook)] = rook_attacks(king, all);
    of[index(Kind::kHorse)] = of[index(Kind::kBishop)] | king_steps(king);
    of[index(Kind::kDragon)] = of[index(Kind::kRook)] | king_steps(king);
    for (const Kind k : {Kind::kProPawn, Kind::kProLance, Kind::kProKnight, Kind::kProSilver}) {
      of[index(k)] = of[index(Kind::kGold)];
    }
  }
};

/// Calls f(move) for each checking drop until it answers true; pawns are left out, they may not mate.
template <class F>
bool any_checking_drop(const Board& board, const CheckSquares& checks, Bitboard answers, F&& f) {
  const Color us = board.side();
  const Bitboard targets = answers & ~board.occupied();
  for (const Kind k : {Kind::kGold, Kind::kSilver, Kind::kRook, Kind::kBishop, Kind::kLance, Kind::kKnight}) {
    if (board.hand(us, k) == 0) continue;
    for (Bitboard to = targets & checks.of[index(k)] & ~dead_squares(us, k); to.any(); to.flip(to.first())) {
      if (f(Move::drop(k, to.first()))) return true;
    }
  }
  return false;
}

/// The same for the moves on the board. Non-promotions are tried too: a weaker piece can mate where the promoted one
/// does not, when it turns the only reply into a pawn drop that mates and so is illegal.
template <class F>
bool any_checking_board_move(const Board& board, const CheckSquares& checks, Bitboard answers, F&& f) {
  const Color us = board.side();
  const Square own_king = board.king(us);
  const Square their_king = board.king(~us);
  const Bitboard own = board.pieces(us);
  const Bitboard all = board.occupied();
  const Bitboard openers = board.blockers(~us, us);
  for (Bitboard rest = own; rest.any();) {
    const Square from = rest.first();
    rest.flip(from);
    const Kind k = board.kind_on(from);
    const bool king = k == Kind::kKing;
    const bool opens = openers.has(from);
    if (king && !opens) continue;
    Bitboard targets;
    if (king) {
      targets = safe_king_steps(board);
    } else {
      const bool promotable = promoted(k) != k;
      const Bitboard wanted = checks.of[index(k)] | (promotable ? checks.of[index(promoted(k))] : Bitboard{});
      targets = answers & ~own & (opens ? Bitboard::all() : wanted);
      if (targets.none()) continue;
      targets &= attacks(us, k, from, all);
      if (board.pinned().has(from)) targets &= board.checkers().any() ? Bitboard{} : ray_through(own_king, from);
    }
    const Bitboard opening = opens ? ~ray_through(their_king, from) : Bitboard{};
    const Bitboard staying = targets & (checks.of[index(k)] | opening) & ~dead_squares(us, k);
    if (promoted(k) != k) {
      const Bitboard zone = camp(us).has(from) ? targets : targets & camp(us);
      for (Bitboard to = zone & (checks.of[index(promoted(k))] | opening); to.any(); to.flip(to.first())) {
        if (f(Move::board(from, to.first(), true))) return true;
      }
    }
    for (Bitboard to = staying; to.any(); to.flip(to.first())) {
      if (f(Move::board(from, to.first(), false))) return true;
    }
  }
  return false;
}

}  // namespace

bool gives_check(const Board& board, Move m) {
  const Color us = board.side();
  const Square king = board.king(~us);
  const Square to = m.to();
  const Bitboard to_bit = Bitboard::of(to);
  if (m.is_drop()) return attacks(us, m.dropped(), to, board.occupied() | to_bit).has(king);
  const Square from = m.from();
  const Bitboard after = (board.occupied() ^ Bitboard::of(from)) | to_bit;
  const Kind moving = board.kind_on(from);
  const Kind arriving = m.promotes() ? promoted(moving) : moving;
  if (arriving != Kind::kKing && attacks(us, arriving, to, after).has(king)) return true;
  if (direction(king, from) == kNoDirection || ray_through(king, from).has(to)) return false;
  return board.blockers(~us, us).has(from);
}

std::optional<Move> mate_in_one(const Board& board) {
  const CheckSquares checks(board, ~board.side());
  const Bitboard answers = answer_squares(board);
  std::optional<Move> found;
  const auto attempt = [&](Move m) {
    if (!mates(board, m)) return false;
    found = m;
    return true;
  };
  if (!any_checking_drop(board, checks, answers, attempt)) any_checking_board_move(board, checks, answers, attempt);
  return found;
}

}  // namespace keisei::shogi
