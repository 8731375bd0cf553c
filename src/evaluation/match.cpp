#include "evaluation/match.h"

#include <algorithm>
#include <map>
#include <set>

#include "evaluation/engine_spec.h"
#include "evaluation/game_clock.h"

namespace keisei::evaluation {
namespace {

/// The request that has the match's rules, openings and limits, for one player: what holds for a request's values and
/// for its protocol holds for a match too.
Request request_for(const Match& match, const MatchPlayer& player) {
  Request request;
  request.agent = player.spec;
  request.agent_id = player.id;
  request.opponent = PlayerSpec{};
  request.num_games = 1;
  request.rules = match.rules;
  request.temperature = match.temperature;
  request.openings = match.openings;
  request.seed = match.seed;
  request.timeout_per_game_s = match.timeout_per_game_s;
  return request;
}

tl::unexpected<Error> out_of_bound(const std::string& what, std::size_t value, std::size_t low, std::size_t high) {
  return fail(Code::kUsage, "match: " + what + " " + std::to_string(value) + " is not allowed",
              "allowed: " + std::to_string(low) + " to " + std::to_string(high));
}

int rounds_of(const Match& match) { return (match.games + 1) / 2; }

std::string opening_of(const Match& match, int round) {
  const std::vector<std::string>& listed = match.openings.sfens;
  if (!listed.empty()) return listed[static_cast<std::size_t>(round) % listed.size()];
  return draw_opening(match.seed, static_cast<std::uint64_t>(round), match.openings.random_plies);
}

std::string of_rules(const shogi::Rules& rules) {
  return std::to_string(rules.max_moves) + " moves, rule " + std::string(to_string(rules.declaration));
}

}  // namespace

std::vector<PairingOf> pairings_of(const Match& match) {
  std::vector<PairingOf> pairings;
  const std::size_t players = match.players.size();
  const std::size_t reach = match.neighbours > 0 ? static_cast<std::size_t>(match.neighbours) : players;
  for (std::size_t i = 0; i < players; ++i) {
    for (std::size_t j = i + 1; j < std::min(players, i + reach + 1); ++j) pairings.push_back({i, j});
  }
  return pairings;
}

int games_of(const Match& match) { return match.games * static_cast<int>(pairings_of(match).size()); }

Result<Match> checked(Match match) {
  if (match.players.size() < 2 || match.players.size() > kMaxMatchPlayers)
    return out_of_bound("number of players", match.players.size(), 2, kMaxMatchPlayers);
  if (match.games < 1 || match.games > kMaxGames)
    return fail(Code::kUsage, "match: games " + std::to_string(match.games) + " is not allowed",
                "allowed: 1 to " + std::to_string(kMaxGames) + " for each pairing");
  if (match.neighbours < 0 || match.neighbours > static_cast<int>(kMaxMatchPlayers))
    return fail(Code::kUsage, "match: neighbours " + std::to_string(match.neighbours) + " is not allowed",
                "allowed: 0 (all meet all) to " + std::to_string(kMaxMatchPlayers));
  if (match.neighbours + 1 >= static_cast<int>(match.players.size())) match.neighbours = 0;
  const std::size_t pairings = pairings_of(match).size();
  if (pairings * static_cast<std::size_t>(match.games) > static_cast<std::size_t>(kMaxMatchGames))
    return out_of_bound("number of games in all", pairings * static_cast<std::size_t>(match.games), 1, kMaxMatchGames);
  if (match.adjudication.limit < 0 || match.adjudication.limit > 1 || match.adjudication.moves < 1 ||
      match.adjudication.moves > kMaxAdjudicationMoves)
    return fail(Code::kUsage, "match: the adjudication is not allowed", "allowed: off, or resign=0.95,moves=4");
  for (const MatchPlayer& player : match.players) {
    if (player.spec.kind == PlayerKind::kLive)
      return fail(Code::kUsage, "the player live exists only inside a training", "give a checkpoint or a run");
    // The plan of one game checks every value and every opening; the openings are the same for all players.
    Request request = request_for(match, player);
    if (&player != &match.players.front()) request.openings.sfens.clear();
    if (auto plan = make_plan(request); !plan) return tl::make_unexpected(plan.error());
  }
  match.protocol = protocol_hash(match);
  return match;
}

std::vector<MatchPair> pairs_of(const Match& match) {
  const int pairings = static_cast<int>(pairings_of(match).size());
  std::vector<MatchPair> pairs;
  pairs.reserve(static_cast<std::size_t>(rounds_of(match)) * static_cast<std::size_t>(pairings));
  for (int round = 0; round < rounds_of(match); ++round) {
    for (int pairing = 0; pairing < pairings; ++pairing) {
      const bool half = 2 * round + 1 == match.games;
      pairs.push_back({static_cast<std::uint64_t>(round) * static_cast<std::uint64_t>(pairings) +
                           static_cast<std::uint64_t>(pairing),
                       round, pairing, half ? 1 : 2});
    }
  }
  return pairs;
}

GameRecord planned_game(const Match& match, std::uint64_t number) {
  const std::vector<PairingOf> pairings = pairings_of(match);
  const std::uint64_t pair = number / 2;
  const std::size_t pairing = pair % pairings.size();
  const int round = static_cast<int>(pair / pairings.size());
  const MatchPlayer& agent = match.players[pairings[pairing].agent];
  const MatchPlayer& opponent = match.players[pairings[pairing].opponent];
  GameRecord record;
  record.game = number;
  record.seed = match.seed;
  record.pairing = static_cast<int>(pairing);
  record.pair = round;
  record.opening_sfen = opening_of(match, round);
  record.agent_colour = number % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite;
  record.fault = "not played";
  record.agent = to_string(agent.spec);
  record.opponent = to_string(opponent.spec);
  record.agent_id = agent.id;
  record.opponent_id = opponent.id;
  record.protocol = match.protocol;
  record.rules = match.rules;
  return record;
}

bool is_of(const Match& match, const GameRecord& record) {
  const std::uint64_t pairs = static_cast<std::uint64_t>(kMaxMatchGames);
  if (match.players.size() < 2 || record.game >= 2 * pairs) return false;
  const GameRecord planned = planned_game(match, record.game);
  return record.seed == planned.seed && record.pairing == planned.pairing && record.pair == planned.pair &&
         record.opening_sfen == planned.opening_sfen && record.agent_colour == planned.agent_colour &&
         record.agent == planned.agent && record.opponent == planned.opponent && record.agent_id == planned.agent_id &&
         record.opponent_id == planned.opponent_id && record.protocol == planned.protocol &&
         record.rules.max_moves == planned.rules.max_moves && record.rules.declaration == planned.rules.declaration;
}

std::vector<std::string> differences(const Match& saved, const Match& asked) {
  std::vector<std::string> found;
  const auto compare = [&](const std::string& what, const std::string& was, const std::string& is) {
    if (was != is) found.push_back(what + ": " + is + ", was " + was);
  };
  const auto players = [](const Match& match) {
    std::string text;
    for (const MatchPlayer& player : match.players) {
      const std::string name = to_string(player.spec);
      text += (text.empty() ? "" : " against ") + name;
      if (player.id != name && !player.id.empty()) text += " (" + player.id.substr(0, 12) + ")";
    }
    return text;
  };
  const auto openings = [](const Openings& o) {
    if (o.sfens.empty()) return std::to_string(o.random_plies) + " random plies";
    return std::to_string(o.sfens.size()) + " from a file";
  };
  compare("players", players(saved), players(asked));
  const auto pairings = [](const Match& match) {
    return match.neighbours == 0 ? "all meet all" : std::to_string(match.neighbours) + " neighbours";
  };
  compare("pairings", pairings(saved), pairings(asked));
  compare("seed", std::to_string(saved.seed), std::to_string(asked.seed));
  compare("rules", of_rules(saved.rules), of_rules(asked.rules));
  compare("adjudication", to_string(saved.adjudication), to_string(asked.adjudication));
  compare("openings", openings(saved.openings), openings(asked.openings));
  if (found.empty() && (saved.openings != asked.openings)) found.emplace_back("openings: other positions");
  if (found.empty() && saved.protocol != asked.protocol) found.emplace_back("protocol");
  return found;
}

Result<int> apply_time_control(std::vector<PlayerSpec>& players, std::string_view text) {
  const auto control = parse_time_control(text);
  if (!control) return tl::make_unexpected(control.error());
  int applied = 0;
  for (PlayerSpec& player : players) {
    if (!player.engine || player.engine->limits.is_limited()) continue;
    TimeControl limits = *control;
    if (control->margin_ms == kDefaultMarginMs) limits.margin_ms = player.engine->limits.margin_ms;
    const auto good = check_limits(player.engine->protocol, limits);
    if (!good) return tl::make_unexpected(good.error());
    player.engine->limits = limits;
    ++applied;
  }
  return applied;
}

std::vector<std::string> names_of(const Match& match) {
  std::vector<std::string> names;
  std::map<std::string, std::set<std::string>> meant;  // short name -> what it stands for
  for (const MatchPlayer& player : match.players) {
    std::string name = to_string(player.spec);
    if (player.spec.engine) name = display_name(*player.spec.engine);
    meant[name].insert(to_string(player.spec));
    names.push_back(std::move(name));
  }
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (meant[names[i]].size() > 1) names[i] = to_string(match.players[i].spec);
    const int count = ++seen[names[i]];
    if (count > 1) names[i] += " (" + std::to_string(count) + ")";
  }
  return names;
}

}  // namespace keisei::evaluation
