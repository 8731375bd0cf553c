#include "evaluation/ratings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "evaluation/bradley_terry.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {
namespace {

const double kEloPerNat = 400 / std::log(10.0);

/// The games of one protocol, players as numbers in the order of their ids.
struct Ledger {
  std::vector<std::string> ids;
  std::map<std::pair<std::size_t, std::size_t>, std::pair<int, double>> matches;  ///< (black, white): games, points
  std::map<std::pair<std::size_t, std::size_t>, int> draws;                       ///< (black, white), where any
  std::vector<int> self_games;                                                    ///< by player
};

Result<std::map<std::string, Ledger>> by_protocol(std::span<const RatedGame> games) {
  std::map<std::string, std::vector<const RatedGame*>> groups;
  for (std::size_t i = 0; i < games.size(); ++i) {
    const RatedGame& game = games[i];
    if (game.black.empty() || game.white.empty()) {
      return fail(Code::kBadData, "rated game " + std::to_string(i + 1) + " has a player without an id");
    }
    if (!(game.black_score >= 0) || !(game.black_score <= 1)) {
      return fail(Code::kBadData, "rated game " + std::to_string(i + 1) + " has a score outside [0, 1]");
    }
    groups[game.protocol].push_back(&game);
  }
  std::map<std::string, Ledger> ledgers;
  for (const auto& [protocol, members] : groups) {
    std::map<std::string, std::size_t> number;
    for (const RatedGame* game : members) {
      number.emplace(game->black, 0);
      number.emplace(game->white, 0);
    }
    Ledger& ledger = ledgers[protocol];
    for (auto& [id, index] : number) {
      index = ledger.ids.size();
      ledger.ids.push_back(id);
    }
    ledger.self_games.assign(ledger.ids.size(), 0);
    for (const RatedGame* game : members) {
      const std::size_t black = number[game->black];
      const std::size_t white = number[game->white];
      if (black == white) {
        ++ledger.self_games[black];
        continue;
      }
      auto& [count, points] = ledger.matches[{black, white}];
      ++count;
      points += game->black_score;
      if (game->black_score > 0 && game->black_score < 1) ++ledger.draws[{black, white}];
    }
  }
  return ledgers;
}

/// For each player the smallest player it is connected to by games.
std::vector<std::size_t> components(const Ledger& ledger) {
  std::vector<std::size_t> parent(ledger.ids.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const auto& [match, counts] : ledger.matches) {
    const std::size_t first = root(match.first);
    const std::size_t second = root(match.second);
    parent[std::max(first, second)] = std::min(first, second);
  }
  for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = root(i);
  return parent;
}

RatingTable rate_group(const std::string& protocol, const Ledger& ledger, const std::vector<std::size_t>& members,
                       const RatingOptions& options) {
  std::vector<std::size_t> local(ledger.ids.size(), ledger.ids.size());
  std::size_t anchor = 0;
  RatingTable table;
  table.protocol = protocol;
  for (std::size_t i = 0; i < members.size(); ++i) {
    local[members[i]] = i;
    table.self_games += ledger.self_games[members[i]];
    if (ledger.ids[members[i]] == options.anchor) {
      anchor = i;
      table.anchored = true;
    }
  }
  table.anchor = ledger.ids[members[anchor]];
  std::vector<MatchCount> matches;
  std::vector<int> games(members.size(), 0);
  std::vector<double> points(members.size(), 0.0);
  for (const auto& [match, counts] : ledger.matches) {
    const std::size_t black = local[match.first];
    const std::size_t white = local[match.second];
    if (black == ledger.ids.size()) continue;
    matches.push_back({black, white, static_cast<double>(counts.first), counts.second});
    games[black] += counts.first;
    games[white] += counts.first;
    points[black] += counts.second;
    points[white] += counts.first - counts.second;
    table.games += counts.first;
  }
  int draws = 0;
  for (const auto& [match, count] : ledger.draws) draws += local[match.first] == ledger.ids.size() ? 0 : count;
  if (table.games > 0) table.draw_share = static_cast<double>(draws) / table.games;
  const FitOptions fit_options{options.prior_games, options.side_advantage_sd_elo / kEloPerNat, kMaxCovariancePlayers};
  const Fit fit = fit_bradley_terry(members.size(), anchor, matches, fit_options);
  table.converged = fit.converged;
  table.side_advantage_elo = fit.side * kEloPerNat;
  if (fit.converged) table.side_advantage_error_elo = kZ95 * std::sqrt(fit.side_variance) * kEloPerNat;
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fit.strength[a] > fit.strength[b]; });
  for (const std::size_t i : order) {
    Rating rating;
    rating.id = ledger.ids[members[i]];
    rating.elo = fit.strength[i] * kEloPerNat;
    if (i != anchor && fit.converged) rating.error_elo = kZ95 * std::sqrt(fit.variance[i]) * kEloPerNat;
    rating.games = games[i];
    rating.score = games[i] > 0 ? points[i] / games[i] : 0.0;
    table.players.push_back(std::move(rating));
  }
  if (fit.converged && !fit.covariance.empty()) {
    for (const std::size_t i : order) {
      for (const std::size_t j : order) {
        table.covariance_elo2.push_back(fit.covariance[i * members.size() + j] * kEloPerNat * kEloPerNat);
      }
    }
  }
  return table;
}

