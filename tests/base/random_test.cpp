#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

namespace keisei {
namespace {

// Known answers of the Random123 distribution (kat_vectors, philox4x32-10).
TEST(Philox, GivesThePublishedNumbers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffffffffffff),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822),
            (std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, IsAFunctionOfItsKeyAndIndex) {
  Random a(1, Purpose::kTest, 2, 3, 4);
  Random b(1, Purpose::kTest, 2, 3, 4);
  const std::uint64_t first = a.next();
  EXPECT_EQ(first, b.next());
  const std::uint64_t second = a.next();
  EXPECT_NE(first, second);
  b.seek(0);
  EXPECT_EQ(b.next(), first);
  EXPECT_EQ(b.next(), second);
}

TEST(Random, DiffersInEveryWordOfTheKey) {
  std::set<std::uint64_t> firsts;
  firsts.insert(Random(1, Purpose::kTest, 1, 1, 1).next());
  firsts.insert(Random(2, Purpose::kTest, 1, 1, 1).next());
  firsts.insert(Random(1, Purpose::kBench, 1, 1, 1).next());
  firsts.insert(Random(1, Purpose::kTest, 2, 1, 1).next());
  firsts.insert(Random(1, Purpose::kTest, 1, 2, 1).next());
  firsts.insert(Random(1, Purpose::kTest, 1, 1, 2).next());
  EXPECT_EQ(firsts.size(), 6U);
}

TEST(Random, IsUniform) {
  Random random(7, Purpose::kTest);
  std::array<int, 10> counts{};
  constexpr int kDraws = 100'000;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    ++counts[random.below(10)];
    sum += random.uniform();
  }
  double chi2 = 0;
  for (const int c : counts) chi2 += (c - kDraws / 10.0) * (c - kDraws / 10.0) / (kDraws / 10.0);
  EXPECT_LT(chi2, 33.7);  // 9 degrees of freedom, p = 1e-4
  EXPECT_NEAR(sum / kDraws, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
}

}  // namespace
}  // namespace keisei
