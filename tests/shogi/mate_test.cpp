// Checks and mate in one, against making every move.
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

bool mates(const Position& p, Move m) {
  Position after = p;
  after.make(m);
  return after.in_check() && sorted_legal(after).empty();
}

TEST(GivesCheck, EqualsMakingTheMove) {
  std::size_t checks = 0;
  for (const std::string_view start : kStarts) {
    for (std::uint64_t seed = 40; seed < 44; ++seed) {
      random_game(start, seed, 120, [&](const Position& p) {
        Position copy = p;
        for (const std::uint16_t raw : sorted_legal(p)) {
          const Move m = Move::from_raw(raw);
          copy.make(m);
          ASSERT_EQ(p.gives_check(m), copy.in_check()) << p.sfen() << " " << to_usi(m);
          checks += copy.in_check() ? 1U : 0U;
          copy.unmake();
        }
      });
    }
  }
  EXPECT_GT(checks, 1000U);
}

TEST(MateInOne, EqualsBruteForceInRandomGames) {
  std::size_t found = 0;
  for (const std::string_view start : kStarts) {
    for (std::uint64_t seed = 60; seed < 66; ++seed) {
      random_game(start, seed, 250, [&](const Position& p) {
        bool exists = false;
        for (const std::uint16_t raw : sorted_legal(p)) {
          if (p.gives_check(Move::from_raw(raw)) && mates(p, Move::from_raw(raw))) exists = true;
        }
        const auto m = p.mate_in_one();
        ASSERT_EQ(m.has_value(), exists) << p.sfen();
        if (!m) return;
        ++found;
        ASSERT_TRUE(p.is_legal(*m)) << p.sfen() << " " << to_usi(*m);
        ASSERT_TRUE(mates(p, *m)) << p.sfen() << " " << to_usi(*m);
      });
    }
  }
  EXPECT_GT(found, 50U);
}

TEST(MateInOne, KnownPositions) {
  // Gold on the head; the same with a pawn only is forbidden; a pawn that steps forward may mate; a king that opens.
  const std::tuple<const char*, const char*> cases[] = {
      {"4k4/9/4P4/9/9/9/9/9/4K4 b G 1", "G*5b"},
      {"7lk/7p1/8G/9/9/9/9/9/K8 b P 1", ""},
      {"7nk/9/8P/7G1/9/9/9/9/K8 b - 1", nullptr},
      {"k8/9/9/9/9/9/9/9/8K b - 1", ""},
  };
  for (const auto& [sfen, expected] : cases) {
    const Position p = position(sfen);
    const auto m = p.mate_in_one();
    if (expected == nullptr) {
      EXPECT_EQ(m.has_value(), m && mates(p, *m)) << sfen;
    } else {
      EXPECT_EQ(m ? to_usi(*m) : "", expected) << sfen;
    }
  }
}

}  // namespace
}  // namespace keisei::shogi::testing
