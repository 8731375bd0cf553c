#include "evaluation/plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/random.h"
#include "shogi/players.h"

namespace keisei::evaluation {
namespace {

Result<std::vector<std::string>> checked_openings(const Request& request) {
  std::vector<std::string> openings;
  for (std::size_t i = 0; i < request.openings.sfens.size(); ++i) {
    const std::string where = "opening " + std::to_string(i + 1);
    const auto position = shogi::Position::from_sfen(request.openings.sfens[i]);
    if (!position) return fail(Code::kUsage, where + ": " + position.error().message, position.error().hint);
    if (const auto outcome = position->outcome(request.rules)) {
      return fail(Code::kUsage, where + ": the game is over there by " + std::string(shogi::to_string(outcome->reason)),
                  "an opening needs a legal move");
    }
    openings.push_back(position->sfen());
  }
  return openings;
}

/// Random plies from the start position; nothing when the game ends or the material is out of balance.
std::optional<shogi::Position> try_opening(Random random, int plies) {
  shogi::Position position = shogi::Position::start();
  constexpr shogi::Rules kNoLimit{.max_moves = 0, .declaration = shogi::DeclarationRule::kNone};
  shogi::MoveList moves;
  for (int ply = 0; ply < plies; ++ply) {
    position.legal_moves(moves);
    position.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
    if (position.outcome(kNoLimit)) return std::nullopt;
  }
  const double difference =
      shogi::material(position, shogi::Color::kBlack) - shogi::material(position, shogi::Color::kWhite);
  if (std::abs(difference) > kMaxOpeningImbalance || position.mate_in_one()) return std::nullopt;
  return position;
}

}  // namespace

int Plan::games() const {
  std::size_t sum = 0;
  for (const Pairing& pairing : pairings) sum += pairing.games.size();
  return static_cast<int>(sum);
}

std::string draw_opening(std::uint64_t seed, std::uint64_t index, int plies) {
  for (std::uint64_t attempt = 0; attempt < static_cast<std::uint64_t>(kMaxOpeningDraws); ++attempt) {
    if (const auto position = try_opening(Random(seed, Purpose::kOpening, index, attempt), plies)) {
      return position->sfen();
    }
  }
  return shogi::Position::start().sfen();
}

Result<Plan> make_plan(const Request& request) {
  if (auto good = validate(request); !good) return tl::make_unexpected(good.error());
  const auto listed = checked_openings(request);
  if (!listed) return tl::make_unexpected(listed.error());
  Plan plan;
  plan.seed = request.seed;
  plan.rules = request.rules;
  plan.protocol = protocol_hash(request);
  Pairing pairing{.agent = request.agent,
                  .opponent = request.opponent,
                  .agent_id = player_id(request.agent, request.agent_id),
                  .opponent_id = player_id(request.opponent, request.opponent_id),
                  .games = {}};
  std::string opening;
  for (int i = 0; i < request.num_games; ++i) {
    const int pair = i / 2;
    const bool first = i % 2 == 0;
    if (first) {
      opening = listed->empty()
                    ? draw_opening(request.seed, static_cast<std::uint64_t>(pair), request.openings.random_plies)
                    : (*listed)[static_cast<std::size_t>(pair) % listed->size()];
    }
    pairing.games.push_back({.game = static_cast<std::uint64_t>(i),
                             .pair = pair,
                             .opening_sfen = opening,
                             .agent_colour = first ? shogi::Color::kBlack : shogi::Color::kWhite});
  }
  plan.pairings.push_back(std::move(pairing));
  return plan;
}

GameRecord blank_record(const Plan& plan, std::size_t pairing, const PlannedGame& game) {
  const Pairing& players = plan.pairings[pairing];
  GameRecord record;
  record.game = game.game;
  record.seed = plan.seed;
  record.pairing = static_cast<int>(pairing);
  record.pair = game.pair;
  record.opening_sfen = game.opening_sfen;
  record.agent_colour = game.agent_colour;
  record.fault = "not played";
  record.agent = to_string(players.agent);
  record.opponent = to_string(players.opponent);
  record.agent_id = players.agent_id;
  record.opponent_id = players.opponent_id;
  record.protocol = plan.protocol;
  record.rules = plan.rules;
  return record;
}

bool is_planned(const Plan& plan, const GameRecord& record) {
  const auto pairing = static_cast<std::size_t>(record.pairing);
  if (record.pairing < 0 || pairing >= plan.pairings.size()) return false;
  const std::vector<PlannedGame>& games = plan.pairings[pairing].games;
  if (games.empty() || record.game < games.front().game || record.game - games.front().game >= games.size())
    return false;
  const GameRecord planned = blank_record(plan, pairing, games[record.game - games.front().game]);
  return record.game == planned.game && record.seed == planned.seed && record.pair == planned.pair &&
         record.opening_sfen == planned.opening_sfen && record.agent_colour == planned.agent_colour &&
         record.agent == planned.agent && record.opponent == planned.opponent && record.agent_id == planned.agent_id &&
         record.opponent_id == planned.opponent_id && record.protocol == planned.protocol &&
         record.rules.max_moves == planned.rules.max_moves && record.rules.declaration == planned.rules.declaration;
}

std::vector<GameRecord> account_for_all(const Plan& plan, std::vector<GameRecord> played, EndReason reason,
                                        const std::string& fault) {
  std::map<std::uint64_t, GameRecord*> by_game;
  for (GameRecord& record : played) {
    if (is_planned(plan, record)) by_game.emplace(record.game, &record);
  }
  std::vector<GameRecord> all;
  all.reserve(static_cast<std::size_t>(plan.games()));
  for (std::size_t i = 0; i < plan.pairings.size(); ++i) {
    for (const PlannedGame& game : plan.pairings[i].games) {
      const auto found = by_game.find(game.game);
      if (found != by_game.end()) {
        all.push_back(std::move(*found->second));
        continue;
      }
      GameRecord record = blank_record(plan, i, game);
      record.reason = is_fault(reason) ? reason : EndReason::kNotPlayed;
      if (!fault.empty()) record.fault = fault.substr(0, kMaxFaultBytes);
      all.push_back(std::move(record));
    }
  }
  return all;
}

}  // namespace keisei::evaluation
