#include "evaluation/request.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

#include "config/fnv.h"
#include "evaluation/schedule.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSingleOpponent = "single_opponent";
constexpr std::string_view kPrecision = "float32";

tl::unexpected<Error> out_of_bound(const std::string& name, const std::string& value, const std::string& allowed) {
  return fail(Code::kUsage, "evaluation: " + name + " " + value + " is not allowed", "allowed: " + allowed);
}

std::string hex(std::uint64_t value) {
  std::array<char, 17> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%016llx", static_cast<unsigned long long>(value));
  return buffer.data();
}

std::string text_of(double value) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.17g", value);
  return buffer.data();
}

Result<void> check_player(const PlayerSpec& player) {
  if (const auto known = parse_player(to_string(player)); !known) return tl::make_unexpected(known.error());
  return {};
}

Result<void> check_whole(const char* name, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value >= low && value <= high) return {};
  return out_of_bound(name, std::to_string(value), std::to_string(low) + " to " + std::to_string(high));
}

Result<void> check_opponents(const Request& request) {
  const bool takes_list =
      request.strategy == "tournament" || request.strategy == "ladder" || request.strategy == "custom";
  if (takes_list && request.opponents.empty()) {
    return fail(Code::kUsage, "evaluation strategy " + request.strategy + " has no opponents",
                "name at least one player");
  }
  if (!takes_list && !request.opponents.empty()) {
    return fail(Code::kUsage, "evaluation strategy " + request.strategy + " takes no list of opponents",
                request.strategy == kSingleOpponent ? "name one opponent" : "its cases name their opponents");
  }
  if (auto good =
          check_whole("number of opponents", static_cast<std::int64_t>(request.opponents.size()), 0, kMaxOpponents);
      !good) {
    return good;
  }
  for (const Opponent& opponent : request.opponents) {
    if (auto good = check_player(opponent.spec); !good) return good;
    if (opponent.id.size() > kMaxIdBytes) {
      return out_of_bound("weights id", "", "at most " + std::to_string(kMaxIdBytes) + " bytes");
    }
  }
  return {};
}

Result<void> check_ladder(const Request& request) {
  const LadderOptions& ladder = request.ladder;
  if (!(ladder.rating_match_range >= 0) || !(ladder.rating_match_range <= kMaxRatingMagnitude)) {
    return out_of_bound("rating_match_range", text_of(ladder.rating_match_range), "0 to 1000000 Elo");
  }
  if (!(ladder.elo.k > 0) || !(ladder.elo.k <= kMaxEloFactor)) {
    return out_of_bound("elo_k_factor", text_of(ladder.elo.k), "above 0, at most 1000");
  }
  bool finite = std::abs(ladder.elo.initial) <= kMaxRatingMagnitude;
  for (const auto& [id, rating] : ladder.elo.ratings) finite = finite && std::abs(rating) <= kMaxRatingMagnitude;
  if (!finite || ladder.elo.ratings.size() > static_cast<std::size_t>(kMaxLadderRatings)) {
    return out_of_bound("table of ratings", "", "at most 10000 ratings, each from -1000000 to 1000000");
  }
  if (auto good = check_whole("num_opponents_per_evaluation", ladder.num_opponents_per_evaluation, 1, kMaxOpponents);
      !good) {
    return good;
  }
  return check_whole("num_games_per_match", ladder.num_games_per_match, 1, kMaxGames);
}

Result<void> check_suite(const Request& request) {
  if (request.strategy != "benchmark") {
    if (request.suite.empty()) return {};
    return fail(Code::kUsage, "evaluation strategy " + request.strategy + " takes no suite",
                "leave it out, or take strategy benchmark");
  }
  if (request.suite.empty()) return fail(Code::kUsage, "evaluation strategy benchmark has no suite", "give one");
  if (auto good = check_whole("number of cases", static_cast<std::int64_t>(request.suite.size()), 1, kMaxSuiteCases);
      !good) {
    return good;
  }
  std::set<std::string_view> ids;
  for (const SuiteCase& entry : request.suite) {
    if (auto good = validate(entry); !good) return good;
    if (!ids.insert(entry.id).second) return fail(Code::kUsage, "two cases have the id \"" + entry.id + "\"");
  }
  return {};
}

