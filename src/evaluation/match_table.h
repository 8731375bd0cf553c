// Where a match stands: every player against every other, from the game records alone. Games that could not be played
// are faults, in no rate. Pure values; any thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/match.h"
#include "evaluation/ratings.h"
#include "evaluation/record.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {

struct MatchRow {
  std::string name;
  std::string id;
  Tally total;
  Tally as_black;
  Tally as_white;
  std::optional<double> elo;        ///< the first player at 0, of one fit over all games; empty where unknown
  std::optional<double> error_elo;  ///< half width of the 95 % interval of the difference to the first
  std::optional<double> error_about_mean_elo;  ///< of that to the mean of all players: tells them apart
};

/// Games by the colour of their winner.
struct ColourWins {
  int black = 0;
  int white = 0;
  int drawn = 0;
  int faults = 0;
};

struct MatchTable {
  std::vector<MatchRow> rows;               ///< in the players' order
  std::vector<std::vector<Tally>> against;  ///< [i][j]: results of i against j
  std::vector<PairCounts> pairs;            ///< by pairing, seen from its first player
  std::map<std::string, int> end_reasons;
  std::map<std::string, ColourWins> ends;  ///< the same by winner
  std::map<std::string, int> faults_by_text;
  std::vector<int> plies;  ///< of valid games, in their order
  int games_asked = 0;
  int games = 0;  ///< faults included
};

/// Recomputes everything from `games`, which are of `match`.
[[nodiscard]] MatchTable tabulate(const Match& match, std::span<const GameRecord> games);

/// Rows by rating, best first, or by score where one has no rating; ties in the players' order.
[[nodiscard]] std::vector<std::size_t> ranking(const MatchTable& table);

}  // namespace keisei::evaluation
