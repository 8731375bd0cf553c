// 19: the action index was not rotated with the observation. 20: White's knight moves were decoded on the wrong square.
#include <gtest/gtest.h>

#include <map>

#include "net/actions.h"
#include "net/planes.h"
#include "net/random_games.h"
#include "shogi/notation.h"

namespace keisei::net {
namespace {

TEST(FailureMode19, TheSameGameFromTheOtherSideLooksAndActsTheSame) {
  int positions = 0;
  random_games(30, 19, [&](const shogi::Position& position) {
    if (position.repetition() > 1) return;  // a position set up from text has no history
    const shogi::Position other = swapped(position);
    Features seen = encode(position);
    Features mirrored = encode(other);
    EXPECT_NE(seen.black_to_move, mirrored.black_to_move);
    mirrored.black_to_move = seen.black_to_move;
    ASSERT_EQ(seen, mirrored) << position.sfen();
    shogi::MoveList legal;
    position.legal_moves(legal);
    for (const shogi::Move m : legal) {
      const shogi::Move turned =
          m.is_drop() ? shogi::Move::drop(m.dropped(), shogi::rotated(m.to()))
                      : shogi::Move::board(shogi::rotated(m.from()), shogi::rotated(m.to()), m.promotes());
      ASSERT_EQ(action_of(m, position.side()), action_of(turned, other.side()))
          << position.sfen() << " " << shogi::to_usi(m);
    }
    ++positions;
  });
  EXPECT_GT(positions, 1000);
}

TEST(FailureMode20, KnightMovesOfBothColoursAreDecodedOnTheirOwnSquares) {
  std::map<shogi::Color, int> knights;
  random_games(200, 20, [&](const shogi::Position& position) {
    shogi::MoveList legal;
    position.legal_moves(legal);
    for (const shogi::Move m : legal) {
      if (m.is_drop() || position.piece_on(m.from()).kind != shogi::Kind::kKnight) continue;
      ++knights[position.side()];
      ASSERT_EQ(move_of(action_of(m, position.side()), position), m) << position.sfen() << " " << shogi::to_usi(m);
    }
  });
  EXPECT_GT(knights[shogi::Color::kBlack], 100);
  EXPECT_GT(knights[shogi::Color::kWhite], 100);
}

}  // namespace
}  // namespace keisei::net