Result<void> check_sequence(const Request& request) {
  const CustomOptions& custom = request.custom;
  const bool is_sequence = request.strategy == "custom" && custom.plan == CustomPlan::kSequence;
  if (is_sequence == custom.sequence.empty()) {
    return fail(Code::kUsage, is_sequence ? "a custom sequence has no pairing" : "a sequence is given but not played",
                "strategy custom with plan sequence needs pairings, all else takes none");
  }
  if (custom.sequence.size() > static_cast<std::size_t>(kMaxSequenceSteps)) {
    return out_of_bound("number of pairings", std::to_string(custom.sequence.size()), "at most 10000");
  }
  const auto players = static_cast<int>(request.opponents.size());
  for (const SequenceStep& step : custom.sequence) {
    const bool known = step.first >= 0 && step.second >= 0 && step.first <= players && step.second <= players;
    if (!known || step.first == step.second) {
      return out_of_bound("pairing", std::to_string(step.first) + " - " + std::to_string(step.second),
                          "two different players, 0 = the agent to " + std::to_string(players));
    }
    if (auto good = check_whole("games of a pairing", step.games, 1, kMaxGames); !good) return good;
  }
  return {};
}

/// A stop rule ends matches; where the number of games is part of what is asked, there is nothing to stop.
Result<void> check_stop(const Request& request) {
  if (request.stop.kind == StopRule::Kind::kNone) return {};
  const bool elimination = request.strategy == "custom" && request.custom.plan == CustomPlan::kSingleElimination;
  if (request.strategy == "ladder" || request.strategy == "benchmark" || elimination) {
    return fail(Code::kUsage, "a stop rule does not go with " + (elimination ? "single_elimination" : request.strategy),
                "leave stop_when out");
  }
  return validate(request.stop);
}

Result<void> check_schedule(const Request& request) {
  const Schedule schedule = make_schedule(request);
  if (request.strategy == "ladder" && schedule.pairings.empty()) {
    return fail(Code::kUsage, "the ladder has no opponent but the agent itself", "name another player");
  }
  for (const ScheduledPairing& pairing : schedule.pairings) {
    if (pairing.games > 0) continue;
    return fail(Code::kUsage,
                "evaluation: num_games " + std::to_string(request.num_games) + " is fewer than the " +
                    std::to_string(schedule.pairings.size()) + " pairings",
                "allowed: at least one game a pairing");
  }
  return check_whole("number of games in all", schedule.games(), 1, kMaxGames);
}

}  // namespace

Result<void> validate(const Request& request) {
  const std::array<std::string, 5> strategies{std::string(kSingleOpponent), "tournament", "ladder", "benchmark",
                                              "custom"};
  if (std::find(strategies.begin(), strategies.end(), request.strategy) == strategies.end()) {
    return fail(Code::kUsage, "unknown evaluation strategy \"" + request.strategy.substr(0, kMaxNameBytes) + "\"",
                allowed_hint(request.strategy, strategies));
  }
  for (const PlayerSpec* player : {&request.agent, &request.opponent}) {
    if (auto good = check_player(*player); !good) return good;
  }
  if (request.num_games < 1 || request.num_games > kMaxGames) {
    return out_of_bound("num_games", std::to_string(request.num_games), "1 to " + std::to_string(kMaxGames));
  }
  if (request.rules.max_moves < 1 || request.rules.max_moves > kMaxPlies) {
    return out_of_bound("max_moves_per_game", std::to_string(request.rules.max_moves),
                        "1 to " + std::to_string(kMaxPlies));
  }
  if (!std::isfinite(request.temperature) || request.temperature < 0 || request.temperature > kMaxTemperature) {
    return out_of_bound("temperature", text_of(request.temperature), "0 to 100");
  }
  if (!std::isfinite(request.timeout_per_game_s) || request.timeout_per_game_s < 0 ||
      request.timeout_per_game_s > kMaxTimeoutS) {
    return out_of_bound("timeout_per_game", text_of(request.timeout_per_game_s), "0 (no limit) to 1000000 s");
  }
  if (request.max_concurrent_games < 1 || request.max_concurrent_games > kMaxConcurrentGames) {
    return out_of_bound("max_concurrent_games", std::to_string(request.max_concurrent_games),
                        "1 to " + std::to_string(kMaxConcurrentGames));
  }
  if (request.openings.random_plies < 0 || request.openings.random_plies > kMaxOpeningPlies) {
    return out_of_bound("opening_plies", std::to_string(request.openings.random_plies),
                        "0 to " + std::to_string(kMaxOpeningPlies));
  }
  if (request.openings.sfens.size() > static_cast<std::size_t>(kMaxOpenings)) {
    return out_of_bound("number of openings", std::to_string(request.openings.sfens.size()),
                        "at most " + std::to_string(kMaxOpenings));
  }
  for (const std::string& sfen : request.openings.sfens) {
    if (sfen.size() > kMaxSfenBytes) {
      return out_of_bound("opening", "\"" + sfen.substr(0, 80) + "...\"",
                          "an SFEN of at most " + std::to_string(kMaxSfenBytes) + " bytes");
    }
  }
  if (request.agent_id.size() > kMaxIdBytes || request.opponent_id.size() > kMaxIdBytes) {
    return out_of_bound("weights id", "", "at most " + std::to_string(kMaxIdBytes) + " bytes");
  }
  if (auto good = check_whole("num_games_per_opponent", request.tournament.num_games_per_opponent, 0, kMaxGames);
      !good) {
    return good;
  }
  for (const auto check : {check_opponents, check_ladder, check_suite, check_sequence, check_stop, check_schedule}) {
    if (auto good = check(request); !good) return good;
  }
  return {};
}

