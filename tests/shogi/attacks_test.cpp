// Bitboards and sliders against walking the board square by square.
#include "shogi/attacks.h"

#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"

namespace keisei::shogi {
namespace {

Bitboard walk(Square from, Bitboard occupied, std::vector<std::pair<int, int>> steps) {
  Bitboard found;
  for (const auto& [file_step, rank_step] : steps) {
    for (int n = 1; n < 9; ++n) {
      const int file = file_of(from) + n * file_step;
      const int rank = rank_of(from) + n * rank_step;
      if (file < 1 || file > 9 || rank < 1 || rank > 9) break;
      found.set(square(file, rank));
      if (occupied.has(square(file, rank))) break;
    }
  }
  return found;
}

TEST(Attacks, SlidersEqualWalkingOnRandomBoards) {
  Random random(1, Purpose::kTest);
  for (int n = 0; n < 300; ++n) {
    Bitboard occupied{random.next() & random.next(), random.next() & random.next()};
    if (n % 3 == 0) occupied = Bitboard{random.next(), random.next()};
    if (n % 7 == 0) occupied = {};
    occupied &= Bitboard::all();
    for (Square s = 0; s < kSquares; ++s) {
      const Bitboard diagonal = walk(s, occupied, {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}});
      const Bitboard straight = walk(s, occupied, {{1, 0}, {-1, 0}, {0, 1}, {0, -1}});
      ASSERT_EQ(bishop_attacks(s, occupied), diagonal) << s;
      ASSERT_EQ(rook_attacks(s, occupied), straight) << s;
      ASSERT_EQ(lance_attacks(Color::kBlack, s, occupied), walk(s, occupied, {{0, -1}})) << s;
      ASSERT_EQ(lance_attacks(Color::kWhite, s, occupied), walk(s, occupied, {{0, 1}})) << s;
      ASSERT_EQ(attacks(Color::kBlack, Kind::kHorse, s, occupied), diagonal | king_steps(s));
      ASSERT_EQ(attacks(Color::kWhite, Kind::kDragon, s, occupied), straight | king_steps(s));
    }
  }
}

TEST(Attacks, LinesBetweenSquares) {
  EXPECT_EQ(between(square(5, 9), square(5, 6)), Bitboard::of(square(5, 8)) | Bitboard::of(square(5, 7)));
  EXPECT_EQ(between(square(9, 1), square(7, 3)), Bitboard::of(square(8, 2)));
  EXPECT_TRUE(between(square(1, 1), square(2, 1)).none());
  EXPECT_EQ(direction(square(1, 1), square(2, 3)), kNoDirection);
  EXPECT_EQ(ray_through(square(5, 5), square(4, 5)).count(), 4);
  for (Square a = 0; a < kSquares; ++a) {
    for (Square b = 0; b < kSquares; ++b) {
      if (a != b && direction(a, b) != kNoDirection) {
        ASSERT_EQ(between(a, b), between(b, a));
        ASSERT_EQ(direction(a, b) ^ 1, direction(b, a));
      }
    }
  }
}

TEST(Bitboard, RanksFilesAndSets) {
  for (int r = 1; r <= 9; ++r) {
    Bitboard expected;
    for (int f = 1; f <= 9; ++f) expected.set(square(f, r));
    EXPECT_EQ(Bitboard::rank(r), expected);
    for (int f = 1; f <= 9; ++f) EXPECT_EQ((Bitboard::rank(r) & Bitboard::file(f)).first(), square(f, r));
  }
  EXPECT_EQ(Bitboard::all().count(), kSquares);
  EXPECT_EQ((~Bitboard{}).count(), kSquares);
  EXPECT_FALSE(Bitboard::of(80).more_than_one());
  EXPECT_TRUE((Bitboard::of(80) | Bitboard::of(0)).more_than_one());
  std::vector<Square> seen;
  (Bitboard::of(62) | Bitboard::of(63) | Bitboard::of(0) | Bitboard::of(80)).for_each([&](Square s) {
    seen.push_back(s);
  });
  EXPECT_EQ(seen, (std::vector<Square>{0, 62, 63, 80}));
  EXPECT_EQ(camp(Color::kBlack).count(), 27);
  EXPECT_EQ(dead_squares(Color::kWhite, Kind::kKnight), Bitboard::rank(8) | Bitboard::rank(9));
}

}  // namespace
}  // namespace keisei::shogi
