// Ratings told: tables for a terminal, `keisei.ratings/1` for programs, a chart with error bars. One table for each
// protocol and group of players that met, never mixed. Also whether ratings that were stored agree with those that the
// games give now. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/cyclic.h"
#include "evaluation/ratings.h"

namespace keisei::evaluation {

/// Where games came from.
struct RatingsSource {
  std::string path;
  std::string kind;  ///< run | match
  std::size_t games = 0;
  std::size_t rated = 0;  ///< valid, and both players have an identity
};

/// A rating as it was stored with an evaluation.
struct StoredRating {
  std::string id;
  std::string protocol;
  double elo = 0;
};

struct StoredCheck {
  std::size_t compared = 0;
  std::size_t missing = 0;  ///< stored, and not in the tables
  double largest_difference_elo = 0;
};

struct RatingsReport {
  std::vector<RatingsSource> sources;
  std::vector<RatingTable> tables;
  std::vector<CyclicResidual> residuals;     ///< by table
  std::map<std::string, std::string> names;  ///< by id, for people
  std::optional<StoredCheck> stored;         ///< of the last evaluation; empty where nothing was stored
};

/// Adds the names that the records give to ids; a later record wins.
void add_names(std::map<std::string, std::string>& names, std::span<const GameRecord> records);

/// The ratings of all games, and what speaks against them. `protocol` keeps one protocol's games ("" = all).
[[nodiscard]] Result<RatingsReport> rating_report(std::vector<RatingsSource> sources, std::span<const RatedGame> games,
                                                  std::map<std::string, std::string> names,
                                                  const std::string& protocol = {});

/// How far `stored` ratings lie from those of `tables`.
[[nodiscard]] StoredCheck check_stored(std::span<const StoredRating> stored, std::span<const RatingTable> tables);

[[nodiscard]] std::string to_text(const RatingsReport& report);
[[nodiscard]] std::string to_json(const RatingsReport& report);  ///< one object, one line
/// All tables one below the other, a file of its own.
[[nodiscard]] std::string to_svg(const RatingsReport& report);

}  // namespace keisei::evaluation
