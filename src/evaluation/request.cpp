#include "evaluation/request.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "evaluation/json_fields.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.evaluation_request/1";
constexpr std::string_view kSingleOpponent = "single_opponent";
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::string_view kPrecision = "float32";

tl::unexpected<Error> out_of_bound(const std::string& name, const std::string& value, const std::string& allowed) {
  return fail(Code::kUsage, "evaluation: " + name + " " + value + " is not allowed", "allowed: " + allowed);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
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

}  // namespace

Result<void> validate(const Request& request) {
  const std::array<std::string, 5> strategies{std::string(kSingleOpponent), "tournament", "ladder", "benchmark",
                                              "custom"};
  if (std::find(strategies.begin(), strategies.end(), request.strategy) == strategies.end()) {
    return fail(Code::kUsage, "unknown evaluation strategy \"" + request.strategy.substr(0, kMaxNameBytes) + "\"",
                allowed_hint(request.strategy, strategies));
  }
  if (request.strategy != kSingleOpponent) {
    return fail(Code::kUsage, "evaluation strategy " + request.strategy + " is not available",
                "this build has single_opponent");
  }
  for (const PlayerSpec* player : {&request.agent, &request.opponent}) {
    if (const auto known = parse_player(to_string(*player)); !known) return tl::make_unexpected(known.error());
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
  return {};
}

std::string encode(const Request& request) {
  nlohmann::ordered_json json;
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
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  if (auto good = validate(request); !good) return tl::make_unexpected(good.error());
  return request;
}

std::string player_id(const PlayerSpec& spec, const std::string& id) {
  if (!id.empty()) return id;
  return spec.is_builtin() || spec.kind == PlayerKind::kMaterial ? to_string(spec) : std::string{};
}

std::string protocol_text(const Request& request) {
  std::string text = "max_moves=" + std::to_string(request.rules.max_moves) +
                     " declaration=" + std::string(to_string(request.rules.declaration));
  if (request.openings.sfens.empty()) {
    text += " openings=random:" + std::to_string(request.openings.random_plies);
  } else {
    std::set<std::string> sorted(request.openings.sfens.begin(), request.openings.sfens.end());
    std::string joined;
    for (const std::string& sfen : sorted) joined += sfen + "\n";
    text += " openings=list:" + hex(fnv1a(joined));
  }
  std::set<std::string> networks;  // a set: which of the two is the agent does not matter
  for (const PlayerSpec* player : {&request.agent, &request.opponent}) {
    if (!player->is_network()) continue;
    networks.insert("simulations=" + std::to_string(player->simulations.value_or(0)) +
                    ",temperature=" + text_of(player->temperature.value_or(request.temperature)) +
                    ",precision=" + std::string(kPrecision));
  }
  for (const std::string& network : networks) text += " network=" + network;
  return text;
}

std::string protocol_hash(const Request& request) { return hex(fnv1a(protocol_text(request))); }

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
