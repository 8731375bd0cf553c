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
  std::int32_t& head = heads_[chain_of(board_.key())];
  Record r{.key = board_.key(),
           .checkers = board_.checkers(),
           .pinned = board_.pinned(),
           .link = head,
           .first = now,
           .count = 1,
           .check_run = {0, 0},
           .move = m,
           .captured = captured};
  if (!records_.empty()) {
    const Record& before = records_.back();
    const int mover = index(~board_.side());
    r.check_run[0] = before.check_run[0];
    r.check_run[1] = before.check_run[1];
    r.check_run[mover] = r.checkers.any() ? one_more(before.check_run[mover]) : std::uint16_t{0};
  }
  for (std::int32_t i = head; i >= 0; i = records_[static_cast<std::size_t>(i)].link) {
    const Record& earlier = records_[static_cast<std::size_t>(i)];
    if (earlier.key != r.key) continue;
    if (!is_repetition(i, m, captured)) continue;
    r.first = records_[static_cast<std::size_t>(i)].first;
    r.count = one_more(records_[static_cast<std::size_t>(i)].count);
    break;
  }
  head = now;
  records_.push_back(r);
}

bool Position::is_repetition(std::int32_t earlier, Move m, Kind captured) const {
  Board then = board_;
  then.revert(m, captured, {}, {});
  for (std::size_t i = records_.size() - 1; i > static_cast<std::size_t>(earlier); --i) {
    then.revert(records_[i].move, records_[i].captured, {}, {});
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
  heads_[chain_of(last.key)] = last.link;
  const Record& before = records_.back();
  board_.revert(last.move, last.captured, before.checkers, before.pinned);
}

Result<void> Position::play(Move m) {
  if (!is_legal(m)) {
    return fail(Code::kBadData, "illegal move " + to_usi(m) + " in the position " + sfen(),
                "a legal move of the side to move is needed");
  }
  make(m);
  return {};
}

std::optional<Outcome> Position::outcome(const Rules& rules) const {
  if (!has_legal_move()) {
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
