// Perft: every line of the table of counts that independent engines agree on.
#include "shogi/perft.h"

#include <cstdlib>
#include <numeric>

#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

constexpr std::uint64_t kQuickNodes = 6'000'000;

TEST(Perft, EveryLineOfTheTable) {
  const bool all = std::getenv("KEISEI_LONG") != nullptr;
  std::size_t checked = 0;
  for (const auto& row : read_table("perft.tsv")) {
    ASSERT_EQ(row.size(), 4U);
    const std::uint64_t nodes = std::stoull(row[2]);
    if (nodes > kQuickNodes && !all) continue;
    EXPECT_EQ(perft(position(row[0]), std::stoi(row[1])), nodes) << row[0] << " depth " << row[1];
    ++checked;
  }
  EXPECT_GT(checked, 250U);
}

TEST(Perft, DivideAddsUpAndDepthZeroIsOneLeaf) {
  const Position p = position("ln1g5/1r2S1k2/p2pppn2/2ps2p2/1p7/2P6/PPSPPPPLP/2G2K1pr/LN4G1b w BGSLPnp 62");
  EXPECT_EQ(perft(p, 0), 1U);
  EXPECT_TRUE(perft_divide(p, 0).empty());
  for (int depth = 1; depth <= 3; ++depth) {
    const auto counts = perft_divide(p, depth);
    EXPECT_EQ(counts.size(), sorted_legal(p).size());
    std::uint64_t sum = 0;
    for (const auto& [move, leaves] : counts) sum += leaves;
    EXPECT_EQ(sum, perft(p, depth));
  }
}

}  // namespace
}  // namespace keisei::shogi::testing
