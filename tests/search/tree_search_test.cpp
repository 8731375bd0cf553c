// Planning over evaluators without a network: what it does with mates, captures, ends of the game, batches and limits.
#include "search/tree_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "net/evaluator.h"
#include "shogi/notation.h"

namespace keisei::search {
namespace {

using shogi::Position;

Position at(std::string_view sfen) {
  const auto position = Position::from_sfen(sfen);
  EXPECT_TRUE(position) << sfen;
  return position ? *position : Position();
}

/// Every action alike, and as value what the mover has more in hand and on the board: a rook is worth nearly a win.
class CountingPieces final : public net::Evaluator {
 public:
  void evaluate(std::span<const net::Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float>) const override {
    ++calls;
    largest = std::max(largest, batch.size());
    std::ranges::fill(logits, 0.0F);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      double sum = 0;
      for (const std::uint8_t code : batch[i].board) {
        if (code == 0) continue;
        sum += code <= 14 ? worth(code) : -worth(code - 14);
      }
      for (std::size_t k = 0; k < 7; ++k) {
        sum += worth(static_cast<int>(k) + 1) * (batch[i].hands[k] - batch[i].hands[k + 7]);
      }
      values[i] = static_cast<float>(std::tanh(sum / 10));
    }
  }
  mutable std::size_t calls = 0;
  mutable std::size_t largest = 0;

