#include <nlohmann/json.hpp>

#include "evaluation/json_fields.h"
#include "evaluation/request.h"
#include "evaluation/suite_fields.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.evaluation_request/1";
constexpr std::size_t kMaxRuleBytes = 256;

using Json = nlohmann::ordered_json;

void add_strategies(Json& json, const Request& request) {
  Json& opponents = json["opponents"] = Json::array();
  for (const Opponent& opponent : request.opponents) {
    opponents.push_back(Json{{"player", to_string(opponent.spec)}, {"id", opponent.id}});
  }
  json["tournament"] = Json{{"num_games_per_opponent", request.tournament.num_games_per_opponent},
                            {"between_opponents", request.tournament.between_opponents}};
  const LadderOptions& ladder = request.ladder;
  Json& rungs = json["ladder"];
  rungs["rating_match_range"] = ladder.rating_match_range;
  rungs["num_opponents_per_evaluation"] = ladder.num_opponents_per_evaluation;
  rungs["num_games_per_match"] = ladder.num_games_per_match;
  rungs["elo_k_factor"] = ladder.elo.k;
  rungs["elo_initial_rating"] = ladder.elo.initial;
  rungs["ratings"] = Json::object();
  for (const auto& [id, rating] : ladder.elo.ratings) rungs["ratings"][id] = rating;
  Json& suite = json["suite"] = Json::array();
  for (const SuiteCase& entry : request.suite) suite.push_back(Json::parse(encode(entry)));
  Json& custom = json["custom"];
  custom["plan"] = to_string(request.custom.plan);
  custom["sequence"] = Json::array();
  for (const SequenceStep& step : request.custom.sequence) {
    custom["sequence"].push_back(Json{{"first", step.first}, {"second", step.second}, {"games", step.games}});
  }
  json["stop_when"] = to_string(request.stop);
}

void read_ladder(JsonFields& fields, LadderOptions& ladder) {
  ladder.rating_match_range = fields.number("rating_match_range", 0, kMaxRatingMagnitude);
  ladder.num_opponents_per_evaluation =
      static_cast<int>(fields.integer("num_opponents_per_evaluation", 1, kMaxOpponents));
  ladder.num_games_per_match = static_cast<int>(fields.integer("num_games_per_match", 1, kMaxGames));
  ladder.elo.k = fields.number("elo_k_factor", 0, kMaxEloFactor);
  ladder.elo.initial = fields.number("elo_initial_rating", -kMaxRatingMagnitude, kMaxRatingMagnitude);
  ladder.elo.ratings =
      fields.table("ratings", kMaxLadderRatings, kMaxPlayerTextBytes, -kMaxRatingMagnitude, kMaxRatingMagnitude);
}

void read_custom(JsonFields& fields, CustomOptions& custom) {
  custom.plan = fields.take("plan", parse_custom_plan(fields.text("plan", kMaxNameBytes)));
  fields.objects("sequence", kMaxSequenceSteps, [&](JsonFields& step) {
    custom.sequence.push_back({static_cast<int>(step.integer("first", 0, kMaxOpponents)),
                               static_cast<int>(step.integer("second", 0, kMaxOpponents)),
                               static_cast<int>(step.integer("games", 1, kMaxGames))});
  });
}

void read_strategies(JsonFields& fields, Request& request) {
  fields.objects("opponents", kMaxOpponents, [&](JsonFields& opponent) {
    auto spec = opponent.take("player", parse_player(opponent.text("player", kMaxPlayerTextBytes)));
    request.opponents.push_back({std::move(spec), opponent.text("id", kMaxIdBytes)});
  });
  fields.object("tournament", [&](JsonFields& tournament) {
    request.tournament = {static_cast<int>(tournament.integer("num_games_per_opponent", 0, kMaxGames)),
                          tournament.flag("between_opponents")};
  });
  fields.object("ladder", [&](JsonFields& ladder) { read_ladder(ladder, request.ladder); });
  fields.objects("suite", kMaxSuiteCases, [&](JsonFields& entry) { request.suite.push_back(read_case(entry)); });
  fields.object("custom", [&](JsonFields& custom) { read_custom(custom, request.custom); });
  request.stop = fields.take("stop_when", parse_stop_rule(fields.text("stop_when", kMaxRuleBytes)));
}

}  // namespace

std::string encode(const Request& request) {
  Json json;
  json["schema"] = kSchema;
  json["strategy"] = request.strategy;
  json["agent"] = to_string(request.agent);
  json["opponent"] = to_string(request.opponent);
  json["agent_id"] = request.agent_id;
  json["opponent_id"] = request.opponent_id;
  json["num_games"] = request.num_games;
  json["max_moves"] = request.rules.max_moves;
  json["declaration"] = to_string(request.rules.declaration);
  json["temperature"] = request.temperature;
  json["opening_plies"] = request.openings.random_plies;
  json["openings"] = request.openings.sfens;
  json["seed"] = request.seed;
  json["timeout_per_game_s"] = request.timeout_per_game_s;
  json["max_concurrent_games"] = request.max_concurrent_games;
  add_strategies(json, request);
  return dump(json);
}

Result<Request> decode_request(std::string_view json) {
  JsonFields fields(json, kMaxRequestBytes, "evaluation request");
  Request request;
  if (fields.text("schema", kMaxNameBytes) != kSchema) fields.fault("schema", std::string(kSchema));
  request.strategy = fields.text("strategy", kMaxNameBytes);
  request.agent = fields.take("agent", parse_player(fields.text("agent", kMaxPlayerTextBytes)));
  request.opponent = fields.take("opponent", parse_player(fields.text("opponent", kMaxPlayerTextBytes)));
  request.agent_id = fields.text("agent_id", kMaxIdBytes);
  request.opponent_id = fields.text("opponent_id", kMaxIdBytes);
  request.num_games = static_cast<int>(fields.integer("num_games", 1, kMaxGames));
  request.rules.max_moves = static_cast<int>(fields.integer("max_moves", 1, kMaxPlies));
  request.rules.declaration =
      fields.take("declaration", parse_declaration_rule(fields.text("declaration", kMaxNameBytes)));
  request.temperature = fields.number("temperature", 0, kMaxTemperature);
  request.openings.random_plies = static_cast<int>(fields.integer("opening_plies", 0, kMaxOpeningPlies));
  request.openings.sfens = fields.texts("openings", kMaxOpenings, kMaxSfenBytes);
  request.seed = fields.word("seed");
  request.timeout_per_game_s = fields.number("timeout_per_game_s", 0, kMaxTimeoutS);
  request.max_concurrent_games = static_cast<int>(fields.integer("max_concurrent_games", 1, kMaxConcurrentGames));
  read_strategies(fields, request);
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  if (auto good = validate(request); !good) return tl::make_unexpected(good.error());
  return request;
}

}  // namespace keisei::evaluation
