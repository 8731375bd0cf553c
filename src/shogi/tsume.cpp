#include "shogi/tsume.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "shogi/mate.h"
#include "shogi/movegen.h"

namespace keisei::shogi {
namespace {

constexpr std::size_t kMostMemos = std::size_t{1} << 20;  ///< positions remembered, some 64 bytes each

/// A position with the attacker to move. The occupied squares make the 64-bit key's rare twins rarer still.
struct Place {
  std::uint64_t key = 0;
  Bitboard occupied;
  friend bool operator==(const Place&, const Place&) = default;
};
struct PlaceHash {
  std::size_t operator()(const Place& p) const { return p.key; }
};

/// What is known of a position; 0 = nothing.
struct Memo {
  std::int8_t mate_within = 0;
  std::int8_t no_mate_within = 0;
};

class Solver {
 public:
  explicit Solver(std::uint64_t most_nodes) : most_nodes_(most_nodes) {}

  /// Whether the side to move mates by checks within `plies`, an odd number.
  bool attack(const Board& board, int plies);
  /// Whether the side to move, which is in check, is mated within `plies`, an even number, whatever it answers.
  bool defend(const Board& board, int plies);
  /// The moves of a mate in exactly `plies`, which attack() has proved.
  std::vector<Move> line(const Board& board, int plies);

  void lift_limit() { most_nodes_ = std::numeric_limits<std::uint64_t>::max(); }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::uint64_t nodes() const { return nodes_; }

 private:
  bool spent() {
    if (nodes_ >= most_nodes_) stopped_ = true;
    ++nodes_;
    return stopped_;
  }
  void remember(const Place& place, int plies, bool mate);

  std::unordered_map<Place, Memo, PlaceHash> memos_;
  std::uint64_t nodes_ = 0;
  std::uint64_t most_nodes_;
  bool stopped_ = false;
};

Board after(const Board& board, Move m) {
  Board next = board;
  next.apply(m);
  return next;
}

std::vector<Move> checking_moves(const Board& board) {
  MoveList moves;
  generate_legal(board, moves);
  std::vector<Move> checks;
  for (const Move m : moves) {
    if (gives_check(board, m)) checks.push_back(m);
  }
  return checks;
}

void Solver::remember(const Place& place, int plies, bool mate) {
  auto found = memos_.find(place);
  if (found == memos_.end()) {
    if (memos_.size() >= kMostMemos) return;
    found = memos_.emplace(place, Memo{}).first;
  }
  Memo& memo = found->second;
  const auto n = static_cast<std::int8_t>(plies);
  if (mate) {
    memo.mate_within = memo.mate_within == 0 ? n : std::min(memo.mate_within, n);
  } else {
    memo.no_mate_within = std::max(memo.no_mate_within, n);
  }
}

bool Solver::attack(const Board& board, int plies) {
  if (plies < 1 || spent()) return false;
  if (plies == 1) return mate_in_one(board).has_value();
  const Place place{board.key(), board.occupied()};
  if (const auto known = memos_.find(place); known != memos_.end()) {
    const Memo memo = known->second;
    if (memo.mate_within != 0 && memo.mate_within <= plies) return true;
    if (memo.no_mate_within >= plies) return false;
  }
  if (mate_in_one(board)) {
    remember(place, 1, true);
    return true;
  }
  for (const Move m : checking_moves(board)) {
    const bool mate = defend(after(board, m), plies - 1);
    if (stopped_) return false;
    if (mate) {
      remember(place, plies, true);
      return true;
    }
  }
  remember(place, plies, false);
  return false;
}

bool Solver::defend(const Board& board, int plies) {
  if (plies < 2) return !has_legal_move(board);
  MoveList answers;
  generate_legal(board, answers);
  for (const Move m : answers) {
    if (!attack(after(board, m), plies - 1)) return false;
  }
  return true;
}

std::vector<Move> Solver::line(const Board& board, int plies) {
  std::vector<Move> moves;
  Board now = board;
  for (int left = plies; left > 0; left -= 2) {
    if (left == 1) {
      if (const auto last = mate_in_one(now)) moves.push_back(*last);
      break;
    }
    const std::vector<Move> checks = checking_moves(now);
    const auto check =
        std::find_if(checks.begin(), checks.end(), [&](Move m) { return defend(after(now, m), left - 1); });
    if (check == checks.end()) break;
    moves.push_back(*check);
    now.apply(*check);
    // The mate is the shortest, so at least one answer holds out for all of the plies.
    MoveList answers;
    generate_legal(now, answers);
    const Move* longest =
        std::find_if(answers.begin(), answers.end(), [&](Move m) { return !attack(after(now, m), left - 4); });
    if (longest == answers.end()) break;
    moves.push_back(*longest);
    now.apply(*longest);
  }
  return moves;
}

}  // namespace

TsumeResult solve(const Position& position, int max_plies, std::uint64_t max_nodes) {
  TsumeResult result;
  Solver solver(max_nodes);
  const Board& board = position.board();
  for (int plies = 1; plies <= std::min(max_plies, kMaxTsumePlies); plies += 2) {
    const bool mate = solver.attack(board, plies);
    result.nodes = solver.nodes();
    if (solver.stopped()) return result;
    result.plies = plies;
    if (!mate) continue;
    result.verdict = TsumeVerdict::kMate;
    solver.lift_limit();
    result.line = solver.line(board, plies);
    result.nodes = solver.nodes();
    return result;
  }
  result.verdict = TsumeVerdict::kNoMate;
  return result;
}

TsumeVerdict judge_first_move(const Position& position, Move first, int mate_in, std::uint64_t max_nodes) {
  if (mate_in < 1 || !position.is_legal(first) || !position.gives_check(first)) return TsumeVerdict::kNoMate;
  Solver solver(max_nodes);
  const int plies = std::min(mate_in, kMaxTsumePlies) - 1;
  const bool mate = solver.defend(after(position.board(), first), plies - plies % 2);
  if (solver.stopped()) return TsumeVerdict::kUndecided;
  return mate ? TsumeVerdict::kMate : TsumeVerdict::kNoMate;
}

}  // namespace keisei::shogi
