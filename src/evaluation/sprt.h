// Normalised Elo and its sequential test. Normalised Elo measures a strength difference in standard deviations of a
// game's result, so how many games a difference needs does not depend on the draw rate or the openings. The unit of
// observation is the colour-swapped pair: its two games are not independent, the pairs are. Pure; any thread.
// The test is a generalised sequential probability ratio test with a normal likelihood of unknown variance; its
// log-likelihood ratio has a closed form that stays finite for one-sided counts. The bounds are those that keep each
// error rate below its own (Ville), slightly wider than Wald's, which keep their sum.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {

struct NormalisedElo {
  double elo = 0;
  double low = 0;  ///< 95 % interval, by the delta method with skewness and kurtosis
  double high = 0;
  friend bool operator==(const NormalisedElo&, const NormalisedElo&) = default;
};
/// (mean - 1/2) / sigma of a game * 800 / ln 10; empty with fewer than kMinPairs pairs or no spread.
[[nodiscard]] std::optional<NormalisedElo> normalised_elo(const PairCounts& pairs, double z = kZ95);

/// Normalised Elo of the two hypotheses, and how often either may be accepted wrongly.
struct SprtOptions {
  double elo0 = 0;
  double elo1 = 10;
  double alpha = 0.05;  ///< H1 accepted although elo0 is true
  double beta = 0.05;   ///< H0 accepted although elo1 is true
  friend bool operator==(const SprtOptions&, const SprtOptions&) = default;
};
inline constexpr double kMaxSprtElo = 2000;
/// kUsage unless elo0 < elo1 within +-kMaxSprtElo and alpha, beta in (0, 0.5).
[[nodiscard]] Result<void> validate(const SprtOptions& options);
/// "elo0=0,elo1=10,alpha=0.05,beta=0.05", each once at most, defaults where left out. kUsage.
[[nodiscard]] Result<SprtOptions> parse_sprt(std::string_view text);
[[nodiscard]] std::string to_string(const SprtOptions& options);

enum class SprtDecision : std::uint8_t { kContinue, kAcceptH0, kAcceptH1 };
[[nodiscard]] std::string_view to_string(SprtDecision decision);  ///< continue | accept_h0 | accept_h1

struct SprtState {
  double llr = 0;    ///< 0 while the pairs say nothing (none, or all of them even)
  double lower = 0;  ///< log(beta): at or below it H0 is accepted
  double upper = 0;  ///< log(1 / alpha): at or above it H1 is accepted
  SprtDecision decision = SprtDecision::kContinue;
};
/// The state after these pairs. `options` must be valid.
[[nodiscard]] SprtState sprt(const PairCounts& pairs, const SprtOptions& options);

}  // namespace keisei::evaluation
