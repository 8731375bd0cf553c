// SFEN and USI text: what is accepted, what is printed, and how refusals are worded.
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

TEST(Sfen, RoundTripsThroughRandomGames) {
  for (const std::string_view start : kStarts) {
    random_game(start, 3, 200, [&](const Position& p) {
      const Position again = position(p.sfen());
      ASSERT_EQ(again.sfen(), p.sfen());
      ASSERT_EQ(again.hash(), p.hash());
      ASSERT_EQ(again.in_check(), p.in_check());
    });
  }
}

TEST(Sfen, PutsHandsInTheCanonicalOrder) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"4k4/9/9/9/9/9/9/9/4K4 b pP 1", "4k4/9/9/9/9/9/9/9/4K4 b Pp 1"},
      {"4k4/9/9/9/9/9/9/9/4K4 b PGL 1", "4k4/9/9/9/9/9/9/9/4K4 b GLP 1"},
      {"4k4/9/9/9/9/9/9/9/4K4 w pgl 1", "4k4/9/9/9/9/9/9/9/4K4 w glp 1"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 9p3PR 1", "4k4/9/9/9/9/9/9/9/4K4 b R3P9p 1"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 2PL2NSGBR9plnsg 8", "4k4/9/9/9/9/9/9/9/4K4 b RBGS2NL2Pgsnl9p 8"},
      {"l+N1gkgsnl/1r1+B3b1/p1pppp1pp/7P1/1p5P1/P1P1P1P1P/PP1PPPP1P/1B5R1/LNSGKGSNL w 2L2Pgsn 32",
       "l+N1gkgsnl/1r1+B3b1/p1pppp1pp/7P1/1p5P1/P1P1P1P1P/PP1PPPP1P/1B5R1/LNSGKGSNL w 2L2Pgsn 32"},
      {"4k4/9/9/9/+P+L+N+S+B+R3/9/9/9/4K4 b - 1", "4k4/9/9/9/+P+L+N+S+B+R3/9/9/9/4K4 b - 1"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 18P 1", "4k4/9/9/9/9/9/9/9/4K4 b 18P 1"},
      {"startpos", Position::kStartSfen},
  };
  for (const auto& [input, printed] : cases) {
    const auto p = Position::from_sfen(input);
    ASSERT_TRUE(p.has_value()) << input << ": " << p.error().message;
    EXPECT_EQ(p->sfen(), printed);
  }
  EXPECT_EQ(sorted_legal(position("4k4/9/9/9/+P+L+N+S+B+R3/9/9/9/4K4 b - 1")).size(), 53U);
  EXPECT_EQ(
      position("l+N1gkgsnl/1r1+B3b1/p1pppp1pp/7P1/1p5P1/P1P1P1P1P/PP1PPPP1P/1B5R1/LNSGKGSNL w 2L2Pgsn 32").move_count(),
      31);
}

