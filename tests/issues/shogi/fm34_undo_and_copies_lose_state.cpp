// Failure mode 34: taking a move back loses the promotion of a captured piece, and a copied game forgets its history.
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

TEST(FailureMode34, AThousandRandomGamesAreTakenBackToTheStart) {
  constexpr std::uint64_t kGames = 1000;
  std::size_t promoted_captures = 0;
  for (std::uint64_t game = 0; game < kGames; ++game) {
    const std::string_view start = kStarts[game % std::size(kStarts)];
    Position p = position(start);
    const Position first = p;
    Random random(game, Purpose::kTest, 34);
    MoveList moves;
    std::vector<std::pair<std::uint64_t, int>> trail;
    for (int i = 0; i < 60; ++i) {
      p.legal_moves(moves);
      if (moves.empty()) break;
      const Move m = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
      if (!m.is_drop() && is_promoted(p.piece_on(m.to()).kind)) ++promoted_captures;
      trail.emplace_back(p.hash(), p.repetition());
      p.make(m);
    }
    while (p.plies_played() > 0) {
      p.unmake();
      ASSERT_EQ(p.hash(), trail.back().first);
      ASSERT_EQ(p.repetition(), trail.back().second);
      trail.pop_back();
    }
    ASSERT_EQ(p.sfen(), first.sfen());
    ASSERT_TRUE(p.board().same_position(first.board()));
  }
  EXPECT_GT(promoted_captures, 50U);
}

TEST(FailureMode34, CapturedPromotedPiecesComeBackPromoted) {
  const std::string start = "4k4/9/9/9/+p+l+n+s+b+r3/PLNSBR3/9/9/4K4 b - 1";
  Position p = position(start);
  const std::uint64_t hash = p.hash();
  for (const char* text : {"9f9e", "8f8e", "4f4e"}) {
    ASSERT_TRUE(p.is_legal(parse_usi(text).value())) << text;
    p.make(parse_usi(text).value());
    EXPECT_NE(p.sfen().find(" w "), std::string::npos);
    p.unmake();
    EXPECT_EQ(p.sfen(), start);
    EXPECT_EQ(p.hash(), hash);
  }
  for (const char* text : {"9f9e", "5a4a", "8f8e", "4a5a", "4f4e"})
    ASSERT_TRUE(p.play(parse_usi(text).value()).has_value());
  EXPECT_EQ(p.hand(Color::kBlack, Kind::kPawn), 1);
  EXPECT_EQ(p.hand(Color::kBlack, Kind::kLance), 1);
  EXPECT_EQ(p.hand(Color::kBlack, Kind::kRook), 1);
  while (p.plies_played() > 0) p.unmake();
  EXPECT_EQ(p.sfen(), start);
  EXPECT_EQ(p.hash(), hash);
}

TEST(FailureMode34, ACopyKeepsTheRepetitionCount) {
  Position p;
  const char* cycle[] = {"2h3h", "8b7b", "3h2h", "7b8b"};
  for (int i = 0; i < 11; ++i) {
    Position copy = p;
    copy.make(parse_usi(cycle[i % 4]).value());
    p = copy;
  }
  EXPECT_FALSE(p.outcome({}).has_value());
  p.make(parse_usi("7b8b").value());
  EXPECT_EQ(p.repetition(), 4);
  EXPECT_EQ(text_of(p.outcome({})), "none repetition");
}

}  // namespace
}  // namespace keisei::shogi::testing
