#include "shogi/movegen.h"

#include <cstring>

namespace keisei::shogi {
namespace {

Move* emit(Move* out, Square from, Bitboard targets) {
  targets.for_each([&](Square to) { *out++ = Move::board(from, to, false); });
  return out;
}

Move* emit_promotions(Move* out, Square from, Bitboard targets) {
  targets.for_each([&](Square to) { *out++ = Move::board(from, to, true); });
  return out;
}

/// The moves of one piece of any kind but the king.
template <Color kUs>
Move* emit_piece(Move* out, Kind k, Square from, Bitboard targets) {
  constexpr Bitboard kZone = camp(kUs);
  if (promoted(k) != k) out = emit_promotions(out, from, kZone.has(from) ? targets : targets & kZone);
  return emit(out, from, targets & ~dead_squares(kUs, k));
}

/// All pawns at once: one shift is every pawn's step.
template <Color kUs>
Move* emit_pawns(Move* out, Bitboard pawns, Bitboard targets) {
  constexpr int kBack = kUs == Color::kBlack ? 1 : -1;
  const Bitboard steps =
      (kUs == Color::kBlack ? Bitboard{pawns.lo >> 1, pawns.hi >> 1} : Bitboard{pawns.lo << 1, pawns.hi << 1}) &
      targets;
  (steps & camp(kUs)).for_each([&](Square to) { *out++ = Move::board(to + kBack, to, true); });
  (steps & ~dead_squares(kUs, Kind::kPawn)).for_each([&](Square to) { *out++ = Move::board(to + kBack, to, false); });
  return out;
}

template <Color kUs>
Move* emit_free_pieces(Move* out, const Board& board, Bitboard movers, Bitboard targets) {
  constexpr Bitboard kZone = camp(kUs);
  const Bitboard all = board.occupied();
  out = emit_pawns<kUs>(out, movers & board.pieces(Kind::kPawn), targets);
  (movers & board.pieces(Kind::kLance)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kLance, from, lance_attacks(kUs, from, all) & targets);
  });
  (movers & board.pieces(Kind::kKnight)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kKnight, from, reach(kUs, Kind::kKnight, from) & targets);
  });
  (movers & board.pieces(Kind::kSilver)).for_each([&](Square from) {
    const Bitboard to = reach(kUs, Kind::kSilver, from) & targets;
    out = emit(emit_promotions(out, from, kZone.has(from) ? to : to & kZone), from, to);
  });
  (movers & board.pieces(Kind::kBishop)).for_each([&](Square from) {
    const Bitboard to = bishop_attacks(from, all) & targets;
    out = emit(emit_promotions(out, from, kZone.has(from) ? to : to & kZone), from, to);
  });
  (movers & board.pieces(Kind::kRook)).for_each([&](Square from) {
    const Bitboard to = rook_attacks(from, all) & targets;
    out = emit(emit_promotions(out, from, kZone.has(from) ? to : to & kZone), from, to);
  });
  (movers & board.golds()).for_each([&](Square from) {
    out = emit(out, from, reach(kUs, Kind::kGold, from) & targets);
  });
  (movers & board.pieces(Kind::kHorse)).for_each([&](Square from) {
    out = emit(out, from, (bishop_attacks(from, all) | king_steps(from)) & targets);
  });
  (movers & board.pieces(Kind::kDragon)).for_each([&](Square from) {
    out = emit(out, from, (rook_attacks(from, all) | king_steps(from)) & targets);
  });
  return out;
}

/// Drops of all kinds but the pawn: the bits above the target square, eight lanes at a time.
struct DropLanes {
  static constexpr int kLanes = 8;
  std::uint16_t bits[kLanes] = {};
  int count = 0;
  void add(Kind k) { bits[count++] = Move::drop(k, 0).raw(); }
};

Move* emit_drops(Move* out, const DropLanes& lanes, Bitboard targets) {
  if (lanes.count == 0) return out;
  static_assert(sizeof(Move) == sizeof(std::uint16_t));
  targets.for_each([&](Square to) {
    Move moves[DropLanes::kLanes];
    for (int i = 0; i < DropLanes::kLanes; ++i) {
      moves[i] = Move::from_raw(static_cast<std::uint16_t>(lanes.bits[i] | static_cast<unsigned>(to)));
    }
    std::memcpy(out, moves, sizeof moves);  // all lanes; what is beyond `count` is overwritten or cut off
    out += lanes.count;
  });
  return out;
}

