#include "evaluation/statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace keisei::evaluation {
namespace {

constexpr double kOpenEnd = 1e-12;  // a bound this near 0 or 1 has no finite Elo

std::optional<double> elo_of_bound(double bound) {
  if (bound <= kOpenEnd || bound >= 1 - kOpenEnd) return std::nullopt;
  return elo_of_score(bound);
}

}  // namespace

void Tally::add(GameResult result) {
  switch (result) {
    case GameResult::kWin:
      ++wins;
      break;
    case GameResult::kDraw:
      ++draws;
      break;
    case GameResult::kLoss:
      ++losses;
      break;
    case GameResult::kFault:
      ++faults;
      break;
  }
}

Tally& Tally::operator+=(const Tally& other) {
  wins += other.wins;
  losses += other.losses;
  draws += other.draws;
  faults += other.faults;
  return *this;
}

std::optional<double> score(const Tally& tally) {
  if (tally.valid() == 0) return std::nullopt;
  return (tally.wins + 0.5 * tally.draws) / tally.valid();
}

std::optional<double> share(int count, const Tally& tally) {
  if (tally.valid() == 0) return std::nullopt;
  return static_cast<double>(count) / tally.valid();
}

Interval wilson(double proportion, double n, double z) {
  const double z2 = z * z;
  const double centre = proportion + z2 / (2 * n);
  const double spread = z * std::sqrt(proportion * (1 - proportion) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  return {std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

std::optional<Interval> score_interval(const Tally& tally, double z) {
  const auto s = score(tally);
  if (!s) return std::nullopt;
  return wilson(*s, tally.valid(), z);
}

std::optional<double> elo_of_score(double score) {
  if (!(score > 0) || !(score < 1)) return std::nullopt;
  return -400 * std::log10(1 / score - 1) + 0.0;  // + 0.0: an even score is 0, not -0
}

std::optional<double> elo(const Tally& tally) {
  const auto s = score(tally);
  return s ? elo_of_score(*s) : std::nullopt;
}

OpenInterval elo_interval(const Tally& tally, double z) {
  const auto interval = score_interval(tally, z);
  if (!interval) return {};
  return {elo_of_bound(interval->low), elo_of_bound(interval->high)};
}

std::optional<double> los(const Tally& tally) {
  const int decisive = tally.wins + tally.losses;
  if (decisive == 0) return std::nullopt;
  return 0.5 * std::erfc(-(tally.wins - tally.losses) / std::sqrt(2.0 * decisive));
}

std::map<int, PairCounts> pair_counts_by_pairing(std::span<const GameRecord> games) {
  struct Pair {
    int valid = 0;
    std::size_t half_points = 0;
  };
  std::map<int, PairCounts> counts;
  std::map<std::pair<int, int>, Pair> pairs;
  for (const GameRecord& game : games) {
    const GameResult result = game.result();
    counts.try_emplace(game.pairing, PairCounts{});
    if (result == GameResult::kFault) continue;
    Pair& pair = pairs[{game.pairing, game.pair}];
    ++pair.valid;
    pair.half_points += result == GameResult::kWin ? 2U : result == GameResult::kDraw ? 1U : 0U;
  }
  for (const auto& [key, pair] : pairs) {
    if (pair.valid == 2) ++counts[key.first][pair.half_points];
  }
  return counts;
}

PairCounts pair_counts(std::span<const GameRecord> games) {
  PairCounts sum{};
  for (const auto& [pairing, counts] : pair_counts_by_pairing(games)) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += counts[i];
  }
  return sum;
}

std::optional<Interval> pair_interval(const PairCounts& pairs, double z) {
  const int n = std::accumulate(pairs.begin(), pairs.end(), 0);
  if (n < kMinPairs) return std::nullopt;
  double mean = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) mean += 0.25 * static_cast<double>(i) * pairs[i] / n;
  double squares = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double difference = 0.25 * static_cast<double>(i) - mean;
    squares += pairs[i] * difference * difference;
  }
  if (squares <= 0) return std::nullopt;
  const double half_width = z * std::sqrt(squares / (n - 1) / n);
  return Interval{std::max(0.0, mean - half_width), std::min(1.0, mean + half_width)};
}

std::optional<Lengths> lengths(std::span<const int> plies) {
  if (plies.empty()) return std::nullopt;
  std::vector<int> sorted(plies.begin(), plies.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  Lengths result;
  result.min = sorted.front();
  result.max = sorted.back();
  result.median = n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
  result.mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(n);
  return result;
}

Streaks streaks(std::span<const GameResult> results) {
  Streaks found;
  for (const GameResult result : results) {
    if (result == GameResult::kFault) continue;
    found.current_length = result == found.current ? found.current_length + 1 : 1;
    found.current = result;
    int& longest = result == GameResult::kWin ? found.win : result == GameResult::kDraw ? found.draw : found.loss;
    longest = std::max(longest, found.current_length);
  }
  return found;
}

}  // namespace keisei::evaluation
