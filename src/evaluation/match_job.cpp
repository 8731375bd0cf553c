#include "evaluation/match_job.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evaluation/json_fields.h"
#include "evaluation/player_factory.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.match_job/1";
constexpr std::size_t kMaxJobBytes = 64U << 10;
constexpr std::size_t kMaxWordBytes = 256;
constexpr int kGamesOfAPair = 2;

/// The job as a plan of one pairing whose games have the match's numbers.
Plan plan_of(const MatchJob& job) {
  Plan plan;
  plan.seed = job.seed;
  plan.rules = job.rules;
  plan.protocol = job.protocol;
  Pairing pairing;
  pairing.agent = job.agent.spec;
  pairing.opponent = job.opponent.spec;
  pairing.agent_id = job.agent.id;
  pairing.opponent_id = job.opponent.id;
  pairing.rules = job.rules;
  for (const std::uint64_t game : job.games)
    pairing.games.push_back({.game = game,
                             .pair = job.round,
                             .opening_sfen = job.opening_sfen,
                             .agent_colour = game % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite});
  plan.pairings.push_back(std::move(pairing));
  return plan;
}

}  // namespace

MatchJob job_of(const Match& match, const std::vector<std::uint64_t>& games) {
  const GameRecord planned = planned_game(match, games.front());
  const PairingOf pairing = pairings_of(match)[static_cast<std::size_t>(planned.pairing)];
  MatchJob job;
  job.agent = match.players[pairing.agent];
  job.opponent = match.players[pairing.opponent];
  job.seed = match.seed;
  job.rules = match.rules;
  job.temperature = match.temperature;
  job.timeout_per_game_s = match.timeout_per_game_s;
  job.adjudication = match.adjudication;
  job.protocol = match.protocol;
  job.opening_sfen = planned.opening_sfen;
  job.pairing = planned.pairing;
  job.round = planned.pair;
  job.games = games;
  return job;
}

std::string encode(const MatchJob& job) {
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  json["agent"] = to_string(job.agent.spec);
  json["agent_id"] = job.agent.id;
  json["opponent"] = to_string(job.opponent.spec);
  json["opponent_id"] = job.opponent.id;
  json["seed"] = job.seed;
  json["max_moves"] = job.rules.max_moves;
  json["declaration"] = to_string(job.rules.declaration);
  json["temperature"] = job.temperature;
  json["timeout_per_game_s"] = job.timeout_per_game_s;
  json["adjudication"] = to_string(job.adjudication);
  json["protocol"] = job.protocol;
  json["opening"] = job.opening_sfen;
  json["pairing"] = job.pairing;
  json["round"] = job.round;
  json["first_game"] = job.games.empty() ? 0 : job.games.front();
  json["games"] = job.games.size();
  return dump(json);
}

Result<MatchJob> decode_match_job(std::string_view text) {
  JsonFields fields(text, kMaxJobBytes, "match job");
  MatchJob job;
  if (fields.text("schema", kMaxWordBytes) != kSchema) fields.fault("schema", std::string(kSchema));
  job.agent.spec = fields.take("agent", parse_player(fields.text("agent", kMaxPlayerTextBytes)));
  job.agent.id = fields.text("agent_id", kMaxIdBytes);
  job.opponent.spec = fields.take("opponent", parse_player(fields.text("opponent", kMaxPlayerTextBytes)));
  job.opponent.id = fields.text("opponent_id", kMaxIdBytes);
  job.seed = fields.word("seed");
  job.rules.max_moves = static_cast<int>(fields.integer("max_moves", 1, kMaxPlies));
  job.rules.declaration = fields.take("declaration", parse_declaration_rule(fields.text("declaration", kMaxWordBytes)));
  job.temperature = fields.number("temperature", 0, kMaxTemperature);
  job.timeout_per_game_s = fields.number("timeout_per_game_s", 0, kMaxTimeoutS);
  job.adjudication = fields.take("adjudication", parse_adjudication(fields.text("adjudication", kMaxWordBytes)));
  job.protocol = fields.text("protocol", kMaxWordBytes);
  job.opening_sfen = fields.text("opening", kMaxSfenBytes);
  job.pairing = static_cast<int>(fields.integer("pairing", 0, kMaxMatchGames));
  job.round = static_cast<int>(fields.integer("round", 0, kMaxMatchGames));
  const auto first = static_cast<std::uint64_t>(fields.integer("first_game", 0, 2LL * kMaxMatchGames));
  const auto games = static_cast<std::uint64_t>(fields.integer("games", 0, kGamesOfAPair));
  if (first % 2 + games > kGamesOfAPair) fields.fault("games", "those of one pair");
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  for (std::uint64_t i = 0; i < games; ++i) job.games.push_back(first + i);
  return job;
}

std::vector<GameRecord> play_job(const MatchJob& job, shogi::Player& agent, shogi::Player& opponent, const Clock& clock,
                                 const LoopHooks& hooks) {
  const Plan plan = plan_of(job);
  const int side_by_side =
      std::min(concurrent_games(job.agent.spec, kGamesOfAPair), concurrent_games(job.opponent.spec, kGamesOfAPair));
  const LoopOptions options{.max_concurrent_games = side_by_side, .timeout_per_game_s = job.timeout_per_game_s};
  LoopHooks numbered = hooks;
  if (hooks.on_game) {
    numbered.on_game = [&](const GameRecord& played) {
      GameRecord record = played;
      record.pairing = job.pairing;
      hooks.on_game(record);
    };
  }
  std::vector<GameRecord> records;
  if (job.adjudication.on()) {
    const auto [first, second] = adjudicated(agent, opponent, job.adjudication);
    records = play_pairing(plan, 0, *first, *second, options, clock, numbered);
  } else {
    records = play_pairing(plan, 0, agent, opponent, options, clock, numbered);
  }
  for (GameRecord& record : records) record.pairing = job.pairing;
  return records;
}

}  // namespace keisei::evaluation
