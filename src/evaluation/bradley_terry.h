// The numerical core of the ratings: maximises the penalised Bradley-Terry likelihood of one connected group by
// Newton's method. Players are numbers here, strengths are natural logarithms of odds. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace keisei::evaluation {

/// All games that `black` played as Black against `white`.
struct MatchCount {
  std::size_t black = 0;
  std::size_t white = 0;
  double games = 0;
  double points = 0;  ///< of Black, draws half
};

struct FitOptions {
  double prior_games = 1;  ///< drawn virtual games that each player brings, spread over its opponents
  double side_sd = 0.5;    ///< standard deviation of the prior of the side advantage, natural log-odds
  std::size_t max_covariance = 512;
};

struct Fit {
  std::vector<double> strength;  ///< by player; strength[anchor] = 0
  std::vector<double> variance;  ///< of strength[i] - strength[anchor]
  double side = 0;               ///< added to Black's strength
  double side_variance = 0;
  std::vector<double> covariance;  ///< players x players, or empty when there are more than max_covariance
  bool converged = false;
};

/// `matches` connect all of 0 .. players - 1, none of a player with itself. Deterministic.
[[nodiscard]] Fit fit_bradley_terry(std::size_t players, std::size_t anchor, std::span<const MatchCount> matches,
                                    const FitOptions& options);

}  // namespace keisei::evaluation