template <Color kUs>
Bitboard pawn_drop_squares_of(const Board& board) {
  // In a file of nine bits, adding 255 to the lower eight carries into bit 8 if there is a pawn among them; any number
  // of pawns may stand on a file. 512 - 1 then fills the files that have none.
  constexpr Bitboard kTop = Bitboard::rank(9);
  constexpr Bitboard kLow = ~kTop;
  const Bitboard pawns = board.pieces(kUs, Kind::kPawn);
  const Bitboard low = pawns & kLow;
  const Bitboard carried{low.lo + kLow.lo, low.hi + kLow.hi};
  const Bitboard empty = kTop & ~(carried | pawns);
  const Bitboard files{(empty.lo << 1) - (empty.lo >> 8), (empty.hi << 1) - (empty.hi >> 8)};
  return files & ~dead_squares(kUs, Kind::kPawn);
}

/// The square in front of the other king from which a pawn of `kUs` attacks it; may be empty.
template <Color kUs>
Bitboard pawn_check_square(const Board& board) {
  return reach(~kUs, Kind::kPawn, board.king(~kUs));
}

template <Color kUs>
Bitboard legal_pawn_drops(const Board& board, Bitboard targets) {
  Bitboard squares = targets & pawn_drop_squares_of<kUs>(board);
  const Bitboard check = squares & pawn_check_square<kUs>(board);
  if (check.any() && is_mating_pawn_drop(board, check.first())) squares ^= check;
  return squares;
}

template <Color kUs>
Move* emit_all_drops(Move* out, const Board& board, Bitboard targets) {
  if (!board.has_hand(kUs)) return out;
  if (board.hand(kUs, Kind::kPawn) > 0) {
    legal_pawn_drops<kUs>(board, targets).for_each([&](Square to) { *out++ = Move::drop(Kind::kPawn, to); });
  }
  DropLanes lanes;
  for (const Kind k : {Kind::kGold, Kind::kSilver, Kind::kBishop, Kind::kRook}) {
    if (board.hand(kUs, k) > 0) lanes.add(k);
  }
  constexpr Bitboard kLast = dead_squares(kUs, Kind::kLance);
  constexpr Bitboard kLastTwo = dead_squares(kUs, Kind::kKnight);
  out = emit_drops(out, lanes, targets & kLast);
  if (board.hand(kUs, Kind::kLance) > 0) lanes.add(Kind::kLance);
  out = emit_drops(out, lanes, targets & kLastTwo & ~kLast);
  if (board.hand(kUs, Kind::kKnight) > 0) lanes.add(Kind::kKnight);
  return emit_drops(out, lanes, targets & ~kLastTwo);
}

template <Color kUs>
Move* generate(const Board& board, Move* out) {
  const Square king = board.king(kUs);
  const Bitboard own = board.pieces(kUs);
  const Bitboard king_bit = Bitboard::of(king);
  const Bitboard checkers = board.checkers();
  out = emit(out, king, safe_king_steps(board));
  if (checkers.any()) {
    if (checkers.more_than_one()) return out;
    const Square checker = checkers.first();
    const Bitboard gap = direction(king, checker) == kNoDirection ? Bitboard{} : between(king, checker);
    // A pinned piece is on another line than the checker and can never answer the check.
    out = emit_free_pieces<kUs>(out, board, own & ~board.pinned() & ~king_bit, gap | checkers);
    return gap.any() ? emit_all_drops<kUs>(out, board, gap) : out;
  }
  out = emit_free_pieces<kUs>(out, board, own & ~board.pinned() & ~king_bit, ~own);
  const Bitboard all = board.occupied();
  board.pinned().for_each([&](Square from) {
    const Kind k = board.kind_on(from);
    out = emit_piece<kUs>(out, k, from, attacks(kUs, k, from, all) & ~own & ray_through(king, from));
  });
  return emit_all_drops<kUs>(out, board, ~all);
}

template <Color kUs>
bool any_drop(const Board& board, Bitboard targets) {
  if (targets.none() || !board.has_hand(kUs)) return false;
  for (const Kind k : {Kind::kGold, Kind::kSilver, Kind::kBishop, Kind::kRook, Kind::kLance, Kind::kKnight}) {
    if (board.hand(kUs, k) > 0 && (targets & ~dead_squares(kUs, k)).any()) return true;
  }
  return board.hand(kUs, Kind::kPawn) > 0 && legal_pawn_drops<kUs>(board, targets).any();
}

