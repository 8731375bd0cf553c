// A confidence interval that stays true however often one looks and whenever one stops: for a supposed mean score m,
// bet against m with fixed stakes on the score of each pair. If m is the mean, the wealth of every stake, and of any
// fixed mixture of stakes, is a nonnegative martingale, so it ever reaches 1 / alpha with probability at most alpha
// (Ville). The interval holds all m that the wealth has not refuted. It depends on the counts of pairs alone, assumes
// nothing but one common mean, and a draw-heavy or paired match narrows it faster. Pure; any thread.
#pragma once

#include <vector>

#include "evaluation/statistics.h"

namespace keisei::evaluation {

inline constexpr double kAnytimeAlpha = 0.05;
inline constexpr int kStakes = 24;  ///< a side, log-spaced: the fixed mixture

/// The bets against one supposed mean score.
class MeanTest {
 public:
  /// `mean` in (0, 1).
  explicit MeanTest(double mean);
  [[nodiscard]] double log_wealth_above(const PairCounts& pairs) const;  ///< grows where the true mean is higher
  [[nodiscard]] double log_wealth_below(const PairCounts& pairs) const;  ///< grows where the true mean is lower
  /// Whether these pairs refute the mean: either side alone has reached 2 / alpha.
  [[nodiscard]] bool refuted(const PairCounts& pairs, double alpha = kAnytimeAlpha) const;

 private:
  using Gains = std::array<double, 5>;  ///< log of what one stake becomes, by the points of a pair
  [[nodiscard]] static double log_wealth(const std::vector<Gains>& gains, const PairCounts& pairs);
  std::vector<Gains> above_;
  std::vector<Gains> below_;
};

/// The mean scores that are not refuted; [0, 1] without pairs.
[[nodiscard]] Interval anytime_interval(const PairCounts& pairs, double alpha = kAnytimeAlpha);
/// The same as Elo difference; open where a bound is 0 or 1.
[[nodiscard]] OpenInterval anytime_elo_interval(const PairCounts& pairs, double alpha = kAnytimeAlpha);

}  // namespace keisei::evaluation
