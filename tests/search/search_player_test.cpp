// The player that plans every move: it sees what the policy alone does not, and a move depends on its turn alone.
#include "search/search_player.h"

#include <gtest/gtest.h>

#include <set>

#include "net/network_player.h"
#include "search/hashed_evaluator.h"
#include "shogi/dfpn.h"
#include "shogi/notation.h"

namespace keisei::search {
namespace {

using shogi::Choice;
using shogi::Position;
using shogi::Turn;

constexpr const char* kMateInThree = "3k2G2/5R3/p8/5n3/9/9/9/9/4K4 b S 1";

Position at(std::string_view sfen) {
  const auto position = Position::from_sfen(sfen);
  EXPECT_TRUE(position) << sfen;
  return position ? *position : Position();
}

Turn turn_of(const Position& position, std::uint64_t game = 0) {
  return {&position, game, Random(7, Purpose::kEvaluation, game, static_cast<std::uint64_t>(position.plies_played()))};
}

std::vector<Choice> choices_of(shogi::Player& player, std::span<const Turn> turns) {
  std::vector<Choice> choices(turns.size());
  player.choose(turns, choices);
  return choices;
}

/// Whether the move keeps the mate: against every answer there is one by checks alone.
bool keeps_the_mate(Position position, shogi::Move move) {
  if (!position.is_legal(move)) return false;
  position.make(move);
  shogi::MateSearch mates(1);
  shogi::MoveList answers;
  position.legal_moves(answers);
  return std::all_of(answers.begin(), answers.end(), [&](shogi::Move answer) {
    position.make(answer);
    const bool mated = mates.search(position, {.most_nodes = 100'000}).verdict == shogi::TsumeVerdict::kMate;
    position.unmake();
    return mated;
  });
}

TEST(SearchPlayer, FindsTheMateThatThePolicyMisses) {
  const Position position = at(kMateInThree);
  const std::vector<Turn> turns{turn_of(position)};
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto evaluator = std::make_shared<HashedEvaluator>(seed);
    net::NetworkPlayer policy(evaluator, "policy", {.mate_in_one = true});
    EXPECT_FALSE(keeps_the_mate(position, choices_of(policy, turns)[0].move)) << seed;
    SearchPlayer search(evaluator, "search", {.simulations = 3'000});
    const Choice choice = choices_of(search, turns)[0];
    EXPECT_EQ(choice.kind, Choice::Kind::kMove);
    EXPECT_TRUE(keeps_the_mate(position, choice.move)) << seed << " " << to_usi(choice.move);
    EXPECT_DOUBLE_EQ(choice.value, 1);
  }
}

/// Positions of random games, each after more plies than the one before.
std::vector<Position> some_positions(std::size_t count) {
  std::vector<Position> positions;
  for (std::uint64_t game = 0; positions.size() < count; ++game) {
    Random random(3, Purpose::kTest, game);
    Position position;
    for (std::uint64_t ply = 0; ply < 2 * game && !position.outcome({}); ++ply) {
      shogi::MoveList legal;
      position.legal_moves(legal);
      position.make(legal[random.below(static_cast<std::uint32_t>(legal.size()))]);
    }
    if (!position.outcome({})) positions.push_back(position);
  }
  return positions;
}

TEST(SearchPlayer, AMoveDependsOnItsTurnAlone) {
  const std::vector<Position> positions = some_positions(40);
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < positions.size(); ++i) turns.push_back(turn_of(positions[i], i));
  for (const double temperature : {0.0, 1.0}) {
    const auto evaluator = std::make_shared<HashedEvaluator>(11);
    const SearchPlayOptions options{.simulations = 33, .temperature = temperature};
    SearchPlayer player(evaluator, "x", options);
    const std::vector<Choice> together = choices_of(player, turns);
    EXPECT_LE(evaluator->largest, kMostTrees * kLinesOfATree);
    EXPECT_GT(evaluator->largest, kLinesOfATree) << "trees are judged together";
    for (std::size_t i = turns.size(); i-- > 0;) {  // alone, the last first, by a player that has played others
      const Choice alone = choices_of(player, std::span(turns).subspan(i, 1))[0];
      EXPECT_EQ(alone.kind, together[i].kind) << i;
      EXPECT_EQ(alone.move, together[i].move) << i;
      EXPECT_EQ(alone.value, together[i].value) << i;
      EXPECT_TRUE(alone.kind != Choice::Kind::kMove || positions[i].is_legal(alone.move)) << i;
    }
  }
}

TEST(SearchPlayer, DrawsByVisitsWithATemperature) {
  const Position position;
  std::vector<Turn> turns;
  for (std::uint64_t game = 0; game < 20; ++game) turns.push_back(turn_of(position, game));
  const auto evaluator = std::make_shared<HashedEvaluator>(5);
  const auto different = [&](double temperature) {
    SearchPlayer player(evaluator, "x", {.simulations = 60, .temperature = temperature});
    std::set<std::uint16_t> moves;
    for (const Choice& choice : choices_of(player, turns)) moves.insert(choice.move.raw());
    return moves.size();
  };
  EXPECT_EQ(different(0), 1U);
  EXPECT_GT(different(1), 3U);
}

TEST(SearchPlayer, DeclaresAndMatesWithoutSearching) {
  const Position mate = at("4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  const Position entered = at("+R+R+B+BGGSSK/GGSS2LL1/PPPPPPPPP/9/9/9/9/9/4k4 b 4N2L9P 1");
  const std::vector<Turn> turns{turn_of(mate), turn_of(entered)};
  const auto evaluator = std::make_shared<HashedEvaluator>(1);
  SearchPlayer player(evaluator, "x", {.simulations = 10});
  const std::vector<Choice> choices = choices_of(player, turns);
  EXPECT_EQ(to_usi(choices[0].move), "G*5b");
  EXPECT_EQ(choices[1].kind, Choice::Kind::kDeclare);
  EXPECT_EQ(evaluator->calls, 0U);
}

TEST(SearchPlayer, WhatIsCutShortIsAFaultAndNoMove) {
  const std::vector<Position> positions = some_positions(30);
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < positions.size(); ++i) turns.push_back(turn_of(positions[i], i));
  const auto evaluator = std::make_shared<HashedEvaluator>(2);
  int asked = 0;
  bool going = false;
  SearchPlayer player(evaluator, "x", {.simulations = 100}, [&] { return ++asked < 5 || going; });
  for (const Choice& choice : choices_of(player, turns)) {
    if (choice.value == 1 || choice.kind == Choice::Kind::kDeclare) continue;  // answered at once
    EXPECT_EQ(choice.kind, Choice::Kind::kFault);
    EXPECT_FALSE(choice.fault.empty());
  }
  EXPECT_EQ(asked, 5) << "once between two calls, and no more once it was told";
  EXPECT_EQ(evaluator->calls, 5U);
  going = true;
  for (const Choice& choice : choices_of(player, turns)) EXPECT_NE(choice.kind, Choice::Kind::kFault);
}

}  // namespace
}  // namespace keisei::search
