// The sequential Elo rating: what matchmaking uses between full fits (ratings.h). Every game moves both ratings by the
// same amount in opposite directions, so the mean of the pool never drifts. Keyed by weights id: display names repeat,
// and a new snapshot starts at the initial rating, not at its predecessor's. Plain value; one thread at a time.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "evaluation/record.h"

namespace keisei::evaluation {

/// Expected score of `rating` against `other`: 1 / (1 + 10^((other - rating) / 400)).
[[nodiscard]] double expected_score(double rating, double other);

struct SequentialElo {
  double k = 32;
  double initial = 1500;
  std::map<std::string, double> ratings{};  ///< by weights id

  /// One game: `score` is a's, in [0, 1]. A game of an id against itself, or with an empty id, changes nothing.
  void apply(const std::string& a, const std::string& b, double score);
  /// All valid games, one after the other, in their order.
  void apply(std::span<const GameRecord> games);
  [[nodiscard]] double rating(const std::string& id) const;  ///< initial where unknown
  /// The id with the highest rating (the smallest id of equals); empty for an empty pool.
  [[nodiscard]] std::optional<std::string> champion() const;
};

}  // namespace keisei::evaluation
