#include "guard/confidence_sequence.h"

#include <algorithm>
#include <cmath>

namespace keisei::guard {
namespace {

constexpr double kPriorVariance = 1;  ///< of the effect size, in squared standard deviations (unit information)
constexpr double kLeastSd = 1e-5;     ///< what a clock and whole steps resolve; observations that agree prove no more

}  // namespace

void ConfidenceSequence::add(double y) {
  if (!std::isfinite(y)) return;
  ++count_;
  const double before = y - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (y - mean_);
}

double ConfidenceSequence::sd() const {
  return count_ < 2 ? 0 : std::sqrt(std::max(0.0, squares_) / static_cast<double>(count_ - 1));
}

// The mixture martingale of the t statistic, with r = 1 + n g and v = n - 1, is
//   r^(-1/2) [(1 + t^2/v) / (1 + t^2/(v r))]^((v+1)/2)
// and a mean is inside while it is below 1/alpha. Solved for u = t^2/v.
std::optional<Interval> ConfidenceSequence::interval() const {
  if (count_ < 2) return std::nullopt;
  const auto n = static_cast<double>(count_);
  const double r = 1 + n * kPriorVariance;
  const double ratio = std::pow(std::sqrt(r) / alpha_, 2 / n);
  if (!(ratio < r)) return std::nullopt;
  const double u = (ratio - 1) / (1 - ratio / r);
  const double half = std::max(sd(), kLeastSd) * std::sqrt(u * (n - 1) / n);
  return Interval{mean_ - half, mean_ + half};
}

}  // namespace keisei::guard
