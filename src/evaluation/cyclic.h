// Whether one number a player tells the truth: how far the scores of pairs of players lie from what their ratings say.
// Where A beats B, B beats C and C beats A, every rating is wrong for somebody; the chi-square over all pairs and the
// worst triangle say so. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "evaluation/ratings.h"

namespace keisei::evaluation {

/// A pair counts when its games could tell: n p (1 - p) of at least this, by its expected score p.
inline constexpr double kMinPairInformation = 1.0;

struct Triangle {
  std::string first, second, third;  ///< first beats second beats third beats first, beyond the ratings
  double elo = 0;                    ///< sum of the three residuals around it
  double z = 0;                      ///< in standard errors
};

struct CyclicResidual {
  int pairs = 0;  ///< pairs of players that count
  int degrees = 0;
  double chi_square = 0;
  std::optional<double> p;  ///< small = ratings do not explain the results; empty without degrees of freedom
  std::optional<Triangle> worst;
};

/// `games` may hold games of other tables: those between players of `table` under its protocol are taken.
[[nodiscard]] CyclicResidual cyclic_residual(const RatingTable& table, std::span<const RatedGame> games);

/// Upper tail of the chi-square distribution.
[[nodiscard]] double chi_square_tail(double x, int degrees);

}  // namespace keisei::evaluation
