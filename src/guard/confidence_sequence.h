// An interval for a mean that holds at every look: whoever looks after each pair and stops when it suits him is still
// wrong in at most 5 % of runs, where a fixed-n interval would be wrong in a third. Robbins' normal mixture over effect
// sizes with the variance unknown (Lai 1976; the Bayes factor of the t test with a unit-information prior): exact for
// normal noise, and conservative for symmetric heavy tails, because a large outlier widens the standard deviation as
// well; the tests simulate both. Plain value, one thread. In the unit of what is added.
#pragma once

#include <cstddef>
#include <optional>

namespace keisei::guard {

struct Interval {
  double low = 0;
  double high = 0;
};

class ConfidenceSequence {
 public:
  /// Misses the truth at any look with probability <= `alpha`, 0 < alpha < 1.
  explicit ConfidenceSequence(double alpha = 0.05) : alpha_(alpha) {}

  /// One observation; NaN and infinity are ignored.
  void add(double y);
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double sd() const;  ///< 0 below two observations
  /// Nothing while the interval is still the whole line (fewer than five observations).
  [[nodiscard]] std::optional<Interval> interval() const;

 private:
  double alpha_;
  std::size_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  ///< about the mean
};

}  // namespace keisei::guard
