// material:D: sees mates, obeys repetition and declaration, repeats itself, and grows stronger with depth.
#include "shogi/material_player.h"

#include <cmath>

#include "shogi/material_search.h"
#include "shogi/player_testing.h"
#include "shogi/rules_testing.h"
#include "shogi/tsume.h"

namespace keisei::shogi::testing {
namespace {

struct Score {
  int wins = 0;
  int losses = 0;
  int draws = 0;
};

/// Games from four random plies, colours in turn; a game that reaches the cap is a draw.
Score play(Player& player, Player& opponent, int games, int most_plies, std::uint64_t seed) {
  constexpr std::uint64_t kRandomPlies = 4;
  Score score;
  MoveList moves;
  for (int game = 0; game < games; ++game) {
    Position p;
    const auto number = static_cast<std::uint64_t>(game);
    const Color ours = game % 2 == 0 ? Color::kBlack : Color::kWhite;
    std::optional<Outcome> outcome;
    for (std::uint64_t ply = 0; !(outcome = p.outcome({.max_moves = most_plies})); ++ply) {
      Random random(seed, Purpose::kTest, number / 2, ply);
      if (ply < kRandomPlies) {
        p.legal_moves(moves);
        p.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
        continue;
      }
      const Turn turn{&p, number, Random(seed + 1, Purpose::kTest, number, ply)};
      Choice choice;
      (p.side() == ours ? player : opponent).choose({&turn, 1}, {&choice, 1});
      if (choice.kind == Choice::Kind::kDeclare) {
        outcome = Outcome{winner_of(p.side()), Reason::kDeclaration, false};
        break;
      }
      EXPECT_EQ(choice.kind, Choice::Kind::kMove);
      EXPECT_TRUE(p.is_legal(choice.move));
      p.make(choice.move);
    }
    if (outcome->winner == winner_of(ours)) {
      ++score.wins;
    } else if (outcome->winner == Winner::kNone) {
      ++score.draws;
    } else {
      ++score.losses;
    }
  }
  return score;
}

TEST(MaterialPlayer, IsFoundByNameAndDepth) {
  EXPECT_EQ(builtin("material:1")->name(), "material:1");
  EXPECT_EQ(builtin("material:8")->name(), "material:8");
  for (const char* spec : {"material", "material:", "material:0", "material:9", "material:-1", "material:2x",
                           "material:1.5", "material: 2", "material:99999999999"}) {
    const auto player = make_builtin(spec);
    ASSERT_FALSE(player.has_value()) << spec;
    EXPECT_EQ(player.error().code, Code::kUsage);
    EXPECT_NE(player.error().hint.find("1 to 8"), std::string::npos) << player.error().hint;
  }
  EXPECT_FALSE(make_builtin("materials:1").has_value());
}

TEST(MaterialPlayer, TakesWhatIsFreeAndLeavesWhatIsGuarded) {
  const auto player = builtin("material:2");
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    EXPECT_EQ(to_usi(ask(*player, position("4k4/9/9/4p4/3r5/3P5/9/1B7/4K4 b - 1"), seed).move), "6f6e");
    // The rook could take a silver that a pawn guards.
    EXPECT_NE(to_usi(ask(*player, position("4k4/9/9/7p1/7s1/9/9/7R1/4K4 b - 1"), seed).move), "2h2e");
  }
}

TEST(MaterialPlayer, AnswersBySeedAndPositionAlone) {
  const auto used = builtin("material:3");
  std::vector<Position> positions;
  random_game(Position::kStartSfen, 5, 60, [&](const Position& p) { positions.push_back(p); });
  for (std::size_t i = 0; i < positions.size(); i += 7) {
    const auto fresh = builtin("material:3");
    const Choice a = ask(*used, positions[i], i);
    const Choice b = ask(*fresh, positions[i], i);
    EXPECT_EQ(a.move, b.move) << positions[i].sfen();
    EXPECT_EQ(a.value, b.value);
    EXPECT_LE(std::abs(a.value), 1);
  }
}

TEST(MaterialPlayer, DrawsAmongEqualMoves) {
  const auto player = builtin("material:1");
  std::vector<std::uint16_t> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) seen.push_back(ask(*player, Position(), seed).move.raw());
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  EXPECT_GT(seen.size(), 15U);  // of 30 moves, none of which wins anything
}

