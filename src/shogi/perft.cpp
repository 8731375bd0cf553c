#include "shogi/perft.h"

#include "shogi/board_moves.h"
#include "shogi/movegen.h"

namespace keisei::shogi {
namespace {

template <Color kUs, bool kMakeLeaves>
std::uint64_t count_leaves(Board& board, int depth) {
  MoveList moves;
  generate_legal(board, moves);
  if (!kMakeLeaves && depth <= 1) return moves.size();
  const Board::Derived before = board.derived();
  std::uint64_t leaves = 0;
  for (const Move m : moves) {
    const Kind captured = board.apply_as<kUs>(m);
    leaves += kMakeLeaves && depth <= 1 ? 1 : count_leaves<~kUs, kMakeLeaves>(board, depth - 1);
    board.revert_as<kUs>(m, captured, before);
  }
  return leaves;
}

template <bool kMakeLeaves>
std::uint64_t count(Board& board, int depth) {
  return board.side() == Color::kBlack ? count_leaves<Color::kBlack, kMakeLeaves>(board, depth)
                                       : count_leaves<Color::kWhite, kMakeLeaves>(board, depth);
}

}  // namespace

std::uint64_t perft(const Position& position, int depth) {
  if (depth <= 0) return 1;
  Board board = position.board();
  return count<false>(board, depth);
}

std::uint64_t perft_made(const Position& position, int depth) {
  if (depth <= 0) return 1;
  Board board = position.board();
  return count<true>(board, depth);
}

std::vector<std::pair<Move, std::uint64_t>> perft_divide(const Position& position, int depth) {
  std::vector<std::pair<Move, std::uint64_t>> counts;
  if (depth <= 0) return counts;
  MoveList moves;
  position.legal_moves(moves);
  counts.reserve(moves.size());
  for (const Move m : moves) {
    Board board = position.board();
    board.apply(m);
    counts.emplace_back(m, depth == 1 ? 1 : count<false>(board, depth - 1));
  }
  return counts;
}

}  // namespace keisei::shogi
