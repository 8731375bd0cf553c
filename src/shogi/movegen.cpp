#include "shogi/movegen.h"

#include <cstring>

#include "shogi/king_safety.h"
#include "shogi/move_emission.h"

namespace keisei::shogi {
namespace {

/// The moves of one piece that slides, or of any pinned piece but the king.
template <Color kUs>
Move* emit_piece(Move* out, Kind k, Square from, Bitboard targets) {
  constexpr Bitboard kZone = camp(kUs);
  const unsigned base = static_cast<unsigned>(from) << kFromShift;
  if (promoted(k) != k) out = emit_set(out, kZone.has(from) ? targets : targets & kZone, base + kPromotes);
  return emit_set(out, targets & ~dead_squares(kUs, k), base);
}

/// All pawns at once: one shift is every pawn's step.
template <Color kUs>
Move* emit_pawns(Move* out, Bitboard pawns, Bitboard targets) {
  constexpr bool kUp = kUs == Color::kBlack;
  constexpr unsigned kScale = (1U << kFromShift) + 1;  // the square it leaves moves with the square it enters
  constexpr unsigned kBase = kUp ? 1U << kFromShift : 0U - (1U << kFromShift);
  const Bitboard steps =
      (kUp ? Bitboard{pawns.lo >> 1, pawns.hi >> 1} : Bitboard{pawns.lo << 1, pawns.hi << 1}) & targets;
  out = emit_set<kScale>(out, steps & camp(kUs), kBase + kPromotes);
  return emit_set<kScale>(out, steps & ~dead_squares(kUs, Kind::kPawn), kBase);
}

template <Color kUs>
Move* emit_knight(Move* out, Square from, const Surroundings& targets) {
  constexpr int kLower = kJumpOffsets[index(kUs)][0];
  constexpr int kHigher = kJumpOffsets[index(kUs)][1];
  const std::uint32_t around = targets.at(from);
  const unsigned on_board = kStepTables.jumps[index(kUs)][from];
  const unsigned lower = (around >> (Surroundings::kCentre + kLower)) & on_board & 1U;
  const unsigned higher = (around >> (Surroundings::kCentre + kHigher)) & (on_board >> 1) & 1U;
  // Both jumps end on the same rank.
  const int rank = from % 9 + (kUs == Color::kBlack ? -2 : 2);
  const unsigned promotes = (kUs == Color::kBlack ? rank <= 2 : rank >= 6) ? 1U : 0U;
  const unsigned stays = (kUs == Color::kBlack ? rank >= 2 : rank <= 6) ? 1U : 0U;
  const unsigned base = static_cast<unsigned>(from) * ((1U << kFromShift) + 1);
  const unsigned low_move = base + static_cast<unsigned>(kLower);
  const unsigned high_move = base + static_cast<unsigned>(kHigher);
  *out = raw_move(low_move + kPromotes);
  out += lower & promotes;
  *out = raw_move(high_move + kPromotes);
  out += higher & promotes;
  *out = raw_move(low_move);
  out += lower & stays;
  *out = raw_move(high_move);
  return out + (higher & stays);
}

template <Color kUs>
Move* emit_free_pieces(Move* out, const Board& board, Bitboard movers, Bitboard targets) {
  constexpr int kMe = index(kUs);
  const Bitboard all = board.occupied();
  const Surroundings around(targets);
  out = emit_pawns<kUs>(out, movers & board.pieces(Kind::kPawn), targets);
  (movers & board.pieces(Kind::kLance)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kLance, from, lance_attacks(kUs, from, all) & targets);
  });
  (movers & board.pieces(Kind::kKnight)).for_each([&](Square from) { out = emit_knight<kUs>(out, from, around); });
  (movers & board.pieces(Kind::kSilver)).for_each([&](Square from) {
    const unsigned to = around.neighbours_of(from) & kStepTables.steps[kMe][index(Kind::kSilver)][from];
    out = emit_steps(out, from, to & kStepTables.zone[kMe][from], kPromotes);
    out = emit_steps(out, from, to, 0);
  });
  (movers & board.pieces(Kind::kBishop)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kBishop, from, bishop_attacks(from, all) & targets);
  });
  (movers & board.pieces(Kind::kRook)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kRook, from, rook_attacks(from, all) & targets);
  });
  (movers & board.golds()).for_each([&](Square from) {
    out = emit_steps(out, from, around.neighbours_of(from) & kStepTables.steps[kMe][index(Kind::kGold)][from], 0);
  });
  (movers & board.pieces(Kind::kHorse)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kHorse, from, (bishop_attacks(from, all) | king_steps(from)) & targets);
  });
  (movers & board.pieces(Kind::kDragon)).for_each([&](Square from) {
    out = emit_piece<kUs>(out, Kind::kDragon, from, (rook_attacks(from, all) | king_steps(from)) & targets);
  });
  return out;
}

/// Drops of all kinds but the pawn: the bits above the target square, eight lanes at a time.
struct DropLanes {
  Moves8 bits = {};
  int count = 0;
  /// Adds the kind if there is one in hand.
  void add(const Board& board, Color c, Kind k) {
    bits[count] = Move::drop(k, 0).raw();
    count += board.hand(c, k) > 0 ? 1 : 0;
  }
};

Move* emit_drops(Move* out, const DropLanes& lanes, Bitboard targets) {
  if (lanes.count == 0) return out;
  const Moves8 bits = lanes.bits;
  targets.for_each([&](Square to) {
    const Moves8 moves = bits | static_cast<std::uint16_t>(to);
    // All lanes; what is beyond `count` is overwritten or cut off.
    std::memcpy(static_cast<void*>(out), &moves, sizeof moves);
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
    out = emit_set(out, legal_pawn_drops<kUs>(board, targets), Move::drop(Kind::kPawn, 0).raw());
  }
  DropLanes lanes;
  for (const Kind k : {Kind::kGold, Kind::kSilver, Kind::kBishop, Kind::kRook}) lanes.add(board, kUs, k);
  constexpr Bitboard kLast = dead_squares(kUs, Kind::kLance);
  constexpr Bitboard kLastTwo = dead_squares(kUs, Kind::kKnight);
  out = emit_drops(out, lanes, targets & kLast);
  lanes.add(board, kUs, Kind::kLance);
  out = emit_drops(out, lanes, targets & kLastTwo & ~kLast);
  lanes.add(board, kUs, Kind::kKnight);
  return emit_drops(out, lanes, targets & ~kLastTwo);
}

template <Color kUs>
Move* generate(const Board& board, Move* out) {
  const Square king = board.king(kUs);
  const Bitboard own = board.pieces(kUs);
  const Bitboard king_bit = Bitboard::of(king);
  const Bitboard checkers = board.checkers();
  out = emit_steps(out, king, safe_king_mask<kUs>(board), 0);
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
  if (safe_king_mask<kUs>(board) != 0) return true;
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
  const bool black = board.side() == Color::kBlack;
  const unsigned mask = black ? safe_king_mask<Color::kBlack>(board) : safe_king_mask<Color::kWhite>(board);
  Bitboard safe;
  for (int i = 0; i < kNeighbours; ++i) {
    if (((mask >> i) & 1U) != 0) safe.set(board.king(board.side()) + kNeighbourOffsets[i]);
  }
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
