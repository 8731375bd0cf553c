#include "evaluation/hypothesis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxExactSamples = 8;  // a side; above it, or with ties, the normal approximation is used
constexpr std::size_t kMaxExactOther = 200;  // of the other side: a bound of the exact table

double two_sided_normal(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

/// P(U >= u) without ties: the number of ways to choose n ranks of n + m with rank sum excess at least u, by the usual
/// recurrence over how many arrangements give each U.
double exact_upper_tail(std::size_t n, std::size_t m, double u) {
  // ways[j][s]: subsets of size j of the ranks seen so far with rank sum - j (j + 1) / 2 = s; as shares of all subsets.
  const std::size_t small = std::min(n, m);
  const std::size_t large = std::max(n, m);
  const std::size_t top = n * m;
  std::vector<std::vector<double>> ways(small + 1, std::vector<double>(top + 1, 0.0));
  ways[0][0] = 1;
  for (std::size_t rank = 1; rank <= small + large; ++rank) {
    for (std::size_t j = std::min(rank, small); j >= 1; --j) {
      const std::size_t shift = rank - j;  // what taking this rank as the j-th smallest adds to U
      for (std::size_t s = top + 1; s-- > shift;) ways[j][s] += ways[j - 1][s - shift];
    }
  }
  double all = 0;
  double tail = 0;
  for (std::size_t s = 0; s <= top; ++s) {
    all += ways[small][s];
    if (static_cast<double>(s) >= u) tail += ways[small][s];
  }
  return tail / all;
}

}  // namespace

ProportionTest two_proportions(int wins1, int games1, int wins2, int games2) {
  ProportionTest test;
  if (games1 < 1 || games2 < 1 || wins1 < 0 || wins2 < 0 || wins1 > games1 || wins2 > games2) {
    test.status = "insufficient data: a two-proportion test needs at least one game a side and no more wins than games";
    return test;
  }
  const double n1 = games1;
  const double n2 = games2;
  const double p1 = wins1 / n1;
  const double p2 = wins2 / n2;
  const double pooled = (wins1 + wins2) / (n1 + n2);
  const double error = std::sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  if (error > 0) {
    test.z = (p2 - p1) / error;
    test.p = two_sided_normal(*test.z);
  }
  test.cohen_h = std::abs(2 * std::asin(std::sqrt(p2)) - 2 * std::asin(std::sqrt(p1)));
  const double half_width = kZ95 * std::sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2);
  test.difference_ci95 = Interval{p2 - p1 - half_width, p2 - p1 + half_width};
  return test;
}

RankTest mann_whitney(std::span<const double> first, std::span<const double> second) {
  RankTest test;
  if (first.size() < kMinMannWhitney || second.size() < kMinMannWhitney) {
    test.status = "insufficient data: a Mann-Whitney test needs 3 samples a side, got " + std::to_string(first.size()) +
                  " and " + std::to_string(second.size());
    return test;
  }
  std::vector<std::pair<double, int>> all;
  for (const double x : first) all.emplace_back(x, 0);
  for (const double x : second) all.emplace_back(x, 1);
  std::sort(all.begin(), all.end());
  const double n1 = static_cast<double>(first.size());
  const double n2 = static_cast<double>(second.size());
  const double n = n1 + n2;
  double rank_sum = 0;
  double tie_term = 0;  // sum of t^3 - t over groups of t equal values
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end].first == all[i].first) ++end;
    const double t = static_cast<double>(end - i);
    const double rank = 0.5 * static_cast<double>(i + 1 + end);
    for (std::size_t k = i; k < end; ++k) rank_sum += all[k].second == 0 ? rank : 0.0;
    tie_term += t * t * t - t;
    i = end;
  }
  test.u = rank_sum - n1 * (n1 + 1) / 2;
  const double larger = std::max(*test.u, n1 * n2 - *test.u);
  const std::size_t smaller_side = std::min(first.size(), second.size());
  const std::size_t larger_side = std::max(first.size(), second.size());
  if (tie_term == 0 && smaller_side <= kMaxExactSamples && larger_side <= kMaxExactOther) {
    test.p = std::min(1.0, 2 * exact_upper_tail(first.size(), second.size(), larger));
    return test;
  }
  const double variance = n1 * n2 / 12 * (n + 1 - tie_term / (n * (n - 1)));
  if (variance <= 0) return test;  // all values equal: no evidence either way
  const double z = (larger - n1 * n2 / 2 - 0.5) / std::sqrt(variance);
  test.p = std::min(1.0, std::erfc(z / std::sqrt(2.0)));
  return test;
}

Trend trend(std::span<const TrendPoint> points) {
  Trend result;
  if (points.size() < kMinTrendPoints) {
    result.status = "insufficient data: a trend needs 3 points, got " + std::to_string(points.size());
    return result;
  }
  const double n = static_cast<double>(points.size());
  double mean_day = 0;
  double mean_score = 0;
  double last_day = -std::numeric_limits<double>::infinity();
  for (const TrendPoint& point : points) {
    mean_day += point.day / n;
    mean_score += point.score / n;
    last_day = std::max(last_day, point.day);
  }
  double xx = 0;
  double xy = 0;
  double yy = 0;
  for (const TrendPoint& point : points) {
    xx += (point.day - mean_day) * (point.day - mean_day);
    xy += (point.day - mean_day) * (point.score - mean_score);
    yy += (point.score - mean_score) * (point.score - mean_score);
  }
  if (!(xx > 0)) {
    result.status = "insufficient data: a trend needs points at different times";
    return result;
  }
  result.slope_per_day = xy / xx;
  result.r_squared = yy > 0 ? xy * xy / (xx * yy) : 0.0;
  if (*result.r_squared > kMinTrendRSquared) {
    const double ahead = mean_score + *result.slope_per_day * (last_day + kTrendAheadDays - mean_day);
    result.predicted = std::clamp(ahead, 0.0, 1.0);
  }
  return result;
}

}  // namespace keisei::evaluation
