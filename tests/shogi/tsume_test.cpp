// The mate solver against hand-made positions and against plain enumeration.
#include "shogi/tsume.h"

#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

constexpr std::uint64_t kSolverNodes = 2'000'000;

/// Mate by checks within `plies`, by definition: no table, no shortcut.
bool mates_within(Position& p, int plies) {
  MoveList moves;
  p.legal_moves(moves);
  if (plies % 2 == 1) {
    for (const Move m : moves) {
      if (!p.gives_check(m)) continue;
      p.make(m);
      const bool mate = mates_within(p, plies - 1);
      p.unmake();
      if (mate) return true;
    }
    return false;
  }
  if (plies == 0) return moves.empty();
  for (const Move m : moves) {
    p.make(m);
    const bool mate = mates_within(p, plies - 1);
    p.unmake();
    if (!mate) return false;
  }
  return true;
}

/// Every move of the line is legal, the attacker's are checks, the last one mates.
void expect_sound(const Position& start, const TsumeResult& solved) {
  ASSERT_EQ(static_cast<int>(solved.line.size()), solved.plies) << start.sfen();
  Position p = start;
  for (std::size_t i = 0; i < solved.line.size(); ++i) {
    if (i % 2 == 0) {
      ASSERT_TRUE(p.gives_check(solved.line[i])) << start.sfen();
    }
    ASSERT_TRUE(p.play(solved.line[i]).has_value()) << start.sfen();
  }
  EXPECT_EQ(text_of(p.outcome({})).substr(6), "checkmate") << start.sfen();
}

TEST(Tsume, SolvesHandMadeProblems) {
  struct Case {
    const char* sfen;
    int plies;
    const char* first;
  };
  const Case cases[] = {
      {"4k4/9/4P4/9/9/9/9/9/4K4 b G 1", 1, "G*5b"},
      {"7nk/9/8G/9/9/9/9/9/K8 b L 1", 1, "L*1b"},
      {"4k4/9/9/9/9/9/4p4/9/4K4 w g 1", 1, "G*5h"},
  };
  for (const Case& c : cases) {
    const Position p = position(c.sfen);
    const TsumeResult solved = solve(p, 7, kSolverNodes);
    ASSERT_EQ(solved.verdict, TsumeVerdict::kMate) << c.sfen;
    EXPECT_EQ(solved.plies, c.plies) << c.sfen;
    EXPECT_EQ(to_usi(solved.line.front()), c.first) << c.sfen;
    expect_sound(p, solved);
  }
}

TEST(Tsume, KnowsThatADroppedPawnMayNotMate) {
  // P*1b would mate, and is forbidden (uchifuzume); nothing else mates.
  for (const char* sfen : {"7nk/7s1/8G/9/9/9/9/9/K8 b P 1", "8k/9/9/9/9/9/g8/1S7/KN7 w p 1"}) {
    const TsumeResult solved = solve(position(sfen), 1, kSolverNodes);
    EXPECT_EQ(solved.verdict, TsumeVerdict::kNoMate) << sfen;
  }
  // The same mate by moving the pawn is one.
  EXPECT_EQ(solve(position("7nk/7s1/8P/8R/9/9/9/9/K8 b - 1"), 1, kSolverNodes).verdict, TsumeVerdict::kMate);
}

TEST(Tsume, OnlyChecksCountForTheAttacker) {
  // Lone kings and a pawn far away: nothing checks at all.
  const TsumeResult none = solve(position("4k4/9/9/9/4P4/9/9/9/4K4 b - 1"), 9, kSolverNodes);
  EXPECT_EQ(none.verdict, TsumeVerdict::kNoMate);
  EXPECT_EQ(none.plies, 9);
  EXPECT_TRUE(none.line.empty());
}

TEST(Tsume, AnswersTheBoundsOfItsArguments) {
  const Position mate = position("4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  EXPECT_EQ(solve(mate, 0, kSolverNodes).verdict, TsumeVerdict::kNoMate);
  EXPECT_EQ(solve(mate, -3, kSolverNodes).plies, 0);
  EXPECT_EQ(solve(mate, 2, kSolverNodes).plies, 1);
  EXPECT_EQ(solve(mate, 7, 0).verdict, TsumeVerdict::kUndecided);
  const Position crowded = position("4k4/9/9/9/9/9/9/9/4K4 b RB2G2S2N2L9Prb2g2s2n2l9p 1");
  const TsumeResult spent = solve(crowded, 31, 3'000);
  EXPECT_EQ(spent.verdict, TsumeVerdict::kUndecided);
  EXPECT_LE(spent.nodes, 3'001U);
}

TEST(Tsume, EqualsEnumerationOnRandomGames) {
  int mates[4] = {};
  int none = 0;
  for (std::uint64_t game = 0; game < 40; ++game) {
    int ply = 0;
    random_game(kStarts[game % std::size(kStarts)], 100 + game, 70, [&](const Position& p) {
      if (++ply % 2 == 0) return;
      Position copy = p;
      MoveList moves;
      p.legal_moves(moves);
      const int longest = moves.size() < 60 ? 5 : 3;
      int expected = 0;
      for (int n = 1; n <= longest && expected == 0; n += 2) {
        if (mates_within(copy, n)) expected = n;
      }
      const TsumeResult solved = solve(p, longest, kSolverNodes);
      ASSERT_EQ(solved.verdict, expected == 0 ? TsumeVerdict::kNoMate : TsumeVerdict::kMate) << p.sfen();
      if (expected == 0) {
        ++none;
        return;
      }
      ASSERT_EQ(solved.plies, expected) << p.sfen();
      ++mates[expected / 2];
      expect_sound(p, solved);
      ASSERT_EQ(judge_first_move(p, solved.line.front(), expected, kSolverNodes), TsumeVerdict::kMate) << p.sfen();
      for (const Move m : moves) {
        copy.make(m);
        const bool keeps = p.gives_check(m) && mates_within(copy, expected - 1);
        copy.unmake();
        ASSERT_EQ(judge_first_move(p, m, expected, kSolverNodes) == TsumeVerdict::kMate, keeps)
            << p.sfen() << to_usi(m);
      }
    });
  }
  EXPECT_GT(none, 300);
  EXPECT_GT(mates[0], 20);
  EXPECT_GT(mates[1], 5);
}

TEST(Tsume, JudgesIllegalFirstMovesAsNoMate) {
  const Position p = position("4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  EXPECT_EQ(judge_first_move(p, *parse_usi("G*5b"), 1, kSolverNodes), TsumeVerdict::kMate);
  EXPECT_EQ(judge_first_move(p, *parse_usi("R*5b"), 1, kSolverNodes), TsumeVerdict::kNoMate);
  EXPECT_EQ(judge_first_move(p, Move(), 1, kSolverNodes), TsumeVerdict::kNoMate);
  EXPECT_EQ(judge_first_move(p, *parse_usi("5i5h"), 1, kSolverNodes), TsumeVerdict::kNoMate);
}

}  // namespace
}  // namespace keisei::shogi::testing
