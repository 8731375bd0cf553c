// Axes of plots, on paper and in the terminal: a range that a double can divide, and round numbers in it. What is
// plotted comes from outside, so no range, however narrow, wide or far from 0, may take long or give no axis. Pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace keisei {

/// 1, 2 or 5 times a power of ten, at least `value`; 1 for what is not positive.
[[nodiscard]] inline double round_step(double value) {
  if (!(value > 0)) return 1;
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= value * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/// The range itself where its ends differ by more than rounding; else one around it. Of finite ends.
[[nodiscard]] inline std::pair<double, double> drawable_range(double low, double high) {
  constexpr double kLargest = 1e300;  // the distance of two is finite
  constexpr double kNarrowest = 1e-9;
  low = std::clamp(low, -kLargest, kLargest);
  high = std::clamp(high, -kLargest, kLargest);
  const double size = std::max({std::abs(low), std::abs(high), 1e-290});
  if (high - low > size * kNarrowest) return {low, high};
  const double room = low == 0 && high == 0 ? 1 : size / 10;
  return {std::min(low, high) - room, std::max(low, high) + room};
}

/// The multiples of `step` in a drawable range, its ends included.
[[nodiscard]] inline std::vector<double> round_ticks(double low, double high, double step) {
  constexpr int kMost = 1000;
  const double first = std::ceil(low / step - 1e-9);
  std::vector<double> ticks;
  for (int i = 0; i < kMost && (first + i) * step <= high + step * 1e-9; ++i) ticks.push_back((first + i) * step);
  return ticks;
}

}  // namespace keisei