/// Number of players where the id is not among them.
std::size_t place_of(const RatingTable& table, const std::string& id) {
  const auto found =
      std::find_if(table.players.begin(), table.players.end(), [&](const Rating& r) { return r.id == id; });
  return static_cast<std::size_t>(found - table.players.begin());
}

}  // namespace

std::vector<RatedGame> rated_games(std::span<const GameRecord> records) {
  std::vector<RatedGame> games;
  for (const GameRecord& record : records) {
    if (is_fault(record.reason) || record.agent_id.empty() || record.opponent_id.empty()) continue;
    const bool agent_is_black = record.agent_colour == shogi::Color::kBlack;
    const double black_score = record.winner == shogi::Winner::kBlack   ? 1.0
                               : record.winner == shogi::Winner::kWhite ? 0.0
                                                                        : 0.5;
    games.push_back({agent_is_black ? record.agent_id : record.opponent_id,
                     agent_is_black ? record.opponent_id : record.agent_id, black_score, record.protocol});
  }
  return games;
}

Result<std::vector<RatingTable>> rate(std::span<const RatedGame> games, const RatingOptions& options) {
  if (!(options.prior_games > 0) || !(options.side_advantage_sd_elo > 0)) {
    return fail(Code::kUsage, "the priors of the ratings must be positive",
                "without a prior a 100 % score is infinite");
  }
  const auto ledgers = by_protocol(games);
  if (!ledgers) return tl::make_unexpected(ledgers.error());
  std::vector<RatingTable> tables;
  for (const auto& [protocol, ledger] : *ledgers) {
    const std::vector<std::size_t> component = components(ledger);
    std::map<std::size_t, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < component.size(); ++i) groups[component[i]].push_back(i);
    for (const auto& [first, members] : groups) {
      if (members.size() < 2) continue;  // only games against itself
      if (members.size() > kMaxRatedPlayers) {
        return fail(Code::kBadData, "a rating table has " + std::to_string(members.size()) + " players",
                    "at most " + std::to_string(kMaxRatedPlayers));
      }
      tables.push_back(rate_group(protocol, ledger, members, options));
    }
  }
  std::stable_sort(tables.begin(), tables.end(), [](const RatingTable& a, const RatingTable& b) {
    return std::tuple(a.protocol, !a.anchored, a.anchor) < std::tuple(b.protocol, !b.anchored, b.anchor);
  });
  return tables;
}

std::optional<RatingDifference> difference(const RatingTable& table, const std::string& first,
                                           const std::string& second) {
  const std::size_t n = table.players.size();
  const std::size_t i = place_of(table, first);
  const std::size_t j = place_of(table, second);
  if (i == n || j == n || table.covariance_elo2.size() != n * n) return std::nullopt;
  const auto covariance = [&](std::size_t a, std::size_t b) { return table.covariance_elo2[a * n + b]; };
  RatingDifference result;
  result.elo = table.players[i].elo - table.players[j].elo;
  const double variance = covariance(i, i) + covariance(j, j) - covariance(i, j) - covariance(j, i);
  if (i == j || !(variance > 0)) return result;
  result.error_elo = kZ95 * std::sqrt(variance);
  result.los = 0.5 * std::erfc(-result.elo / std::sqrt(2 * variance));
  return result;
}

std::optional<double> error_about_mean(const RatingTable& table, const std::string& id) {
  const std::size_t n = table.players.size();
  const std::size_t i = place_of(table, id);
  if (i == n || table.covariance_elo2.size() != n * n) return std::nullopt;
  const auto row_sum = [&](std::size_t a) {
    const auto row = table.covariance_elo2.begin() + static_cast<std::ptrdiff_t>(a * n);
    return std::accumulate(row, row + static_cast<std::ptrdiff_t>(n), 0.0);
  };
  double all = 0;
  for (std::size_t a = 0; a < n; ++a) all += row_sum(a);
  const auto players = static_cast<double>(n);
  const double variance = table.covariance_elo2[i * n + i] - 2 * row_sum(i) / players + all / (players * players);
  return kZ95 * std::sqrt(std::max(0.0, variance));
}

}  // namespace keisei::evaluation
