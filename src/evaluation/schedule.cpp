#include "evaluation/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace keisei::evaluation {
namespace {

std::string digits(double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.0f", value);
  return buffer.data();
}

/// Number of the player in the schedule, which takes it in where it is not there yet.
int number_of(Schedule& schedule, const Opponent& player) {
  auto& players = schedule.players;
  const auto found = std::find(players.begin() + 1, players.end(), player);
  if (found != players.end()) return static_cast<int>(found - players.begin());
  players.push_back(player);
  return static_cast<int>(players.size()) - 1;
}

/// Gives each pairing its games: the fixed number, or the request's in even parts.
void share_games(Schedule& schedule, const Request& request) {
  const int fixed = request.tournament.num_games_per_opponent;
  const std::vector<int> parts = spread(request.num_games, static_cast<int>(schedule.pairings.size()));
  for (std::size_t i = 0; i < schedule.pairings.size(); ++i) schedule.pairings[i].games = fixed > 0 ? fixed : parts[i];
}

void meet_all(Schedule& schedule, bool between_opponents) {
  const int players = static_cast<int>(schedule.players.size());
  for (int first = 0; first < (between_opponents ? players : 1); ++first) {
    for (int second = first + 1; second < players; ++second) schedule.pairings.push_back({first, second, 0, -1});
  }
}

void add_cases(Schedule& schedule, const Request& request) {
  for (std::size_t i = 0; i < request.suite.size(); ++i) {
    const SuiteCase& entry = request.suite[i];
    const bool tsume = entry.kind == SuiteCase::Kind::kTsume;
    const int second =
        tsume ? kNoPlayer : number_of(schedule, {entry.opponent, player_id(entry.opponent, entry.opponent_id)});
    schedule.pairings.push_back({0, second, tsume ? 1 : entry.games, static_cast<int>(i)});
  }
}

void add_ladder(Schedule& schedule, const Request& request) {
  const std::span<const Opponent> candidates = std::span(schedule.players).subspan(1);
  schedule.ladder = choose_opponents(request.ladder, schedule.players[0].id, candidates);
  for (std::size_t i = 0; i < schedule.ladder.size(); ++i) {
    if (!schedule.ladder[i].chosen) continue;
    schedule.pairings.push_back({0, static_cast<int>(i) + 1, request.ladder.num_games_per_match, -1});
  }
}

void add_custom(Schedule& schedule, const Request& request) {
  if (request.custom.plan == CustomPlan::kSequence) {
    for (const SequenceStep& step : request.custom.sequence) {
      schedule.pairings.push_back({step.first, step.second, step.games, -1});
    }
    return;
  }
  schedule.until_first_loss = request.custom.plan == CustomPlan::kSingleElimination;
  meet_all(schedule, !schedule.until_first_loss);
  share_games(schedule, request);
}

}  // namespace

std::int64_t Schedule::games() const {
  return std::accumulate(pairings.begin(), pairings.end(), std::int64_t{0},
                         [](std::int64_t sum, const ScheduledPairing& pairing) { return sum + pairing.games; });
}

std::vector<int> spread(int total, int parts) {
  std::vector<int> shares;
  for (int i = 0; i < parts; ++i) shares.push_back(total / parts + (i < total % parts ? 1 : 0));
  return shares;
}

std::string rating_key(const Opponent& player) { return player.id.empty() ? to_string(player.spec) : player.id; }

std::vector<LadderChoice> choose_opponents(const LadderOptions& ladder, const std::string& agent_id,
                                           std::span<const Opponent> opponents) {
  const double own = ladder.elo.rating(agent_id);
  std::vector<LadderChoice> choices;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < opponents.size(); ++i) {
    const std::string key = rating_key(opponents[i]);
    choices.push_back({to_string(opponents[i].spec), opponents[i].id, ladder.elo.rating(key), false, {}});
    if (!agent_id.empty() && key == agent_id) {
      choices.back().why = "the agent itself";
    } else {
      order.push_back(i);
    }
  }
  const auto distance = [&](std::size_t i) { return std::abs(choices[i].rating - own); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return distance(a) < distance(b); });
  const auto most = static_cast<std::size_t>(ladder.num_opponents_per_evaluation);
  for (std::size_t place = 0; place < order.size(); ++place) {
    LadderChoice& choice = choices[order[place]];
    const std::string away = digits(distance(order[place])) + " from the agent's " + digits(own);
    const bool in_range = distance(order[place]) <= ladder.rating_match_range;
    choice.chosen = place < most && (in_range || place == 0);
    choice.why = away + (in_range && choice.chosen ? ", within the range of " + digits(ladder.rating_match_range)
                         : choice.chosen           ? ", the nearest although out of range"
                         : in_range                ? ", but " + std::to_string(most) + " are nearer"
                                                   : ", out of range");
  }
  return choices;
}

Schedule make_schedule(const Request& request) {
  Schedule schedule;
  schedule.players.push_back({request.agent, player_id(request.agent, request.agent_id)});
  if (request.strategy == "single_opponent") {
    schedule.players.push_back({request.opponent, player_id(request.opponent, request.opponent_id)});
    schedule.pairings.push_back({0, 1, request.num_games, -1});
    return schedule;
  }
  for (const Opponent& opponent : request.opponents) {
    schedule.players.push_back({opponent.spec, player_id(opponent.spec, opponent.id)});
  }
  if (request.strategy == "tournament") {
    meet_all(schedule, request.tournament.between_opponents);
    share_games(schedule, request);
  } else if (request.strategy == "ladder") {
    add_ladder(schedule, request);
  } else if (request.strategy == "benchmark") {
    add_cases(schedule, request);
  } else if (request.strategy == "custom") {
    add_custom(schedule, request);
  }
  return schedule;
}

}  // namespace keisei::evaluation
