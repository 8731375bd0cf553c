// Axes of whatever may be plotted: never empty, never endless.
#include "base/round_ticks.h"

#include <gtest/gtest.h>

#include <array>

#include "base/random.h"

namespace keisei {
namespace {

void expect_axis(double low, double high) {
  const auto [from, to] = drawable_range(low, high);
  ASSERT_TRUE(std::isfinite(from) && std::isfinite(to) && from < to) << low << " " << high;
  const double step = round_step((to - from) / 5);
  const auto ticks = round_ticks(from, to, step);
  ASSERT_GE(ticks.size(), 1U) << low << " " << high;
  ASSERT_LE(ticks.size(), 12U) << low << " " << high;
  for (std::size_t i = 1; i < ticks.size(); ++i) ASSERT_LT(ticks[i - 1], ticks[i]) << low << " " << high;
}

TEST(RoundTicks, AreRoundAndCoverTheRange) {
  EXPECT_EQ(round_step(0.3), 0.5);
  EXPECT_EQ(round_step(0.2), 0.2);
  EXPECT_EQ(round_step(7), 10);
  EXPECT_EQ(round_ticks(0, 1, 0.5), (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(round_ticks(-3, 4, 2), (std::vector<double>{-2, 0, 2, 4}));
  EXPECT_EQ(drawable_range(2, 3), (std::pair<double, double>{2, 3}));
}

// A constant metric, averaged, is constant but for rounding.
TEST(RoundTicks, OfFlatAndExtremeRangesEnd) {
  const std::array<std::pair<double, double>, 12> ranges{{{0, 0},
                                                          {5, 5},
                                                          {0.3, 0.1 + 0.2},
                                                          {1, std::nextafter(1.0, 2.0)},
                                                          {100, 100 + 0x1p-46},
                                                          {-1e308, 1e308},
                                                          {1e308, 1e308},
                                                          {9e18, 9e18 + 1024},
                                                          {5e-324, 1e-323},
                                                          {-5e-324, 5e-324},
                                                          {500000 - 1e-10, 500000},
                                                          {3, 2}}};
  for (const auto& [low, high] : ranges) expect_axis(low, high);
}

TEST(RoundTicks, OfAnyRangeEnd) {
  Random random(9, Purpose::kTest);
  for (int i = 0; i < 20'000; ++i) {
    const double scale = std::pow(10.0, 600 * random.uniform() - 300);
    const double low = scale * (2 * random.uniform() - 1);
    expect_axis(low, low + scale * std::pow(10.0, -20 * random.uniform()));
  }
}

}  // namespace
}  // namespace keisei
