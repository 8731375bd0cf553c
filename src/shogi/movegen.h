// The legal moves of a board, generated legal: pins and checkers are known from the last move, only king steps are
// tested for attack, and a pawn drop in front of the king for mate. Non-promotions are included except on dead squares.
// Pure functions, thread-safe.
#pragma once

#include "shogi/board.h"

namespace keisei::shogi {

/// Replaces `moves` by all legal moves of the side to move.
void generate_legal(const Board& board, MoveList& moves);
[[nodiscard]] bool has_legal_move(const Board& board);
/// For any 16 bits: true exactly for the moves that generate_legal lists.
[[nodiscard]] bool is_legal(const Board& board, Move m);

/// Squares where `c` may drop a pawn as far as ranks and files go (no second unpromoted pawn on a file); occupied
/// squares are not taken out.
[[nodiscard]] Bitboard pawn_drop_squares(const Board& board, Color c);
/// Whether the side to move, dropping a pawn on `s` in front of the other king, would mate (uchifuzume).
[[nodiscard]] bool is_mating_pawn_drop(const Board& board, Square s);
/// Where other pieces than the king and drops may go: anywhere, or onto the checker and between it and the king;
/// nowhere when two pieces give check.
[[nodiscard]] Bitboard answer_squares(const Board& board);
/// Where the king of the side to move may step, its own pieces and attacked squares taken out.
[[nodiscard]] Bitboard safe_king_steps(const Board& board);

}  // namespace keisei::shogi
