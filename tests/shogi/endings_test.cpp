// How games end: mate, no legal move, repetition, perpetual check, move limit, declaration.
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

TEST(Repetition, EveryCaseOfTheTable) {
  const Rules rules;
  for (const auto& row : read_table("repetition.tsv")) {
    ASSERT_EQ(row.size(), 5U) << row[0];
    SCOPED_TRACE(row[0] + ": " + row[4]);
    Position p = position(row[1]);
    const auto moves = words(row[2]);
    for (std::size_t i = 0; i < moves.size(); ++i) {
      EXPECT_EQ(text_of(p.outcome(rules)), "none") << "before move " << i + 1;
      const auto m = parse_usi(moves[i]);
      ASSERT_TRUE(m.has_value()) << moves[i];
      const auto played = p.play(*m);
      ASSERT_TRUE(played.has_value()) << played.error().message;
    }
    EXPECT_EQ(text_of(p.outcome(rules)), row[3]);
    if (row[3] != "none") {
      EXPECT_EQ(p.repetition(), 4);
    }
  }
}

TEST(Repetition, CountsFromTheStartPositionAndFollowsUnmake) {
  Position p;
  EXPECT_EQ(p.repetition(), 1);
  const char* cycle[] = {"2h3h", "8b7b", "3h2h", "7b8b"};
  for (int round = 2; round <= 4; ++round) {
    for (const char* text : cycle) ASSERT_TRUE(p.play(parse_usi(text).value()).has_value());
    EXPECT_EQ(p.repetition(), round);
  }
  for (int ply = 12; ply > 0; --ply) p.unmake();
  EXPECT_EQ(p.repetition(), 1);
  EXPECT_FALSE(p.outcome({}).has_value());
}

TEST(Repetition, EqualsACountOfEarlierEqualPositionsInRandomGames) {
  // Few pieces, so that random moves repeat often; equality by SFEN without the move number.
  const auto key = [](const Position& p) { return p.sfen().substr(0, p.sfen().rfind(' ')); };
  int highest = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    std::vector<std::string> seen;
    random_game("k8/9/9/9/9/9/9/9/8K b - 1", seed, 1500, [&](const Position& p) {
      seen.push_back(key(p));
      const auto count = static_cast<int>(std::count(seen.begin(), seen.end(), seen.back()));
      ASSERT_EQ(p.repetition(), count) << p.sfen();
      highest = std::max(highest, count);
    });
  }
  EXPECT_GE(highest, 4);
}

TEST(Endings, MateAndNoLegalMoveAreTwoReasonsAndBothLose) {
  const Position mate = position("4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2");
  EXPECT_TRUE(mate.in_check());
  EXPECT_EQ(text_of(mate.outcome({})), "black checkmate");
  const Position stuck = position("k8/2G6/1G7/9/9/9/9/9/4K4 w - 2");
  EXPECT_FALSE(stuck.in_check());
  EXPECT_EQ(text_of(stuck.outcome({})), "black no_legal_moves");
  const Position other = position("4k4/9/9/9/9/9/4p4/4g4/4K4 b - 1");
  EXPECT_EQ(text_of(other.outcome({})), "white checkmate");
}

TEST(Endings, MoveLimitTruncatesAfterThatManyPliesOfThisGame) {
  const std::vector<std::string> shuffle = {"5i4i", "5a4a", "4i5i", "4a5a"};
  Position p = position("4k4/9/9/9/9/9/9/9/4K4 b - 41");
  const Rules rules{.max_moves = 10, .declaration = DeclarationRule::k27};
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(p.outcome(rules).has_value()) << i;
    ASSERT_TRUE(p.play(parse_usi(shuffle[static_cast<std::size_t>(i % 4)]).value()).has_value());
  }
  const auto outcome = p.outcome(rules);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->reason, Reason::kMaxMoves);
  EXPECT_EQ(outcome->winner, Winner::kNone);
  EXPECT_TRUE(outcome->truncated);
  EXPECT_EQ(p.ply(), 51);
  EXPECT_EQ(p.move_count(), 50);
  EXPECT_EQ(p.plies_played(), 10);
  EXPECT_FALSE(p.outcome({.max_moves = 0}).has_value());
}

TEST(Endings, RepetitionOnTheLastPlyBeforeTheMoveLimit) {
  Position p = position("8k/9/9/9/9/9/9/7R1/K8 b - 1");
  const char* cycle[] = {"2h1h", "1a2a", "1h2h", "2a1a"};
  for (int i = 0; i < 12; ++i) p.make(parse_usi(cycle[i % 4]).value());
  EXPECT_EQ(text_of(p.outcome({.max_moves = 12})), "white perpetual_check");
}

TEST(Declaration, EveryCaseOfTheTable) {
  const auto text = [](const Position& p, DeclarationRule rule) -> std::string {
    const DeclarationState d = p.declaration(rule);
    if (!d.can_declare) return "no";
    return d.winner == Winner::kNone ? "draw" : d.winner == winner_of(p.side()) ? "win" : "loss";
  };
  for (const auto& row : read_table("declaration.tsv")) {
    ASSERT_EQ(row.size(), 6U) << row[0];
    SCOPED_TRACE(row[0] + ": " + row[5]);
    const Position p = position(row[1]);
    EXPECT_EQ(p.declaration(DeclarationRule::k27).points, std::stoi(row[2]));
    EXPECT_EQ(text(p, DeclarationRule::k27), row[3]);
    EXPECT_EQ(text(p, DeclarationRule::k24), row[4]);
    EXPECT_EQ(text(p, DeclarationRule::kNone), "no");
    EXPECT_FALSE(p.outcome({}).has_value()) << "a declaration is an act, not an end by itself";
  }
}

}  // namespace
}  // namespace keisei::shogi::testing
