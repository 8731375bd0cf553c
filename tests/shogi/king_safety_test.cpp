// The safe steps of the king, found for all eight squares at once, against one question for each square.
#include "shogi/king_safety.h"

#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

unsigned asked_one_by_one(const Board& board, Color us) {
  const Square king = board.king(us);
  const Bitboard without_king = board.occupied() ^ Bitboard::of(king);
  unsigned safe = 0;
  for (int i = 0; i < kNeighbours; ++i) {
    const Square to = king + kNeighbourOffsets[i];
    if (to < 0 || to >= kSquares || !king_steps(king).has(to) || board.pieces(us).has(to)) continue;
    if (!board.attacked(~us, to, without_king)) safe |= 1U << i;
  }
  return safe;
}

TEST(KingSafety, AllStepsAtOnceEqualOneByOne) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    random_game(kStarts[seed % std::size(kStarts)], seed, 300, [&](const Position& p) {
      const Board& board = p.board();
      ASSERT_EQ(safe_king_mask<Color::kBlack>(board), asked_one_by_one(board, Color::kBlack)) << p.sfen();
      ASSERT_EQ(safe_king_mask<Color::kWhite>(board), asked_one_by_one(board, Color::kWhite)) << p.sfen();
      ++compared;
    });
  }
  EXPECT_GT(compared, 3000);
}

TEST(KingSafety, EveryAttackerOnEverySquareAroundEveryKing) {
  for (Square king = 0; king < kSquares; ++king) {
    for (int kind = 1; kind < kKinds; ++kind) {
      const Kind k = static_cast<Kind>(kind);
      if (k == Kind::kKing) continue;
      for (Square s = 0; s < kSquares; ++s) {
        const Square other_king = king % 9 < 4 ? 80 : 0;
        if (s == king || s == other_king || king == other_king) continue;
        Board board;
        board.put(king, {Kind::kKing, Color::kBlack});
        board.put(other_king, {Kind::kKing, Color::kWhite});
        board.put(s, {k, Color::kWhite});
        ASSERT_EQ(safe_king_mask<Color::kBlack>(board), asked_one_by_one(board, Color::kBlack))
            << king << " " << kind << " " << s;
        Board turned;
        turned.put(king, {Kind::kKing, Color::kWhite});
        turned.put(other_king, {Kind::kKing, Color::kBlack});
        turned.put(s, {k, Color::kBlack});
        ASSERT_EQ(safe_king_mask<Color::kWhite>(turned), asked_one_by_one(turned, Color::kWhite))
            << king << " " << kind << " " << s;
      }
    }
  }
}

}  // namespace
}  // namespace keisei::shogi::testing