template <Color kUs>
bool any_legal(const Board& board) {
  if (safe_king_steps(board).any()) return true;
  const Bitboard targets = answer_squares(board);
  if (targets.none()) return false;
  const Square king = board.king(kUs);
  const Bitboard own = board.pieces(kUs);
  const Bitboard all = board.occupied();
  bool found = any_drop<kUs>(board, targets & ~all);
  // Every reachable square is a legal move: where a piece may not stay as it is, it may promote.
  const Bitboard movers = (own & ~Bitboard::of(king)) & (board.checkers().any() ? ~board.pinned() : Bitboard::all());
  for (Bitboard rest = movers; !found && rest.any();) {
    const Square from = rest.first();
    rest.flip(from);
    Bitboard to = attacks(kUs, board.kind_on(from), from, all) & ~own & targets;
    if (board.pinned().has(from)) to &= ray_through(king, from);
    found = to.any();
  }
  return found;
}

}  // namespace

Bitboard pawn_drop_squares(const Board& board, Color c) {
  return c == Color::kBlack ? pawn_drop_squares_of<Color::kBlack>(board) : pawn_drop_squares_of<Color::kWhite>(board);
}

Bitboard answer_squares(const Board& board) {
  const Bitboard checkers = board.checkers();
  if (checkers.none()) return Bitboard::all();
  if (checkers.more_than_one()) return {};
  const Square king = board.king(board.side());
  const Square checker = checkers.first();
  return direction(king, checker) == kNoDirection ? checkers : checkers | between(king, checker);
}

Bitboard safe_king_steps(const Board& board) {
  const Color us = board.side();
  const Square king = board.king(us);
  const Bitboard without_king = board.occupied() ^ Bitboard::of(king);
  Bitboard safe = king_steps(king) & ~board.pieces(us);
  safe.for_each([&](Square to) {
    if (board.attacked(~us, to, without_king)) safe.flip(to);
  });
  return safe;
}

bool is_mating_pawn_drop(const Board& board, Square s) {
  const Color us = board.side();
  const Color them = ~us;
  const Square king = board.king(them);
  const Bitboard after = board.occupied() | Bitboard::of(s);
  // The king must not take the pawn ...
  const Bitboard without_king = after ^ Bitboard::of(king);
  if (!board.attacked(us, s, without_king)) return false;
  // ... nor step elsewhere: the pawn may shut a line of ours ...
  Bitboard steps = king_steps(king) & ~board.pieces(them) & ~Bitboard::of(s);
  for (; steps.any(); steps.flip(steps.first())) {
    if (!board.attacked(us, steps.first(), without_king)) return false;
  }
  // ... nor another piece take it. One pinned on this very file may: it stays on the line.
  const Bitboard takers = board.attackers(them, s, after) & ~Bitboard::of(king);
  const Bitboard held = board.blockers(them, them) & ~Bitboard::file(file_of(s));
  return (takers & ~held).none();
}

void generate_legal(const Board& board, MoveList& moves) {
  Move* const begin = moves.data();
  Move* const end =
      board.side() == Color::kBlack ? generate<Color::kBlack>(board, begin) : generate<Color::kWhite>(board, begin);
  moves.resize(static_cast<std::size_t>(end - begin));
}

bool has_legal_move(const Board& board) {
  return board.side() == Color::kBlack ? any_legal<Color::kBlack>(board) : any_legal<Color::kWhite>(board);
}

bool is_legal(const Board& board, Move m) {
  const Color us = board.side();
  const Square to = m.to();
  if ((m.raw() >> 15) != 0 || to >= kSquares) return false;
  const Bitboard target = Bitboard::of(to);
  if (m.is_drop()) {
    const int kind = index(m.dropped());
    if (kind < 1 || kind > kHandKinds || m.promotes() || board.hand(us, m.dropped()) == 0) return false;
    if ((target & answer_squares(board) & ~board.occupied()).none()) return false;
    if (m.dropped() != Kind::kPawn) return (target & dead_squares(us, m.dropped())).none();
    return us == Color::kBlack ? legal_pawn_drops<Color::kBlack>(board, target).any()
                               : legal_pawn_drops<Color::kWhite>(board, target).any();
  }
  const Square from = m.from();
  const Bitboard own = board.pieces(us);
  if (!own.has(from) || own.has(to)) return false;
  const Kind k = board.kind_on(from);
  if (m.promotes()) {
    if (promoted(k) == k || !(camp(us).has(from) || camp(us).has(to))) return false;
  } else if (dead_squares(us, k).has(to)) {
    return false;
  }
  if (k == Kind::kKing) return safe_king_steps(board).has(to);
  if (!attacks(us, k, from, board.occupied()).has(to) || !answer_squares(board).has(to)) return false;
  if (!board.pinned().has(from)) return true;
  return board.checkers().none() && ray_through(board.king(us), from).has(to);
}

}  // namespace keisei::shogi
