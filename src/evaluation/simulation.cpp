#include "evaluation/simulation.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "evaluation/anytime.h"
#include "evaluation/elo.h"

namespace keisei::evaluation {
namespace {

constexpr int kBisections = 100;
constexpr double kLargestElo = 2000;

/// Loss, draw and win of a game: draws are rarer the more unequal the players, and the score is the Elo formula's.
std::array<double, 3> game_odds(double elo, double draws) {
  const double score = expected_score(elo, 0);
  const double drawn = draws * 4 * score * (1 - score);
  return {1 - score - 0.5 * drawn, drawn, score - 0.5 * drawn};
}

std::size_t draw_pair(const PairOdds& odds, Random& random) {
  double u = random.uniform();
  for (std::size_t i = 0; i + 1 < odds.size(); ++i) {
    u -= odds[i];
    if (u < 0) return i;
  }
  return odds.size() - 1;
}

}  // namespace

PairOdds pair_odds(double elo, double draws, double opening_elo) {
  const auto first = game_odds(elo + opening_elo, draws);
  const auto second = game_odds(elo - opening_elo, draws);
  PairOdds odds{};
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t k = 0; k < second.size(); ++k) odds[i + k] += first[i] * second[k];
  }
  return odds;
}

double mean_score(const PairOdds& odds) {
  double mean = 0;
  for (std::size_t i = 0; i < odds.size(); ++i) mean += 0.25 * static_cast<double>(i) * odds[i];
  return mean;
}

double normalised_elo_of(const PairOdds& odds) {
  const double mean = mean_score(odds);
  double variance = 0;
  for (std::size_t i = 0; i < odds.size(); ++i) {
    const double d = 0.25 * static_cast<double>(i) - mean;
    variance += odds[i] * d * d;
  }
  return (mean - 0.5) / std::sqrt(2 * variance) * 800 / std::log(10.0);
}

PairOdds odds_of_normalised(double elo, double draws, double opening_elo) {
  double low = -kLargestElo;
  double high = kLargestElo;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (low + high);
    (normalised_elo_of(pair_odds(middle, draws, opening_elo)) < elo ? low : high) = middle;
  }
  return pair_odds(0.5 * (low + high), draws, opening_elo);
}

Coverage simulate_coverage(const PairOdds& odds, int matches, int pairs, std::uint64_t seed) {
  const MeanTest truth(mean_score(odds));
  Coverage coverage;
  for (int match = 0; match < matches; ++match) {
    Random random(seed, Purpose::kBench, static_cast<std::uint64_t>(match));
    PairCounts counts{};
    bool missed = false;
    for (int pair = 0; pair < pairs && !missed; ++pair) {
      ++counts[draw_pair(odds, random)];
      missed = truth.refuted(counts);
    }
    ++coverage.matches;
    coverage.missed += missed ? 1 : 0;
  }
  return coverage;
}

SprtRuns simulate_sprt(const PairOdds& odds, const SprtOptions& options, int matches, int pairs, std::uint64_t seed) {
  SprtRuns runs;
  for (int match = 0; match < matches; ++match) {
    Random random(seed, Purpose::kBench, static_cast<std::uint64_t>(match));
    PairCounts counts{};
    SprtDecision decision = SprtDecision::kContinue;
    int pair = 0;
    for (; pair < pairs && decision == SprtDecision::kContinue; ++pair) {
      ++counts[draw_pair(odds, random)];
      decision = sprt(counts, options).decision;
    }
    ++runs.matches;
    runs.mean_pairs += (pair - runs.mean_pairs) / runs.matches;
    runs.accepted_h0 += decision == SprtDecision::kAcceptH0 ? 1 : 0;
    runs.accepted_h1 += decision == SprtDecision::kAcceptH1 ? 1 : 0;
    runs.undecided += decision == SprtDecision::kContinue ? 1 : 0;
  }
  return runs;
}

}  // namespace keisei::evaluation
