// Failure mode 32: perpetual check missed, the start position not counted as an occurrence, mate on the last ply before
// the move limit taken for a truncation.
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

std::string after(std::string_view sfen, const std::vector<std::string>& moves, const Rules& rules) {
  const auto p = position_from(sfen, moves);
  if (!p) return p.error().message;
  return text_of(p->outcome(rules));
}

std::vector<std::string> times(int n, const std::vector<std::string>& cycle) {
  std::vector<std::string> moves;
  for (int i = 0; i < n; ++i) moves.insert(moves.end(), cycle.begin(), cycle.end());
  return moves;
}

TEST(FailureMode32, PerpetualCheckLosesWhoeverIsToMoveAtTheFourthOccurrence) {
  // The checker is to move in the repeated position ...
  EXPECT_EQ(after("8k/9/9/9/9/9/9/7R1/K8 b - 1", times(3, {"2h1h", "1a2a", "1h2h", "2a1a"}), {}),
            "white perpetual_check");
  // ... or the side in check.
  EXPECT_EQ(after("8k/9/9/9/9/9/9/8R/K8 w - 1", times(3, {"1a2a", "1h2h", "2a1a", "2h1h"}), {}),
            "white perpetual_check");
}

TEST(FailureMode32, ChecksThatWereNotContinuousAreADraw) {
  std::vector<std::string> moves = {"2h3h", "1a1b", "3h2h", "1b1a"};
  for (const auto& m : times(2, {"2h1h", "1a2a", "1h2h", "2a1a"})) moves.push_back(m);
  EXPECT_EQ(after("8k/9/9/9/9/9/9/7R1/K8 b - 1", moves, {}), "none repetition");
}

TEST(FailureMode32, TheStartPositionCounts) {
  EXPECT_EQ(after("startpos", times(3, {"2h3h", "8b7b", "3h2h", "7b8b"}), {}), "none repetition");
  std::vector<std::string> early = times(3, {"2h3h", "8b7b", "3h2h", "7b8b"});
  early.pop_back();
  EXPECT_EQ(after("startpos", early, {}), "none");
}

TEST(FailureMode32, MateOnTheLastPlyIsMate) {
  EXPECT_EQ(after("4k4/9/4P4/9/9/9/9/9/4K4 b G 1", {"G*5b"}, Rules{.max_moves = 1}), "black checkmate");
  EXPECT_EQ(after("4k4/9/4P4/9/9/9/9/9/4K4 b G 1", {"G*4b"}, Rules{.max_moves = 1}), "none max_moves");
}

}  // namespace
}  // namespace keisei::shogi::testing
