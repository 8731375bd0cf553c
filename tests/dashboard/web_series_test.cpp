#include "dashboard/web_series.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace keisei::dashboard {
namespace {

bool by_step(const SeriesPoint& a, const SeriesPoint& b) { return a.step < b.step; }

TEST(WebSeries, FewRowsAreKeptOneByOne) {
  Series series;
  for (std::int64_t i = 0; i < 900; ++i) series.add({10 * i, 5 * i, static_cast<double>(i % 7)});
  ASSERT_EQ(series.points().size(), 900U);
  EXPECT_EQ(series.points()[3], (SeriesPoint{30, 15, 3}));
}

TEST(WebSeries, AMillionRowsStayFewPointsAndNoExtremeIsLost) {
  Series series;
  for (std::int64_t i = 0; i < 1'000'000; ++i) {
    const double value = i == 123'456 ? 1e6 : i == 777'777 ? -1e6 : 0.001 * static_cast<double>(i % 100);
    series.add({i, i, value});
  }
  const auto points = series.points();
  EXPECT_EQ(series.rows(), 1'000'000);
  EXPECT_LE(points.size(), 2 * kMaxBuckets);
  EXPECT_GE(points.size(), kMaxBuckets / 2);
  const auto by_value = [](const SeriesPoint& a, const SeriesPoint& b) { return a.value < b.value; };
  EXPECT_EQ(*std::max_element(points.begin(), points.end(), by_value), (SeriesPoint{123'456, 123'456, 1e6}));
  EXPECT_EQ(*std::min_element(points.begin(), points.end(), by_value), (SeriesPoint{777'777, 777'777, -1e6}));
  EXPECT_TRUE(std::is_sorted(points.begin(), points.end(), by_step));
}

TEST(WebSeries, StepsMayComeAgainAfterAResume) {
  Series series(16);
  for (std::int64_t step = 0; step < 64; ++step) series.add({step, step, 1});
  for (std::int64_t step = 40; step < 80; ++step) series.add({step, 100 + step, 2});
  const auto points = series.points();
  EXPECT_TRUE(std::is_sorted(points.begin(), points.end(), by_step));
  EXPECT_LE(points.size(), 32U);
  EXPECT_EQ(series.rows(), 104);
}

TEST(WebSeries, WhatWasNotMeasuredIsNoPoint) {
  Series series;
  series.add({1, 1, std::numeric_limits<double>::quiet_NaN()});
  EXPECT_TRUE(series.points().empty());
  EXPECT_EQ(series.rows(), 0);
}

TEST(WebSeries, HugeStepsFit) {
  Series series(4);
  for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1} << 40, std::int64_t{1} << 50, std::int64_t{1} << 60,
                                  std::numeric_limits<std::int64_t>::max()}) {
    series.add({step, 0, 1});
  }
  EXPECT_LE(series.points().size(), 8U);
}

}  // namespace
}  // namespace keisei::dashboard