 private:
  static double worth(int kind) {
    constexpr double kWorth[] = {0, 1, 3, 3, 5, 8, 10, 5, 0, 4, 4, 5, 5, 10, 12};
    return kWorth[kind];
  }
};

TreeFound found_in(const Position& position, const net::Evaluator& evaluator, std::uint64_t simulations,
                   TreeOptions options = {}) {
  const std::shared_ptr<const net::Evaluator> shared(&evaluator, [](const net::Evaluator*) {});
  TreeSearch search(shared, options);
  return search.search(position, {.most_simulations = simulations});
}

TEST(TreeSearch, WithoutSimulationsItRanksByThePolicy) {
  const net::UniformEvaluator uniform;
  const TreeFound found = found_in(Position::start(), uniform, 0);
  ASSERT_EQ(found.moves.size(), 30U);
  double sum = 0;
  for (const RootMove& move : found.moves) {
    EXPECT_NEAR(move.prior, 1.0 / 30, 1e-6);
    EXPECT_EQ(move.visits, 0U);
    sum += move.prior;
  }
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_EQ(found.simulations, 0U);
}

TEST(TreeSearch, ProvesMates) {
  const net::UniformEvaluator uniform;
  const TreeFound one = found_in(at("4k4/9/4P4/9/9/9/9/9/4K4 b G 1"), uniform, 2'000);
  ASSERT_FALSE(one.moves.empty());
  EXPECT_EQ(to_usi(one.moves.front().move), "G*5b");
  EXPECT_EQ(one.moves.front().mate_plies, 1);
  EXPECT_DOUBLE_EQ(one.value, 1);
  EXPECT_LT(one.simulations, 2'000U);  // a proof ends the search
}

TEST(TreeSearch, TakesWhatIsFreeAndLeavesWhatIsGuarded) {
  const CountingPieces pieces;
  const TreeFound free = found_in(at("4k4/9/9/9/4r4/9/4R4/9/4K4 b - 1"), pieces, 800);
  EXPECT_EQ(to_usi(free.moves.front().move), "5g5e");
  EXPECT_GT(free.value, 0);
  // The pawn is guarded by a lance: taking it with the rook loses the rook.
  const TreeFound guarded = found_in(at("k3l4/9/9/9/4p4/9/4R4/9/K8 b - 1"), pieces, 2'000);
  EXPECT_NE(to_usi(guarded.moves.front().move), "5g5e");
}

TEST(TreeSearch, CountsEverySimulationOnceAndKeepsToItsLimits) {
  const CountingPieces pieces;
  for (const std::size_t batch : {1, 4, 16, 64}) {
    pieces.calls = pieces.largest = 0;
    TreeOptions options;
    options.batch = batch;
    const TreeFound found = found_in(Position::start(), pieces, 500, options);
    EXPECT_EQ(found.simulations, 500U) << batch;
    std::uint64_t visits = 0;
    for (const RootMove& move : found.moves) {
      visits += move.visits;
      EXPECT_LE(std::abs(move.value), 1.0) << batch;
      EXPECT_TRUE(Position::start().is_legal(move.line.front()));
    }
    EXPECT_EQ(visits, 500U) << batch;
    EXPECT_LE(pieces.largest, batch);
    EXPECT_TRUE(std::ranges::is_sorted(found.moves, std::greater{}, &RootMove::visits)) << batch;
    EXPECT_GE(found.depth, 2);
  }
}

TEST(TreeSearch, LinesCanBePlayed) {
  const CountingPieces pieces;
  const TreeFound found = found_in(Position::start(), pieces, 1'000);
  for (const RootMove& move : found.moves) {
    Position p = Position::start();
    for (const shogi::Move m : move.line) ASSERT_TRUE(p.play(m).has_value());
  }
  EXPECT_GE(found.moves.front().line.size(), 2U);
}

TEST(TreeSearch, IsTheSameEveryTime) {
  const CountingPieces pieces;
  const TreeFound a = found_in(Position::start(), pieces, 300);
  const TreeFound b = found_in(Position::start(), pieces, 300);
  ASSERT_EQ(a.moves.size(), b.moves.size());
  for (std::size_t i = 0; i < a.moves.size(); ++i) {
    EXPECT_EQ(a.moves[i].move, b.moves[i].move);
    EXPECT_EQ(a.moves[i].visits, b.moves[i].visits);
    EXPECT_EQ(a.moves[i].value, b.moves[i].value);
  }
}

TEST(TreeSearch, ChoosesAmongTheMovesAskedFor) {
  const auto uniform = std::make_shared<net::UniformEvaluator>();
  TreeSearch search(uniform, {});
  TreeLimits limits;
  limits.most_simulations = 100;
  limits.only = {*shogi::parse_usi("9g9f"), *shogi::parse_usi("1g1f")};
  const TreeFound found = search.search(Position::start(), limits);
  ASSERT_EQ(found.moves.size(), 2U);
  EXPECT_NEAR(found.moves[0].prior + found.moves[1].prior, 1, 1e-6);
}

TEST(TreeSearch, EndsWhenItIsToldOrFull) {
  const auto uniform = std::make_shared<net::UniformEvaluator>();
  TreeSearch search(uniform, {});
  TreeLimits limits;
  int asked = 0;
  int told = 0;
  limits.stop = [&] { return ++asked > 5; };
  limits.progress = [&](const TreeFound& found) { told += found.moves.empty() ? 0 : 1; };
  const TreeFound stopped = search.search(Position::start(), limits);
  EXPECT_FALSE(stopped.moves.empty());
  EXPECT_LE(stopped.simulations, 6 * 2 * TreeOptions{}.batch);
  EXPECT_GE(told, 1);
  TreeOptions small;
  small.most_edges = 1'000;
  EXPECT_LT(found_in(Position::start(), *uniform, 1'000'000, small).simulations, 1'000U);
}

TEST(TreeSearch, HasNothingToSayWithoutAMove) {
  const net::UniformEvaluator uniform;
  EXPECT_TRUE(found_in(at("4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2"), uniform, 100).moves.empty());
}

TEST(TreeSearch, KnowsWhenItIsLost) {
  // White has one move, and then comes mate by a gold.
  const net::UniformEvaluator uniform;
  const TreeFound found = found_in(at("8k/8p/7G1/9/9/9/9/9/4K4 w G 1"), uniform, 20'000);
  ASSERT_FALSE(found.moves.empty());
  for (const RootMove& move : found.moves) {
    ASSERT_TRUE(move.mate_plies) << to_usi(move.move);
    EXPECT_LT(*move.mate_plies, 0);
  }
  EXPECT_DOUBLE_EQ(found.value, -1);
}

}  // namespace
}  // namespace keisei::search
