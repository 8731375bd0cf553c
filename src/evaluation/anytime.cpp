#include "evaluation/anytime.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace keisei::evaluation {
namespace {

constexpr double kSmallestStake = 0.004;  // share of the wealth that a lost pair may cost: for the smallest effects
constexpr double kLargestStake = 0.98;
constexpr int kBisections = 50;
constexpr double kEdge = 1e-9;  // means this near 0 or 1 are not told apart from them

std::optional<double> finite_elo(double bound) {
  if (bound <= kEdge || bound >= 1 - kEdge) return std::nullopt;
  return elo_of_score(bound);
}

}  // namespace

MeanTest::MeanTest(double mean) {
  const double ratio = std::pow(kLargestStake / kSmallestStake, 1.0 / (kStakes - 1));
  double stake = kSmallestStake;
  for (int i = 0; i < kStakes; ++i, stake *= ratio) {
    Gains above{};
    Gains below{};
    for (std::size_t k = 0; k < above.size(); ++k) {
      const double score = 0.25 * static_cast<double>(k);
      // Expectation 1 where `mean` is the mean, never below 1 - stake.
      above[k] = std::log1p(stake * (score / mean - 1));
      below[k] = std::log1p(stake * ((1 - score) / (1 - mean) - 1));
    }
    above_.push_back(above);
    below_.push_back(below);
  }
}

double MeanTest::log_wealth(const std::vector<Gains>& gains, const PairCounts& pairs) {
  std::array<double, kStakes> logs{};
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < gains.size(); ++i) {
    for (std::size_t k = 0; k < pairs.size(); ++k) logs[i] += pairs[k] * gains[i][k];
    largest = std::max(largest, logs[i]);
  }
  double sum = 0;
  for (std::size_t i = 0; i < gains.size(); ++i) sum += std::exp(logs[i] - largest);
  return largest + std::log(sum / static_cast<double>(gains.size()));
}

double MeanTest::log_wealth_above(const PairCounts& pairs) const { return log_wealth(above_, pairs); }
double MeanTest::log_wealth_below(const PairCounts& pairs) const { return log_wealth(below_, pairs); }

bool MeanTest::refuted(const PairCounts& pairs, double alpha) const {
  const double bound = std::log(2 / alpha);
  return log_wealth_above(pairs) >= bound || log_wealth_below(pairs) >= bound;
}

Interval anytime_interval(const PairCounts& pairs, double alpha) {
  const double n = std::accumulate(pairs.begin(), pairs.end(), 0.0);
  if (n <= 0) return {0, 1};
  const double bound = std::log(2 / alpha);
  // Wealth above falls with the supposed mean and wealth below rises with it, so each end is one crossing.
  double refuted_low = 0;
  double kept_low = 1;
  for (int i = 0; i < kBisections; ++i) {
    const double m = 0.5 * (refuted_low + kept_low);
    (m <= kEdge || MeanTest(m).log_wealth_above(pairs) >= bound ? refuted_low : kept_low) = m;
  }
  double kept_high = 0;
  double refuted_high = 1;
  for (int i = 0; i < kBisections; ++i) {
    const double m = 0.5 * (kept_high + refuted_high);
    (m >= 1 - kEdge || MeanTest(m).log_wealth_below(pairs) >= bound ? refuted_high : kept_high) = m;
  }
  const double low = refuted_low <= kEdge ? 0.0 : refuted_low;
  const double high = refuted_high >= 1 - kEdge ? 1.0 : refuted_high;
  return {low, high};
}

OpenInterval anytime_elo_interval(const PairCounts& pairs, double alpha) {
  const Interval interval = anytime_interval(pairs, alpha);
  return {finite_elo(interval.low), finite_elo(interval.high)};
}

}  // namespace keisei::evaluation
