#include "shogi/position.h"

#include <limits>

#include "shogi/mate.h"
#include "shogi/movegen.h"
#include "shogi/notation.h"

namespace keisei::shogi {
namespace {

constexpr std::size_t kUsualGameLength = 64;  ///< records set aside at once
constexpr int kFourfold = 4;

std::uint16_t one_more(std::uint16_t n) {
  return n == std::numeric_limits<std::uint16_t>::max() ? n : static_cast<std::uint16_t>(n + 1);
}

Position start_position() {
  // The start SFEN is valid by construction; value() would throw in the first test otherwise.
  return Position::from_sfen(Position::kStartSfen).value();
}

}  // namespace

std::string_view to_string(Winner w) {
  switch (w) {
    case Winner::kBlack:
      return "black";
    case Winner::kWhite:
      return "white";
    case Winner::kNone:
      break;
  }
  return "none";
}

std::string_view to_string(Reason r) {
  switch (r) {
    case Reason::kCheckmate:
      return "checkmate";
    case Reason::kNoLegalMoves:
      return "no_legal_moves";
    case Reason::kRepetition:
      return "repetition";
    case Reason::kPerpetualCheck:
      return "perpetual_check";
    case Reason::kDeclaration:
      return "declaration";
    case Reason::kMaxMoves:
      break;
  }
  return "max_moves";
}

Position::Position() {
  static const Position start = start_position();
  *this = start;
}

Position::Position(const Board& board, int move_number) : board_(board), first_move_number_(move_number) {
  heads_.fill(-1);
  records_.reserve(kUsualGameLength);
  remember(Move(), Kind::kNone);
}

void Position::remember(Move m, Kind captured) {
  const auto now = static_cast<std::int32_t>(records_.size());
  const std::uint64_t key = board_.key();
  std::int32_t& head = heads_[chain_of(key)];
  const std::size_t bit = key % kSeenBits;
  std::uint64_t& seen = seen_[bit / 64];
  const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
  Record& r = records_.emplace_back();
  r.derived = board_.derived();
  r.link = head;
  r.first = now;
  r.count = 1;
  r.fresh = (seen & mask) == 0;
  r.check_run[0] = r.check_run[1] = 0;
  r.move = m;
  r.captured = captured;
  head = now;
  if (now > 0) {
    const Record& before = records_[static_cast<std::size_t>(now) - 1];
    const int mover = index(~board_.side());
    r.check_run[1 - mover] = before.check_run[1 - mover];
    r.check_run[mover] = board_.checkers().any() ? one_more(before.check_run[mover]) : std::uint16_t{0};
  }
  seen |= mask;
  if (!r.fresh) find_repetition(r);
}

void Position::find_repetition(Record& r) const {
  for (std::int32_t i = r.link; i >= 0; i = records_[static_cast<std::size_t>(i)].link) {
    const Record& earlier = records_[static_cast<std::size_t>(i)];
    if (earlier.derived.key != r.derived.key || !is_repetition(i)) continue;
    r.first = earlier.first;
    r.count = one_more(earlier.count);
    return;
  }
}

bool Position::is_repetition(std::int32_t earlier) const {
  Board then = board_;
  for (std::size_t i = records_.size() - 1; i > static_cast<std::size_t>(earlier); --i) {
    then.revert(records_[i].move, records_[i].captured, records_[i - 1].derived);
  }
  return then.same_position(board_);
}

void Position::legal_moves(MoveList& moves) const { generate_legal(board_, moves); }
bool Position::has_legal_move() const { return shogi::has_legal_move(board_); }
bool Position::is_legal(Move m) const { return shogi::is_legal(board_, m); }
bool Position::gives_check(Move m) const { return shogi::gives_check(board_, m); }
std::optional<Move> Position::mate_in_one() const { return shogi::mate_in_one(board_); }

void Position::make(Move m) {
  const Kind captured = board_.apply(m);
  remember(m, captured);
}

void Position::unmake() {
  const Record last = records_.back();
  records_.pop_back();
  const std::uint64_t key = last.derived.key;
  heads_[chain_of(key)] = last.link;
  if (last.fresh) seen_[key % kSeenBits / 64] &= ~(std::uint64_t{1} << (key % 64));
  board_.revert(last.move, last.captured, records_.back().derived);
}

Result<void> Position::play(Move m) {
  if (!is_legal(m)) {
    return fail(Code::kBadData, "illegal move " + to_usi(m) + " in the position " + sfen(),
                "a legal move of the side to move is needed");
  }
  make(m);
  return {};
}

std::optional<Outcome> Position::outcome(const Rules& rules) const { return outcome(rules, has_legal_move()); }

std::optional<Outcome> Position::outcome(const Rules& rules, bool can_move) const {
  if (!can_move) {
    return Outcome{winner_of(~side()), in_check() ? Reason::kCheckmate : Reason::kNoLegalMoves, false};
  }
  const Record& now = records_.back();
  if (now.count >= kFourfold) {
    // Each side made half of the moves since the first occurrence. If all moves of both were checks, nobody loses.
    const int moves_each = (plies_played() - now.first) / 2;
    const bool black = now.check_run[index(Color::kBlack)] >= moves_each;
    const bool white = now.check_run[index(Color::kWhite)] >= moves_each;
    if (black != white) {
      return Outcome{black ? Winner::kWhite : Winner::kBlack, Reason::kPerpetualCheck, false};
    }
    return Outcome{Winner::kNone, Reason::kRepetition, false};
  }
  if (rules.max_moves > 0 && plies_played() >= rules.max_moves) return Outcome{Winner::kNone, Reason::kMaxMoves, true};
  return std::nullopt;
}

DeclarationState Position::declaration(DeclarationRule rule) const {
  constexpr int kPiecesNeeded = 10;
  constexpr int kBigPiece = 5;
  constexpr int kPointsBlack27 = 28;
  constexpr int kPointsWhite27 = 27;
  constexpr int kWin24 = 31;
  constexpr int kDraw24 = 24;

  const Color us = side();
  const Bitboard in_camp = board_.pieces(us) & camp(us);
  const int big = (in_camp & (board_.bishops() | board_.rooks())).count();
  DeclarationState d;
  d.king_in_camp = camp(us).has(king(us));
  d.in_check = in_check();
  d.pieces_in_camp = in_camp.count() - (d.king_in_camp ? 1 : 0);
  d.points = d.pieces_in_camp + (kBigPiece - 1) * big;
  for (int k = 1; k <= kHandKinds; ++k) {
    const Kind kind = static_cast<Kind>(k);
    d.points += hand(us, kind) * (kind == Kind::kBishop || kind == Kind::kRook ? kBigPiece : 1);
  }
  if (!d.king_in_camp || d.in_check || d.pieces_in_camp < kPiecesNeeded) return d;
  switch (rule) {
    case DeclarationRule::k27:
      d.can_declare = d.points >= (us == Color::kBlack ? kPointsBlack27 : kPointsWhite27);
      if (d.can_declare) d.winner = winner_of(us);
      break;
    case DeclarationRule::k24:
      d.can_declare = d.points >= kDraw24;
      if (d.points >= kWin24) d.winner = winner_of(us);
      break;
    case DeclarationRule::kNone:
      break;
  }
  return d;
}

}  // namespace keisei::shogi
