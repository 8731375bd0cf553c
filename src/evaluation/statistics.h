// What a set of games says about two players: counts, score, intervals, likelihood of superiority, pairs, lengths,
// streaks. Closed forms on plain values; what is unknown is empty, never 0. Draws count half; faults count in nothing
// but their own number. Pure; any thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "evaluation/record.h"

namespace keisei::evaluation {

inline constexpr double kZ95 = 1.959963984540054;  ///< two-sided 95 % point of the normal distribution

struct Tally {
  int wins = 0;
  int losses = 0;
  int draws = 0;
  int faults = 0;

  [[nodiscard]] int valid() const { return wins + losses + draws; }  ///< games that rates are over
  [[nodiscard]] int games() const { return valid() + faults; }
  void add(GameResult result);
  Tally& operator+=(const Tally& other);
  friend bool operator==(const Tally&, const Tally&) = default;
};

struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// An interval that may be open: an empty end is unbounded (or unknown when both are empty).
struct OpenInterval {
  std::optional<double> low;
  std::optional<double> high;
};

[[nodiscard]] std::optional<double> score(const Tally& tally);             ///< in [0, 1], draws half
[[nodiscard]] std::optional<double> share(int count, const Tally& tally);  ///< count / valid games

/// Wilson score interval of a proportion (Wilson 1927). `proportion` in [0, 1], n > 0.
[[nodiscard]] Interval wilson(double proportion, double n, double z = kZ95);
[[nodiscard]] std::optional<Interval> score_interval(const Tally& tally, double z = kZ95);

/// Elo difference of a score: -400 log10(1 / score - 1); empty at 0 and 1.
[[nodiscard]] std::optional<double> elo_of_score(double score);
[[nodiscard]] std::optional<double> elo(const Tally& tally);
/// Wilson's bounds as Elo; open where a bound is 0 or 1.
[[nodiscard]] OpenInterval elo_interval(const Tally& tally, double z = kZ95);

/// Likelihood of superiority: Phi((W - L) / sqrt(W + L)); empty without decisive games.
[[nodiscard]] std::optional<double> los(const Tally& tally);

/// Complete pairs (both games valid) by the agent's points 0, 0.5, 1, 1.5, 2.
using PairCounts = std::array<int, 5>;
[[nodiscard]] PairCounts pair_counts(std::span<const GameRecord> games);
/// The same for each pairing of the plan that has games.
[[nodiscard]] std::map<int, PairCounts> pair_counts_by_pairing(std::span<const GameRecord> games);

/// Score interval from pairs: the games of a pair are not independent, the pairs are. Normal approximation with
/// Bessel's correction; empty with fewer than kMinPairs pairs or no spread.
[[nodiscard]] std::optional<Interval> pair_interval(const PairCounts& pairs, double z = kZ95);
inline constexpr int kMinPairs = 8;

struct Lengths {
  int min = 0;
  double median = 0;
  double mean = 0;
  int max = 0;
  friend bool operator==(const Lengths&, const Lengths&) = default;
};
[[nodiscard]] std::optional<Lengths> lengths(std::span<const int> plies);

/// Longest runs of one result in playing order, and the run at the end. Faults neither extend nor break a run.
struct Streaks {
  int win = 0;
  int loss = 0;
  int draw = 0;
  GameResult current = GameResult::kFault;  ///< result of the run at the end; kFault = no games
  int current_length = 0;
  friend bool operator==(const Streaks&, const Streaks&) = default;
};
[[nodiscard]] Streaks streaks(std::span<const GameResult> results);

}  // namespace keisei::evaluation
