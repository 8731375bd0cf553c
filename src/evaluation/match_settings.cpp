// A match as JSON, and the hash of what makes its games comparable.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "config/fnv.h"
#include "evaluation/json_fields.h"
#include "evaluation/match.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.match_settings/1";
constexpr std::size_t kMaxWordBytes = 64;
constexpr std::size_t kMaxRuleBytes = 256;

/// The protocol of one player's games by the match's rules, against one that adds nothing to it.
std::string protocol_of(const Match& match, const PlayerSpec& spec) {
  Request request;
  request.agent = spec;
  request.opponent = PlayerSpec{};
  request.rules = match.rules;
  request.temperature = match.temperature;
  request.openings = match.openings;
  return protocol_text(request);
}

std::string hex(std::uint64_t value) {
  std::array<char, 17> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%016llx", static_cast<unsigned long long>(value));
  return buffer.data();
}

}  // namespace

std::string protocol_hash(const Match& match) {
  std::string text = protocol_of(match, PlayerSpec{});
  std::set<std::string> additions;  // a set: neither order nor number of the players matters
  for (const MatchPlayer& player : match.players) {
    const std::string own = protocol_of(match, player.spec);
    if (own.starts_with(text)) additions.insert(own.substr(text.size()));
  }
  for (const std::string& addition : additions) text += addition;
  if (match.adjudication.on()) text += " adjudication=" + to_string(match.adjudication);
  return hex(config::fnv1a(text));
}

std::string encode(const Match& match) {
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  json["players"] = nlohmann::ordered_json::array();
  json["ids"] = nlohmann::ordered_json::array();
  for (const MatchPlayer& player : match.players) {
    json["players"].push_back(to_string(player.spec));
    json["ids"].push_back(player.id);
  }
  json["games"] = match.games;
  json["neighbours"] = match.neighbours;
  json["stop"] = match.stop;
  json["adjudication"] = to_string(match.adjudication);
  json["max_moves"] = match.rules.max_moves;
  json["declaration"] = to_string(match.rules.declaration);
  json["temperature"] = match.temperature;
  json["opening_plies"] = match.openings.random_plies;
  json["openings"] = match.openings.sfens;
  json["seed"] = match.seed;
  json["timeout_per_game_s"] = match.timeout_per_game_s;
  json["protocol"] = match.protocol;
  return dump(json);
}

Result<Match> decode_match(std::string_view text) {
  JsonFields fields(text, kMaxRequestBytes, "match settings");
  Match match;
  if (fields.text("schema", kMaxWordBytes) != kSchema) fields.fault("schema", std::string(kSchema));
  const auto players = fields.texts("players", kMaxMatchPlayers, kMaxPlayerTextBytes);
  const auto ids = fields.texts("ids", kMaxMatchPlayers, kMaxIdBytes);
  if (players.size() != ids.size()) fields.fault("ids", "one for each player");
  for (std::size_t i = 0; i < players.size() && i < ids.size(); ++i)
    match.players.push_back({fields.take("players", parse_player(players[i])), ids[i]});
  match.games = static_cast<int>(fields.integer("games", 1, kMaxGames));
  if (fields.has("neighbours")) match.neighbours = static_cast<int>(fields.integer("neighbours", 0, kMaxMatchPlayers));
  match.stop = fields.text("stop", kMaxRuleBytes);
  match.adjudication = fields.take("adjudication", parse_adjudication(fields.text("adjudication", kMaxRuleBytes)));
  match.rules.max_moves = static_cast<int>(fields.integer("max_moves", 1, kMaxPlies));
  match.rules.declaration =
      fields.take("declaration", parse_declaration_rule(fields.text("declaration", kMaxWordBytes)));
  match.temperature = fields.number("temperature", 0, kMaxTemperature);
  match.openings.random_plies = static_cast<int>(fields.integer("opening_plies", 0, kMaxOpeningPlies));
  match.openings.sfens = fields.texts("openings", kMaxOpenings, kMaxSfenBytes);
  match.seed = fields.word("seed");
  match.timeout_per_game_s = fields.number("timeout_per_game_s", 0, kMaxTimeoutS);
  const std::string protocol = fields.text("protocol", kMaxWordBytes);
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  auto good = checked(std::move(match));
  if (!good) return fail(Code::kBadData, good.error().message, good.error().hint);
  if (protocol != good->protocol)
    return fail(Code::kBadData, "match settings: the protocol " + protocol + " is not that of these settings",
                "they were changed, or written by another version");
  return good;
}

}  // namespace keisei::evaluation
