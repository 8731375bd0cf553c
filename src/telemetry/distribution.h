// A distribution of many numbers in few: buckets between equal steps, with the sums that viewers ask for. What an event
// carries where one number says too little (lengths of games, weights of a layer); W&B and TensorBoard draw it. Pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace keisei::telemetry {

inline constexpr std::size_t kDistributionBuckets = 30;

struct Distribution {
  double least = 0;
  double greatest = 0;
  double sum = 0;
  double sum_squares = 0;
  std::vector<double> edges;   ///< one more than counts, rising; empty when nothing was counted
  std::vector<double> counts;  ///< [edges[i], edges[i + 1]), the last bucket closed

  [[nodiscard]] double number() const {
    double all = 0;
    for (const double count : counts) all += count;
    return all;
  }
};

/// Of the finite ones among `values`.
template <class Number>
[[nodiscard]] Distribution distribution_of(std::span<const Number> values, std::size_t buckets = kDistributionBuckets) {
  Distribution d;
  bool any = false;
  for (const Number one : values) {
    const auto value = static_cast<double>(one);
    if (!std::isfinite(value)) continue;
    d.least = any ? std::min(d.least, value) : value;
    d.greatest = any ? std::max(d.greatest, value) : value;
    any = true;
  }
  if (!any || buckets == 0) return d;
  const double width = d.greatest > d.least ? (d.greatest - d.least) / static_cast<double>(buckets) : 1.0;
  d.counts.assign(d.greatest > d.least ? buckets : 1, 0.0);
  for (std::size_t i = 0; i <= d.counts.size(); ++i) d.edges.push_back(d.least + width * static_cast<double>(i));
  if (d.greatest > d.least) d.edges.back() = d.greatest;
  for (const Number one : values) {
    const auto value = static_cast<double>(one);
    if (!std::isfinite(value)) continue;
    const auto bucket = static_cast<std::size_t>((value - d.least) / width);
    d.counts[std::min(bucket, d.counts.size() - 1)] += 1;
    d.sum += value;
    d.sum_squares += value * value;
  }
  return d;
}

}  // namespace keisei::telemetry
