#include "evaluation/match_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace keisei::evaluation {
namespace {

/// Ratings from one fit over all games, the first player at 0; left empty where the fit says nothing.
void add_ratings(MatchTable& table, std::span<const GameRecord> games) {
  const std::vector<RatedGame> rated = rated_games(games);
  const auto fits = rate(rated, {.anchor = table.rows.front().id});
  if (!fits) return;
  for (const RatingTable& fit : *fits) {
    if (!fit.anchored) continue;
    for (MatchRow& row : table.rows) {
      const auto found =
          std::find_if(fit.players.begin(), fit.players.end(), [&](const Rating& r) { return r.id == row.id; });
      if (found == fit.players.end()) continue;
      row.elo = found->elo;
      row.error_elo = found->error_elo;
      row.error_about_mean_elo = error_about_mean(fit, row.id);
    }
  }
}

}  // namespace

MatchTable tabulate(const Match& match, std::span<const GameRecord> games) {
  MatchTable table;
  const std::vector<PairingOf> pairings = pairings_of(match);
  const std::vector<std::string> names = names_of(match);
  const std::size_t players = match.players.size();
  for (std::size_t i = 0; i < players; ++i)
    table.rows.push_back({names[i], match.players[i].id, {}, {}, {}, {}, {}, {}});
  table.against.assign(players, std::vector<Tally>(players));
  table.games_asked = games_of(match);
  std::vector<std::vector<GameRecord>> by_pairing(pairings.size());
  for (const GameRecord& game : games) {
    const auto pairing = static_cast<std::size_t>(game.pairing);
    if (game.pairing < 0 || pairing >= pairings.size()) continue;
    const auto [agent, opponent] = pairings[pairing];
    const GameResult result = game.result();
    const bool black = game.agent_colour == shogi::Color::kBlack;
    const auto add = [&](std::size_t self, std::size_t other, GameResult own, bool is_black) {
      table.rows[self].total.add(own);
      (is_black ? table.rows[self].as_black : table.rows[self].as_white).add(own);
      table.against[self][other].add(own);
    };
    add(agent, opponent, result, black);
    add(opponent, agent, reversed(result), !black);
    ++table.games;
    ++table.end_reasons[std::string(to_string(game.reason))];
    ColourWins& wins = table.ends[std::string(to_string(game.reason))];
    ++(result == GameResult::kFault           ? wins.faults
       : game.winner == shogi::Winner::kBlack ? wins.black
       : game.winner == shogi::Winner::kWhite ? wins.white
                                              : wins.drawn);
    if (result == GameResult::kFault)
      ++table.faults_by_text[game.fault];
    else
      table.plies.push_back(game.plies());
    GameRecord outline;  // what pair_counts needs
    outline.pair = game.pair;
    outline.agent_colour = game.agent_colour;
    outline.winner = game.winner;
    outline.reason = game.reason;
    by_pairing[pairing].push_back(std::move(outline));
  }
  for (const auto& one : by_pairing) table.pairs.push_back(pair_counts(one));
  if (players > 0) add_ratings(table, games);
  return table;
}

std::vector<std::size_t> ranking(const MatchTable& table) {
  std::vector<std::size_t> order(table.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // A score says little where not all met the same opponents.
  const bool rated =
      std::all_of(table.rows.begin(), table.rows.end(), [](const MatchRow& row) { return row.elo.has_value(); });
  const auto strength = [&](std::size_t i) {
    const MatchRow& row = table.rows[i];
    return rated ? std::round(100 * *row.elo) : score(row.total).value_or(-1);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return strength(a) > strength(b); });
  return order;
}

}  // namespace keisei::evaluation