TEST(Sfen, RefusesAndSaysWhat) {
  const std::pair<std::string, const char*> cases[] = {
      {"4k4/9/9/9/9/9/9/9/4K4 x - 1", "side 'x'"},
      {"4k4/9/9/9/9/9/9/9/4K4 B - 1", "side 'B'"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - 0", "move number '0'"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - -1", "move number '-1'"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - 01", "move number '01'"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - 99999999999999999999", "move number"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - one", "move number 'one'"},
      {"4k4/10/9/9/9/9/9/9/4K4 b - 1", "rank 2"},
      {"4k4/8/9/9/9/9/9/9/4K4 b - 1", "rank 2 ('8') has 8 squares instead of nine"},
      {"4k4/9/9/9P/9/9/9/9/4K4 b - 1", "rank 4"},
      {"4k4/9/9/9/9/55/9/9/4K4 b - 1", "rank 6"},
      {"4k4/9/9/9/9/9/9/9/4K4 b X 1", "hands 'X'"},
      {"4k4/9/9/9/9/9/9/9/4K4 b K 1", "cannot be in hand"},
      {"4k4/9/9/9/9/9/9/9/4K4 b +P 1", "cannot be in hand"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 3 1", "a piece is missing"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 0P 1", "starts with 0"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 100P 1", "two digits"},
      {"4k4/9/9/9/9/9/9/9/4K4 b PP 1", "named twice"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 19P 1", "19 pawns"},
      {"4k4/4+P4/9/9/9/9/9/9/4K4 b 18P18p 1", "37 pawns"},
      {"4k4/9/9/9/R3R3R/9/R3R3R/9/K8 w - 1", "6 rooks"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 3R 1", "3 rooks"},
      {"4k4/9/9/9/9/9/9/9/4K4 b 5g 1", "5 golds"},
      {"+K3k4/9/9/9/9/9/9/9/4K4 b - 1", "cannot be promoted"},
      {"+G3k4/9/9/9/9/9/9/9/4K4 b - 1", "cannot be promoted"},
      {"4k4/++P8/9/9/9/9/9/9/4K4 b - 1", "'+' after '+'"},
      {"4k4/8+/9/9/9/9/9/9/4K4 b - 1", "ends in '+'"},
      {"4k4/+9/9/9/9/9/9/9/4K4 b - 1", "after '+'"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - 1 abc", "after the move number"},
      {"4k4/9/9/9/9/9/9/9/4K4 b - 1 ", "after the move number"},
      {" 4k4/9/9/9/9/9/9/9/4K4 b - 1", "board"},
      {"4k4/9/9/9/9/9/9/9/4K4  b - 1", "'side' is empty"},
      {"4k4/9/9/9/9/9/9/9/4K4 b -", "'move number' is missing"},
      {"4k4/9/9/9/9/9/9/9/4K4", "'side' is missing"},
      {"", "board"},
      {"9/9/9/9/9/9/9/9/9 b - 1", "0 kings"},
      {"4k4/9/9/9/9/9/9/9/3KK4 b - 1", "Black has 2 kings"},
      {"4k3k/9/9/9/9/9/9/9/3K5 b - 1", "White has 2 kings"},
      {"4k4/9/9/9/9/9/4K4 b - 1", "7 ranks"},
      {"4k4/9/9/9/9/9/9/4K4 b - 1", "8 ranks"},
      {"4k4/9/9/9/9/9/9/9/9/4K4 b - 1", "more than nine ranks"},
      {"4k4/9/9/9/9/9/9/9/4K4/ b - 1", "more than nine ranks"},
      {"P3k4/9/9/9/9/9/9/9/4K4 b - 1", "9a"},
      {"4k4/7N1/9/9/9/9/9/9/4K4 b - 1", "2b"},
      {"4k4/9/9/9/9/9/9/9/l3K4 b - 1", "9i"},
      {"4k4/4R4/9/9/9/9/9/9/4K4 b - 1", "White is in check"},
      {"3Kk4/9/9/9/9/9/9/9/9 b - 1", "in check"},
      {std::string(300, '9'), "300 characters"},
      {std::string("4k4/9/9/9/9/9/9/9/4K4 b \0 1", 27), "hands"},
  };
  for (const auto& [input, part] : cases) {
    const auto p = Position::from_sfen(input);
    ASSERT_FALSE(p.has_value()) << input;
    EXPECT_EQ(p.error().code, Code::kBadData);
    EXPECT_NE(p.error().message.find(part), std::string::npos) << input << " -> " << p.error().message;
    EXPECT_FALSE(p.error().hint.empty()) << input;
  }
}

TEST(Usi, EveryLegalMoveRoundTrips) {
  for (const std::string_view start : kStarts) {
    random_game(start, 8, 60, [&](const Position& p) {
      for (const std::uint16_t raw : sorted_legal(p)) {
        const Move m = Move::from_raw(raw);
        const auto again = parse_usi(to_usi(m));
        ASSERT_TRUE(again.has_value()) << to_usi(m);
        ASSERT_EQ(*again, m);
      }
    });
  }
  EXPECT_EQ(to_usi(Move()), "none");
  EXPECT_EQ(to_usi(Move::board(square(7, 7), square(7, 6), false)), "7g7f");
  EXPECT_EQ(to_usi(Move::board(square(8, 8), square(2, 2), true)), "8h2b+");
  EXPECT_EQ(to_usi(Move::drop(Kind::kPawn, square(5, 5))), "P*5e");
}

TEST(Usi, RefusesOtherText) {
  for (const char* text : {"",     "7",     "7g",  "7g7", "7g7f++", "7g7f=", "0g7f", "7j7f",   "7g0f",  "7g7j", "K*5e",
                           "p*5e", "P*5e+", "P*5", "P*",  "7G7F",   "7g7g",  "none", "resign", "7g 7f", "P5e "}) {
    const auto m = parse_usi(text);
    EXPECT_FALSE(m.has_value()) << text;
  }
}

TEST(PositionFrom, NamesTheMoveThatIsWrong) {
  const std::vector<std::string> good = {"7g7f", "3c3d", "8h2b+"};
  const auto p = position_from("startpos", good);
  ASSERT_TRUE(p.has_value());
  EXPECT_EQ(p->sfen(), "lnsgkgsnl/1r5+B1/pppppp1pp/6p2/9/2P6/PP1PPPPPP/7R1/LNSGKGSNL w B 4");
  EXPECT_EQ(p->plies_played(), 3);
  EXPECT_EQ(p->move_at(1), parse_usi("3c3d").value());

  const std::vector<std::string> illegal = {"7g7f", "7g7f"};
  const auto bad = position_from("startpos", illegal);
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, Code::kBadData);
  EXPECT_NE(bad.error().message.find("move 2 of 2"), std::string::npos) << bad.error().message;
  EXPECT_NE(bad.error().message.find("7g7f"), std::string::npos);

  const std::vector<std::string> garbled = {"7g7f", "3c3d", "xyz"};
  const auto worse = position_from(Position::kStartSfen, garbled);
  ASSERT_FALSE(worse.has_value());
  EXPECT_NE(worse.error().message.find("move 3 of 3"), std::string::npos) << worse.error().message;
  EXPECT_NE(worse.error().message.find("xyz"), std::string::npos);
}

}  // namespace
}  // namespace keisei::shogi::testing
