// Checks of the sequential statistics by simulation: matches of known strength are played pair by pair, and an
// adversary looks after each pair. What is counted is how often a stated error really happens. Deterministic by seed;
// pure; any thread.
#pragma once

#include <array>
#include <cstdint>

#include "evaluation/sprt.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {

/// Probabilities of a pair's points 0, 0.5, 1, 1.5, 2.
using PairOdds = std::array<double, 5>;

/// A pair of games between players `elo` apart, of which `draws` are drawn when they are even, on an opening that is
/// worth `opening_elo` to one colour.
[[nodiscard]] PairOdds pair_odds(double elo, double draws, double opening_elo);
[[nodiscard]] double mean_score(const PairOdds& odds);
[[nodiscard]] double normalised_elo_of(const PairOdds& odds);
/// pair_odds with the Elo difference at which the normalised Elo is `elo`.
[[nodiscard]] PairOdds odds_of_normalised(double elo, double draws, double opening_elo);

struct Coverage {
  int matches = 0;
  int missed = 0;  ///< matches in which the anytime interval left out the true mean at any look
  [[nodiscard]] double share() const { return matches > 0 ? 1 - static_cast<double>(missed) / matches : 0; }
};
/// Looks after every one of `pairs` pairs of each match.
[[nodiscard]] Coverage simulate_coverage(const PairOdds& odds, int matches, int pairs, std::uint64_t seed);

struct SprtRuns {
  int matches = 0;
  int accepted_h0 = 0;
  int accepted_h1 = 0;
  int undecided = 0;  ///< after `pairs` pairs
  double mean_pairs = 0;
};
[[nodiscard]] SprtRuns simulate_sprt(const PairOdds& odds, const SprtOptions& options, int matches, int pairs,
                                     std::uint64_t seed);

}  // namespace keisei::evaluation
