// Tests between evaluations, as in the Python Keisei's analytics: two win rates, two samples of game lengths, a trend
// over time. Each says by name when there is too little data instead of giving a number. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "evaluation/statistics.h"

namespace keisei::evaluation {

inline constexpr int kMinMannWhitney = 3;  ///< samples a side
inline constexpr int kMinTrendPoints = 3;
inline constexpr double kTrendAheadDays = 7;
inline constexpr double kMinTrendRSquared = 0.3;  ///< below it no prediction is made

/// Pooled two-sided z-test of two proportions, Cohen's h, and the Wald interval of (second - first).
struct ProportionTest {
  std::string status = "ok";  ///< "ok" or "insufficient data: ..."
  std::optional<double> z;    ///< positive when the second is larger; empty when neither varies
  double p = 1;
  std::optional<double> cohen_h;  ///< effect size, of absolute value
  std::optional<Interval> difference_ci95;
};
[[nodiscard]] ProportionTest two_proportions(int wins1, int games1, int wins2, int games2);

/// Two-sided Mann-Whitney U test: exact without ties where a side has at most 8 samples, otherwise normal with tie and
/// continuity corrections (the choices of SciPy's `method="auto"`).
struct RankTest {
  std::string status = "ok";
  std::optional<double> u;  ///< of the first sample
  double p = 1;
};
[[nodiscard]] RankTest mann_whitney(std::span<const double> first, std::span<const double> second);

/// Least-squares line through (day, score).
struct TrendPoint {
  double day = 0;
  double score = 0;
};
struct Trend {
  std::string status = "ok";
  std::optional<double> slope_per_day;
  std::optional<double> r_squared;
  std::optional<double> predicted;  ///< score kTrendAheadDays after the last point, kept within [0, 1]
};
[[nodiscard]] Trend trend(std::span<const TrendPoint> points);

}  // namespace keisei::evaluation
