#include "shogi/perft.h"

#include "shogi/movegen.h"

namespace keisei::shogi {
namespace {

std::uint64_t count_leaves(Board& board, int depth) {
  MoveList moves;
  generate_legal(board, moves);
  if (depth <= 1) return moves.size();
  const Bitboard checkers = board.checkers();
  const Bitboard pinned = board.pinned();
  std::uint64_t leaves = 0;
  for (const Move m : moves) {
    const Kind captured = board.apply(m);
    leaves += count_leaves(board, depth - 1);
    board.revert(m, captured, checkers, pinned);
  }
  return leaves;
}

}  // namespace

std::uint64_t perft(const Position& position, int depth) {
  if (depth <= 0) return 1;
  Board board = position.board();
  return count_leaves(board, depth);
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
    counts.emplace_back(m, depth == 1 ? 1 : count_leaves(board, depth - 1));
  }
  return counts;
}

}  // namespace keisei::shogi