TEST(MaterialSearch, FindsEveryMateInOneAndInThree) {
  constexpr int kEveryNth = 10;  // of the mates in three: they are many
  int ones = 0;
  int threes = 0;
  MaterialSearch search{Rules{}};
  for (std::uint64_t game = 0; game < 36; ++game) {
    random_game(kStarts[game % std::size(kStarts)], game, 80, [&](const Position& p) {
      const TsumeResult solved = solve(p, 3, 50'000);
      if (solved.verdict != TsumeVerdict::kMate) return;
      if (++(solved.plies == 1 ? ones : threes) % kEveryNth != 0 && solved.plies == 3) return;
      const SearchLimits limits{.depth = solved.plies, .most_nodes = 20'000'000};
      const SearchResult found = search.search(p, limits, Random(game, Purpose::kTest));
      ASSERT_GT(found.score, 0) << p.sfen();
      ASSERT_LE(MaterialSearch::plies_to_mate(found.score), solved.plies) << p.sfen();
      if (solved.plies == 1) {
        // Leaving no move without check wins too.
        Position won = p;
        won.make(found.best);
        ASSERT_TRUE(won.outcome({}).has_value()) << p.sfen() << " " << to_usi(found.best);
        ASSERT_EQ(won.outcome({})->winner, winner_of(p.side())) << p.sfen() << " " << to_usi(found.best);
      }
    });
  }
  EXPECT_GT(ones, 30);
  EXPECT_GT(threes, 30);
}

TEST(MaterialSearch, PrefersTheShorterMateAndHoldsOutLonger) {
  MaterialSearch search{Rules{}};
  // Mate at once by the gold, or later by anything else.
  const SearchResult mate = search.search(position("4k4/9/4P4/9/9/9/9/9/4K4 b GR 1"), {4}, Random(1, Purpose::kTest));
  EXPECT_EQ(to_usi(mate.best), "G*5b");
  EXPECT_EQ(MaterialSearch::plies_to_mate(mate.score), 1);
  EXPECT_EQ(mate.depth, 1);
}

TEST(MaterialSearch, StopsAtItsNodesWithALegalMove) {
  MaterialSearch search{Rules{}};
  const Position crowded = position("R8/2K1S1SSk/4B4/9/9/9/9/9/1L1L1L3 b RBGSNLP3g3n17p 1");
  for (const std::uint64_t most : {std::uint64_t{1}, std::uint64_t{50}, std::uint64_t{5'000}}) {
    const SearchResult found = search.search(crowded, {8, most}, Random(1, Purpose::kTest));
    EXPECT_TRUE(crowded.is_legal(found.best));
    EXPECT_LE(found.nodes, most + 64);
    EXPECT_LT(found.depth, 8);
  }
}

TEST(MaterialSearch, ScoresRepetitionAsADrawAndPerpetualCheckAsALoss) {
  // White, far ahead, can avoid the fourth occurrence; Black, far behind, is glad of it.
  MaterialSearch search{Rules{}};
  Position draw = position("8k/9/9/9/9/9/9/r1r6/4K4 b bg 1");
  for (const char* move : {"5i4i", "1a1b", "4i5i", "1b1a", "5i4i", "1a1b", "4i5i", "1b1a", "5i4i", "1a1b", "4i5i"}) {
    ASSERT_TRUE(draw.play(*parse_usi(move)).has_value()) << move;
  }
  // White to move: 1b1a would be the fourth occurrence.
  const SearchResult ahead = search.search(draw, {2}, Random(3, Purpose::kTest));
  EXPECT_NE(to_usi(ahead.best), "1b1a");
  EXPECT_GT(ahead.score, 1000);

  Position checks = position("4k4/9/9/9/9/9/9/9/K4R3 b - 1");
  for (const char* move : {"4i5i", "5a4a", "5i4i", "4a5a", "4i5i", "5a4a", "5i4i", "4a5a", "4i5i", "5a4a"}) {
    ASSERT_TRUE(checks.play(*parse_usi(move)).has_value()) << move;
  }
  // Black's 5i4i is check, 4a5a would then be the fourth occurrence: Black loses.
  Position after = checks;
  ASSERT_TRUE(after.play(*parse_usi("5i4i")).has_value());
  const SearchResult white = search.search(after, {1}, Random(3, Purpose::kTest));
  EXPECT_EQ(to_usi(white.best), "4a5a");
  EXPECT_EQ(MaterialSearch::plies_to_mate(white.score), 1);
  EXPECT_NE(to_usi(search.search(checks, {2}, Random(3, Purpose::kTest)).best), "5i4i");
}

TEST(MaterialPlayer, DeclaresAWinAndResignsOnlyWithoutAMove) {
  const Position entered = position("1+P+P+PK+P+P+P1/+R2G1G2+B/9/9/9/9/9/9/4k4 b RB2g4s4n4l12p 1");
  const Position mated = position("4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2");
  const auto player = builtin("material:1");
  EXPECT_EQ(ask(*player, entered, 1).kind, Choice::Kind::kDeclare);
  EXPECT_EQ(ask(*player, mated, 1).kind, Choice::Kind::kResign);
  const auto plain = builtin("material:1", Rules{.max_moves = 0, .declaration = DeclarationRule::kNone});
  EXPECT_EQ(ask(*plain, entered, 1).kind, Choice::Kind::kMove);
}

TEST(MaterialPlayer, DepthOneBeatsRandom) {
  const Score score = play(*builtin("material:1"), *builtin("random"), 20, 300, 11);
  EXPECT_GE(score.wins, 18) << score.wins << " wins, " << score.draws << " draws, " << score.losses << " losses";
}

TEST(MaterialPlayer, EpsilonIsTheShareOfRandomMoves) {
  EXPECT_EQ(builtin("material:1?epsilon=0.25")->name(), "material:1?epsilon=0.25");
  EXPECT_EQ(builtin("material:1?epsilon=0")->name(), "material:1");
  const Position mate = *Position::from_sfen("4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  for (const double epsilon : {0.0, 0.5, 1.0}) {
    const auto player = make_material_player({.depth = 1, .epsilon = epsilon});
    constexpr int kTurns = 400;
    int mates = 0;
    for (std::uint64_t i = 0; i < kTurns; ++i) {
      const Turn turn{.position = &mate, .random = Random(3, Purpose::kEvaluation, i)};
      Choice choice;
      player->choose({&turn, 1}, {&choice, 1});
      ASSERT_EQ(choice.kind, Choice::Kind::kMove);
      if (to_usi(choice.move) == "G*5b") ++mates;
    }
    MoveList moves;
    mate.legal_moves(moves);
    const double expected = 1 - epsilon + epsilon / static_cast<double>(moves.size());
    EXPECT_NEAR(mates / double{kTurns}, expected, 4 * std::sqrt(expected * (1 - expected) / kTurns) + 1e-9) << epsilon;
  }
}

TEST(MaterialPlayer, EachStepOfEpsilonIsWeaker) {
  const Score upper = play(*builtin("material:1"), *builtin("material:1?epsilon=0.5"), 20, 300, 14);
  EXPECT_GE(upper.wins, 15) << upper.wins << " wins, " << upper.draws << " draws, " << upper.losses << " losses";
  const Score lower = play(*builtin("material:1?epsilon=0.5"), *builtin("random"), 20, 300, 15);
  EXPECT_GE(lower.wins, 15) << lower.wins << " wins, " << lower.draws << " draws, " << lower.losses << " losses";
}

TEST(MaterialPlayer, DepthTwoBeatsGreedy) {
  const Score score = play(*builtin("material:2"), *builtin("greedy"), 20, 300, 12);
  EXPECT_GE(score.wins, 16) << score.wins << " wins, " << score.draws << " draws, " << score.losses << " losses";
}

TEST(MaterialPlayer, DepthThreeBeatsDepthOne) {
  const Score score = play(*builtin("material:3"), *builtin("material:1"), 6, 300, 13);
  EXPECT_GE(score.wins, 5) << score.wins << " wins, " << score.draws << " draws, " << score.losses << " losses";
}

}  // namespace
}  // namespace keisei::shogi::testing
