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

Position position_of(std::string_view sfen) {
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
  const TreeFound one = found_in(position_of("4k4/9/4P4/9/9/9/9/9/4K4 b G 1"), uniform, 2'000);
  ASSERT_FALSE(one.moves.empty());
  EXPECT_EQ(to_usi(one.moves.front().move), "G*5b");
  EXPECT_EQ(one.moves.front().mate_plies, 1);
  EXPECT_DOUBLE_EQ(one.value, 1);
  EXPECT_LT(one.simulations, 2'000U);  // a proof ends the search
}

TEST(TreeSearch, TakesWhatIsFreeAndLeavesWhatIsGuarded) {
  const CountingPieces pieces;
  const TreeFound free = found_in(position_of("4k4/9/9/9/4r4/9/4R4/9/4K4 b - 1"), pieces, 800);
  EXPECT_EQ(to_usi(free.moves.front().move), "5g5e");
  EXPECT_GT(free.value, 0);
  // The pawn is guarded by a lance: taking it with the rook loses the rook.
  const TreeFound guarded = found_in(position_of("k3l4/9/9/9/4p4/9/4R4/9/K8 b - 1"), pieces, 2'000);
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
  EXPECT_TRUE(found_in(position_of("4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2"), uniform, 100).moves.empty());
}

TEST(TreeSearch, KnowsWhenItIsLost) {
  // White has one move, and then comes mate by a gold.
  const net::UniformEvaluator uniform;
  const TreeFound found = found_in(position_of("8k/8p/7G1/9/9/9/9/9/4K4 w G 1"), uniform, 20'000);
  ASSERT_FALSE(found.moves.empty());
  for (const RootMove& move : found.moves) {
    ASSERT_TRUE(move.mate_plies) << to_usi(move.move);
    EXPECT_LT(*move.mate_plies, 0);
  }
  EXPECT_DOUBLE_EQ(found.value, -1);
}

Position after(const std::vector<std::string>& moves) {
  const auto position = shogi::position_from("startpos", moves);
  EXPECT_TRUE(position);
  return position ? *position : Position();
}

TEST(TreeSearch, GoesOnFromTheTreeThatTheMovesLeadTo) {
  const auto pieces = std::make_shared<CountingPieces>();
  TreeSearch search(pieces, {});
  const TreeLimits limits{.most_simulations = 600, .reuse = true};
  Position position = Position::start();
  const TreeFound first = search.search(position, limits);
  EXPECT_EQ(first.reused, 0U);
  ASSERT_GE(first.moves.front().line.size(), 2U);
  position.make(first.moves.front().line[0]);
  position.make(first.moves.front().line[1]);
  pieces->calls = 0;
  const TreeFound second = search.search(position, limits);
  EXPECT_GT(second.reused, 0U);
  EXPECT_EQ(second.simulations, 600U);
  std::uint64_t visits = 0;
  for (const RootMove& move : second.moves) {
    visits += move.visits;
    EXPECT_LE(std::abs(move.value), 1.0);
    Position p = position;
    for (const shogi::Move m : move.line) ASSERT_TRUE(p.play(m).has_value());
  }
  EXPECT_EQ(visits, 600U);
  EXPECT_GT(pieces->calls, 0U);
  // The same question again asks the network nothing.
  pieces->calls = 0;
  const TreeFound again = search.search(position, limits);
  EXPECT_EQ(pieces->calls, 0U);
  EXPECT_EQ(again.reused, 600U);
  EXPECT_EQ(again.moves.front().move, second.moves.front().move);
  EXPECT_EQ(again.depth, second.depth);
}

TEST(TreeSearch, BeginsAnewWhereThePositionDoesNotFollow) {
  const auto uniform = std::make_shared<net::UniformEvaluator>();
  TreeSearch search(uniform, {});
  const auto reused = [&](const Position& before, const Position& now, TreeLimits limits = {.reuse = true}) {
    search.forget();
    (void)search.search(before, {.most_simulations = 3'000, .reuse = true});
    limits.most_simulations = 3'001;
    return search.search(now, limits).reused;
  };
  const Position start;
  EXPECT_GT(reused(start, after({"7g7f"})), 0U);
  EXPECT_GT(reused(start, after({"7g7f", "3c3d"})), 0U);
  EXPECT_EQ(reused(after({"7g7f"}), start), 0U) << "back";
  EXPECT_EQ(reused(after({"7g7f", "3c3d"}), after({"2g2f", "3c3d", "7g7f"})), 0U) << "another way there";
  EXPECT_EQ(reused(start, position_of("4k4/9/4P4/9/9/9/9/9/4K4 b G 1")), 0U);
  EXPECT_EQ(reused(start, after({"7g7f"}), {}), 0U) << "not asked for";
  EXPECT_EQ(reused(start, after({"7g7f"}), {.draw_value = 0.5, .reuse = true}), 0U) << "draws are worth another thing";
  EXPECT_EQ(reused(start, start, {.only = {*shogi::parse_usi("7g7f")}, .reuse = true}), 0U);
  // No simulations: the policy alone, whatever is known.
  EXPECT_EQ(search.search(start, {.most_simulations = 0, .reuse = true}).simulations, 0U);
}

TEST(TreeSearch, ADrawIsWorthWhatIsSaid) {
  std::vector<std::string> moves;
  for (int i = 0; i < 3; ++i) moves.insert(moves.end(), {"2h3h", "8b7b", "3h2h", "7b8b"});
  moves.pop_back();
  const Position position = after(moves);  // 7b8b brings the start about for the fourth time
  const net::UniformEvaluator uniform;
  const std::shared_ptr<const net::Evaluator> shared(&uniform, [](const net::Evaluator*) {});
  const auto drawing = [&](double draw_value) {
    TreeSearch search(shared, {});
    const TreeFound found = search.search(position, {.most_simulations = 2'000, .draw_value = draw_value});
    return *std::ranges::find_if(found.moves, [](const RootMove& m) { return to_usi(m.move) == "7b8b"; });
  };
  const RootMove liked = drawing(0.5);
  EXPECT_NEAR(liked.value, 0.5, 1e-6);
  EXPECT_GT(liked.visits, 1'000U);
  const RootMove disliked = drawing(-0.5);
  EXPECT_NEAR(disliked.value, -0.5, 1e-6);
  EXPECT_LT(disliked.visits, 100U);
}

}  // namespace
}  // namespace keisei::search