void visit_players(Request& request, const std::function<void(PlayerSpec& spec, std::string& id)>& visit) {
  visit(request.agent, request.agent_id);
  if (request.strategy == kSingleOpponent) visit(request.opponent, request.opponent_id);
  for (Opponent& opponent : request.opponents) visit(opponent.spec, opponent.id);
  for (SuiteCase& entry : request.suite) {
    if (entry.kind == SuiteCase::Kind::kGame) visit(entry.opponent, entry.opponent_id);
  }
}

std::string player_id(const PlayerSpec& spec, const std::string& id) {
  if (!id.empty()) return id.find('?') == std::string::npos ? id + options_text(spec) : id;
  if (spec.engine) return engine_identity(*spec.engine);
  return spec.is_builtin() || spec.kind == PlayerKind::kMaterial ? to_string(spec) : std::string{};
}

std::string_view weights_id_of(std::string_view player_id) { return player_id.substr(0, player_id.find('?')); }

std::string protocol_text(const Request& request) {
  std::string text = "max_moves=" + std::to_string(request.rules.max_moves) +
                     " declaration=" + std::string(to_string(request.rules.declaration));
  std::set<std::string> starts(request.openings.sfens.begin(), request.openings.sfens.end());
  for (const SuiteCase& entry : request.suite) starts.insert(entry.sfen);
  if (request.strategy != "benchmark" && request.openings.sfens.empty()) {
    text += " openings=random:" + std::to_string(request.openings.random_plies);
  } else {
    std::string joined;
    for (const std::string& sfen : starts) joined += sfen + "\n";
    text += " openings=list:" + hex(config::fnv1a(joined));
  }
  std::set<std::string> networks;  // a set: which of them is the agent does not matter
  const auto add = [&](const PlayerSpec& player) {
    if (!player.is_network()) return;
    networks.insert("simulations=" + std::to_string(player.simulations.value_or(0)) +
                    ",temperature=" + text_of(player.temperature.value_or(request.temperature)) +
                    ",precision=" + std::string(kPrecision));
  };
  add(request.agent);
  if (request.strategy == kSingleOpponent) add(request.opponent);
  for (const Opponent& opponent : request.opponents) add(opponent.spec);
  for (const SuiteCase& entry : request.suite) add(entry.opponent);
  for (const std::string& network : networks) text += " network=" + network;
  return text;
}

std::string protocol_hash(const Request& request) { return hex(config::fnv1a(protocol_text(request))); }

std::string_view to_string(shogi::DeclarationRule rule) {
  switch (rule) {
    case shogi::DeclarationRule::k27:
      return "27";
    case shogi::DeclarationRule::k24:
      return "24";
    case shogi::DeclarationRule::kNone:
      break;
  }
  return "none";
}

Result<shogi::DeclarationRule> parse_declaration_rule(std::string_view text) {
  if (text == "27") return shogi::DeclarationRule::k27;
  if (text == "24") return shogi::DeclarationRule::k24;
  if (text == "none") return shogi::DeclarationRule::kNone;
  return fail(Code::kUsage, "unknown declaration rule \"" + std::string(text.substr(0, kMaxNameBytes)) + "\"",
              "allowed: 27, 24, none");
}

}  // namespace keisei::evaluation
