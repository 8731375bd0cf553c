// Ratings from all games at once: maximum likelihood of the Bradley-Terry model with a side advantage, draws counted as
// half a win and half a loss, so a rating difference and the Elo of a score mean the same. Games of different protocols
// never mix, nor do groups of players that never met: each gets its own table. Anchored at `random` = 0.
// Prior, so that a 100 % score stays finite: each player brings `prior_games` drawn virtual games, spread over the
// opponents it really met in proportion; and the side advantage has a normal prior. Keyed by weights id, never by
// display name. Pure; any thread; 200 players and 10,000 games take milliseconds.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluation/record.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxRatedPlayers = 2048;
inline constexpr std::size_t kMaxCovariancePlayers = 512;  ///< larger tables carry errors, but no full covariance

/// One valid game between two ids.
struct RatedGame {
  std::string black;
  std::string white;
  double black_score = 0;  ///< 1, 0.5 or 0
  std::string protocol;
};

struct RatingOptions {
  std::string anchor = "random";       ///< the id that is 0 where it played
  double prior_games = 1.0;            ///< virtual drawn games that each player brings
  double side_advantage_sd_elo = 100;  ///< prior of the advantage of moving first
};

struct Rating {
  std::string id;
  double elo = 0;
  std::optional<double> error_elo;  ///< half width of the 95 % interval of (elo - anchor); empty for the anchor
  int games = 0;
  double score = 0;  ///< share of points in [0, 1]
};

struct RatingTable {
  std::string protocol;
  std::string anchor;             ///< the id that is 0: RatingOptions::anchor, or the smallest id where it did not play
  bool anchored = false;          ///< anchor is RatingOptions::anchor: comparable with other anchored tables
  std::vector<Rating> players;    ///< by Elo, highest first
  double side_advantage_elo = 0;  ///< of Black
  std::optional<double> side_advantage_error_elo;
  int games = 0;
  double draw_share = 0;  ///< of the games
  int self_games = 0;     ///< an id against itself: says nothing about strength, left out
  bool converged = false;
  std::vector<double> covariance_elo2;  ///< players x players in the order of `players`; empty when too many
};

struct RatingDifference {
  double elo = 0;
  double error_elo = 0;  ///< half width of the 95 % interval
  double los = 0.5;      ///< probability that the first is the stronger
};

/// The valid games with both ids known.
[[nodiscard]] std::vector<RatedGame> rated_games(std::span<const GameRecord> records);

/// One table for each protocol and group of connected players, in order of protocol, then anchored first, then anchor.
/// kBadData for a score outside [0, 1], an empty id or more than kMaxRatedPlayers players in a table.
[[nodiscard]] Result<std::vector<RatingTable>> rate(std::span<const RatedGame> games,
                                                    const RatingOptions& options = {});

/// First minus second; empty when one is missing or the table has no covariance.
[[nodiscard]] std::optional<RatingDifference> difference(const RatingTable& table, const std::string& first,
                                                         const std::string& second);

/// Half width of the 95 % interval of (elo - mean elo of the table's players): what one player's games say of it, where
/// the interval about an anchor would hold what is not known of the anchor too. Empty as for difference().
[[nodiscard]] std::optional<double> error_about_mean(const RatingTable& table, const std::string& id);

}  // namespace keisei::evaluation
