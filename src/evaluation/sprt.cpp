#include "evaluation/sprt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string>

#include "base/shortest.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

const double kEloPerSigma = 800 / std::log(10.0);
constexpr double kMaxErrorRate = 0.5;  // not included

/// Moments of a pair's score in [0, 1], centred on an even one.
struct Moments {
  double n = 0;
  double mean = 0;      ///< minus 1/2
  double variance = 0;  ///< maximum likelihood
  double skewness = 0;
  double kurtosis = 3;
};

Moments moments(const PairCounts& pairs) {
  Moments m;
  m.n = std::accumulate(pairs.begin(), pairs.end(), 0.0);
  if (m.n <= 0) return m;
  for (std::size_t i = 0; i < pairs.size(); ++i) m.mean += (0.25 * static_cast<double>(i) - 0.5) * pairs[i] / m.n;
  double third = 0;
  double fourth = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double d = 0.25 * static_cast<double>(i) - 0.5 - m.mean;
    m.variance += pairs[i] * d * d / m.n;
    third += pairs[i] * d * d * d / m.n;
    fourth += pairs[i] * d * d * d * d / m.n;
  }
  if (m.variance > 0) {
    m.skewness = third / std::pow(m.variance, 1.5);
    m.kurtosis = fourth / (m.variance * m.variance);
  }
  return m;
}

/// Mean in standard deviations of a pair's score. A game's variance is twice a pair's.
double effect_of(double normalised_elo) { return normalised_elo / kEloPerSigma * std::sqrt(2.0); }

/// The largest log-likelihood a pair, up to a constant, of normal scores whose mean is `effect` standard deviations:
/// with u = 1 / sigma and q = variance + mean^2 it is log u - q u^2 / 2 + effect mean u - effect^2 / 2 at its maximum.
double log_likelihood(const Moments& m, double effect) {
  const double q = m.variance + m.mean * m.mean;
  const double b = effect * m.mean;
  const double u = (b + std::sqrt(b * b + 4 * q)) / (2 * q);
  return std::log(u) - 0.5 * q * u * u + b * u - 0.5 * effect * effect;
}

}  // namespace

std::optional<NormalisedElo> normalised_elo(const PairCounts& pairs, double z) {
  const Moments m = moments(pairs);
  if (m.n < kMinPairs || !(m.variance > 0)) return std::nullopt;
  const double t = m.mean / std::sqrt(m.variance);
  const double variance = std::max(0.0, 1 - t * m.skewness + 0.25 * t * t * (m.kurtosis - 1)) / m.n;
  const double scale = kEloPerSigma / std::sqrt(2.0);
  const double half_width = z * std::sqrt(variance);
  return NormalisedElo{.elo = t * scale, .low = (t - half_width) * scale, .high = (t + half_width) * scale};
}

Result<void> validate(const SprtOptions& options) {
  const auto rate = [](double r) { return r > 0 && r < kMaxErrorRate; };
  if (!(std::abs(options.elo0) <= kMaxSprtElo) || !(std::abs(options.elo1) <= kMaxSprtElo) ||
      !(options.elo0 < options.elo1)) {
    return fail(
        Code::kUsage,
        "sprt: elo0 " + shortest(options.elo0) + " and elo1 " + shortest(options.elo1) + " are no two hypotheses",
        "allowed: elo0 < elo1, both from -2000 to 2000");
  }
  if (!rate(options.alpha) || !rate(options.beta)) {
    return fail(Code::kUsage,
                "sprt: alpha " + shortest(options.alpha) + " or beta " + shortest(options.beta) + " is no error rate",
                "allowed: above 0 and below 0.5");
  }
  return {};
}

Result<SprtOptions> parse_sprt(std::string_view text) {
  SprtOptions options;
  const std::array<std::string, 4> names{"elo0", "elo1", "alpha", "beta"};
  const std::array<double*, 4> values{&options.elo0, &options.elo1, &options.alpha, &options.beta};
  std::array<bool, 4> given{};
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    const std::string_view key = item.substr(0, equals);
    const auto found = std::find(names.begin(), names.end(), key);
    if (found == names.end()) {
      return fail(Code::kUsage, "sprt: unknown part " + quoted(item), allowed_hint(key, names));
    }
    const auto at = static_cast<std::size_t>(found - names.begin());
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *values[at]);
    if (given[at] || error != std::errc{} || end != value.data() + value.size()) {
      return fail(Code::kUsage, "sprt: " + quoted(item) + " is not allowed", "write " + *found + "=NUMBER, once");
    }
    given[at] = true;
  }
  if (auto good = validate(options); !good) return tl::make_unexpected(good.error());
  return options;
}

std::string to_string(const SprtOptions& options) {
  return "elo0=" + shortest(options.elo0) + ",elo1=" + shortest(options.elo1) + ",alpha=" + shortest(options.alpha) +
         ",beta=" + shortest(options.beta);
}

std::string_view to_string(SprtDecision decision) {
  switch (decision) {
    case SprtDecision::kAcceptH0:
      return "accept_h0";
    case SprtDecision::kAcceptH1:
      return "accept_h1";
    case SprtDecision::kContinue:
      break;
  }
  return "continue";
}

SprtState sprt(const PairCounts& pairs, const SprtOptions& options) {
  SprtState state;
  state.lower = std::log(options.beta);
  state.upper = -std::log(options.alpha);
  const Moments m = moments(pairs);
  if (m.n <= 0 || !(m.variance + m.mean * m.mean > 0)) return state;
  state.llr = m.n * (log_likelihood(m, effect_of(options.elo1)) - log_likelihood(m, effect_of(options.elo0)));
  if (state.llr >= state.upper) state.decision = SprtDecision::kAcceptH1;
  if (state.llr <= state.lower) state.decision = SprtDecision::kAcceptH0;
  return state;
}

}  // namespace keisei::evaluation
