// The players without a network: legal, reproducible, as strong as their description.
#include "shogi/players.h"

#include <map>

#include "shogi/bench.h"
#include "shogi/player_testing.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

constexpr std::uint64_t kBenchExpected = 1168844700816288214;

TEST(BuiltinPlayers, AreFoundByName) {
  EXPECT_EQ(builtin("random")->name(), "random");
  EXPECT_EQ(builtin("greedy")->name(), "greedy");
  EXPECT_EQ(builtin("heuristic")->name(), "greedy");
  for (const char* spec : {"", "Random", "rand", "greedy:2"}) {
    const auto player = make_builtin(spec);
    ASSERT_FALSE(player.has_value()) << spec;
    EXPECT_EQ(player.error().code, Code::kUsage);
    EXPECT_NE(player.error().hint.find("greedy"), std::string::npos);
  }
}

TEST(RandomPlayer, DrawsEveryLegalMoveAboutEquallyAndRepeatsItself) {
  const auto player = builtin("random");
  const Position p;
  std::map<std::uint16_t, int> counts;
  constexpr int kDraws = 6000;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const Choice choice = ask(*player, p, seed);
    ASSERT_EQ(choice.kind, Choice::Kind::kMove);
    ++counts[choice.move.raw()];
  }
  ASSERT_EQ(counts.size(), 30U);
  double chi2 = 0;
  for (const auto& [raw, n] : counts) chi2 += (n - kDraws / 30.0) * (n - kDraws / 30.0) / (kDraws / 30.0);
  EXPECT_LT(chi2, 58.3);  // 29 degrees of freedom, p = 0.001
  EXPECT_EQ(ask(*player, p, 7).move, ask(*player, p, 7).move);
}

TEST(GreedyPlayer, TakesTheMostMaterial) {
  const auto player = builtin("greedy");
  // The pawn can take a rook; the bishop can only promote or look on.
  const Position p = position("4k4/9/9/4p4/3r5/3P5/9/1B7/4K4 b - 1");
  for (std::uint64_t seed = 0; seed < 20; ++seed) EXPECT_EQ(to_usi(ask(*player, p, seed).move), "6f6e");
  const Position promotes = position("4k4/9/9/2P6/9/9/9/9/4K4 b - 1");
  EXPECT_EQ(to_usi(ask(*player, promotes, 1).move), "7d7c+");
}

TEST(GreedyPlayer, TiesAreDrawnFromAllBestMoves) {
  const auto player = builtin("greedy");
  std::map<std::string, int> counts;
  const Position p = position("4k4/9/9/2p1p4/2P1P4/9/9/9/4K4 b - 1");
  for (std::uint64_t seed = 0; seed < 200; ++seed) ++counts[to_usi(ask(*player, p, seed).move)];
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_GT(counts["7e7d"], 60);
  EXPECT_GT(counts["5e5d"], 60);
}

TEST(BuiltinPlayers, DeclareAWinAndResignOnlyWithoutAMove) {
  const Position entered = position("1+P+P+PK+P+P+P1/+R2G1G2+B/9/9/9/9/9/9/4k4 b RB2g4s4n4l12p 1");
  const Position mated = position("4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2");
  for (const char* spec : {"random", "greedy"}) {
    EXPECT_EQ(ask(*builtin(spec), entered, 1).kind, Choice::Kind::kDeclare);
    const auto plain = builtin(spec, Rules{.max_moves = 0, .declaration = DeclarationRule::kNone});
    EXPECT_EQ(ask(*plain, entered, 1).kind, Choice::Kind::kMove);
    const auto jsa = builtin(spec, Rules{.max_moves = 0, .declaration = DeclarationRule::k24});
    EXPECT_EQ(ask(*jsa, entered, 1).kind, Choice::Kind::kMove) << "28 points would only draw";
    EXPECT_EQ(ask(*builtin(spec), mated, 1).kind, Choice::Kind::kResign);
  }
}

TEST(BuiltinPlayers, AnswerManyTurnsAtOnceAsOneByOne) {
  const auto player = builtin("greedy");
  std::vector<Position> positions;
  random_game(Position::kStartSfen, 77, 40, [&](const Position& p) { positions.push_back(p); });
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < positions.size(); ++i) turns.push_back({&positions[i], i, Random(i, Purpose::kTest)});
  std::vector<Choice> choices(turns.size());
  player->choose(turns, choices);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    EXPECT_EQ(choices[i].move, ask(*player, positions[i], i).move);
    EXPECT_TRUE(positions[i].is_legal(choices[i].move));
  }
}

TEST(Material, GainEqualsTheChangeOfTheBalance) {
  EXPECT_EQ(material(Position(), Color::kBlack), material(Position(), Color::kWhite));
  random_game(kStarts[1], 6, 150, [&](const Position& p) {
    Position copy = p;
    const Color us = p.side();
    const double before = material(p, us) - material(p, ~us);
    for (const std::uint16_t raw : sorted_legal(p)) {
      copy.make(Move::from_raw(raw));
      ASSERT_EQ(material_gain(p, Move::from_raw(raw)), material(copy, us) - material(copy, ~us) - before);
      copy.unmake();
    }
  });
}

TEST(GreedyPlayer, BeatsRandomMoves) {
  const auto greedy = builtin("greedy");
  const auto random = builtin("random");
  int greedy_ahead = 0;
  for (std::uint64_t game = 0; game < 20; ++game) {
    Position p;
    const Color greedy_color = game % 2 == 0 ? Color::kBlack : Color::kWhite;
    for (std::uint64_t ply = 0; ply < 150 && !p.outcome({}); ++ply) {
      const Turn turn{&p, game, Random(3, Purpose::kTest, game, ply)};
      Choice choice;
      (p.side() == greedy_color ? *greedy : *random).choose({&turn, 1}, {&choice, 1});
      if (choice.kind != Choice::Kind::kMove) break;
      p.make(choice.move);
    }
    if (material(p, greedy_color) > material(p, ~greedy_color)) ++greedy_ahead;
  }
  EXPECT_GE(greedy_ahead, 18);
}

TEST(Bench, IsOneNumberEverywhere) {
  // A change of this number must be meant: commits that change it name it.
  EXPECT_EQ(bench(), kBenchExpected);
}

}  // namespace
}  // namespace keisei::shogi::testing
