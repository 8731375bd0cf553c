// A match as keisei.match/1.
#include <cmath>
#include <nlohmann/json.hpp>

#include "evaluation/anytime.h"
#include "evaluation/json_fields.h"
#include "evaluation/match_report.h"
#include "evaluation/note_fields.h"
#include "evaluation/sprt.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;

Json number(std::optional<double> value) { return value && std::isfinite(*value) ? Json(*value) : Json(nullptr); }

Json interval(const std::optional<Interval>& value) {
  return value ? Json::array({number(value->low), number(value->high)}) : Json(nullptr);
}
Json interval(const OpenInterval& value) {
  return !value.low && !value.high ? Json(nullptr) : Json::array({number(value.low), number(value.high)});
}

void add_tally(Json& json, const Tally& t) {
  json["games"] = t.games();
  json["wins"] = t.wins;
  json["losses"] = t.losses;
  json["draws"] = t.draws;
  json["faults"] = t.faults;
  json["score"] = number(score(t));
  json["score_ci95"] = interval(score_interval(t));
}

Json tally(const Tally& t) {
  Json json;
  add_tally(json, t);
  return json;
}

/// Everything that is said of two players, seen from the first.
void add_comparison(Json& json, const Tally& t, const PairCounts& pairs) {
  add_tally(json, t);
  json["elo"] = number(elo(t));
  json["elo_ci95"] = interval(elo_interval(t));
  json["los"] = number(los(t));
  json["pairs"] = pairs;
  json["score_ci95_pairs"] = interval(pair_interval(pairs));
  json["score_ci95_anytime"] = interval(std::optional(anytime_interval(pairs)));
  const auto normalised = normalised_elo(pairs);
  json["normalised_elo"] = normalised ? Json(normalised->elo) : Json(nullptr);
  json["normalised_elo_ci95"] =
      normalised ? Json::array({number(normalised->low), number(normalised->high)}) : Json(nullptr);
}

Json stop_of(const MatchReport& report) {
  if (report.match.stop.empty()) return nullptr;
  Json json;
  json["rule"] = report.match.stop;
  json["reached"] = report.stop.reached;
  json["why"] = report.stop.why;
  json["beyond"] = report.beyond;
  const auto rule = parse_stop_rule(report.match.stop);
  if (rule && rule->kind == StopRule::Kind::kSprt && !report.table.pairs.empty()) {
    const SprtState state = sprt(report.table.pairs.front(), rule->sprt);
    json["decision"] = to_string(state.decision);
    json["llr"] = number(state.llr);
    json["lower"] = number(state.lower);
    json["upper"] = number(state.upper);
  }
  return json;
}

}  // namespace

std::string to_json(const MatchReport& report) {
  const MatchTable& table = report.table;
  Json json;
  json["schema"] = "keisei.match/1";
  json["status"] = report.status();
  json["games_asked"] = table.games_asked;
  json["games"] = table.games;
  int faults = 0;
  for (const auto& [text, n] : table.faults_by_text) faults += n;
  json["faults"] = faults;
  json["players"] = Json::array();
  for (const MatchRow& row : table.rows) {
    Json player;
    player["name"] = row.name;
    player["id"] = row.id.empty() ? Json(nullptr) : Json(row.id);
    add_tally(player, row.total);
    player["by_colour"]["black"] = tally(row.as_black);
    player["by_colour"]["white"] = tally(row.as_white);
    player["elo"] = number(row.elo);
    player["elo_error95"] = number(row.error_elo);
    player["elo_error95_about_mean"] = number(row.error_about_mean_elo);
    json["players"].push_back(std::move(player));
  }
  json["pairings"] = Json::array();
  const std::vector<PairingOf> pairings = pairings_of(report.match);
  for (std::size_t p = 0; p < pairings.size(); ++p) {
    Json pairing;
    pairing["first"] = table.rows[pairings[p].agent].name;
    pairing["second"] = table.rows[pairings[p].opponent].name;
    add_comparison(pairing, table.against[pairings[p].agent][pairings[p].opponent], table.pairs[p]);
    json["pairings"].push_back(std::move(pairing));
  }
  json["stop"] = stop_of(report);
  json["end_reasons"] = Json::object();
  for (const auto& [reason, n] : table.end_reasons) json["end_reasons"][reason] = n;
  json["fault_texts"] = Json::object();
  for (const auto& [text, n] : table.faults_by_text) json["fault_texts"][text] = n;
  json["ends_by_winner"] = Json::object();
  for (const auto& [reason, wins] : table.ends) {
    json["ends_by_winner"][reason] =
        Json{{"black", wins.black}, {"white", wins.white}, {"drawn", wins.drawn}, {"faults", wins.faults}};
  }
  json["notes"] = json_of(report.notes);
  const auto plies = lengths(table.plies);
  json["mean_plies"] = plies ? Json(plies->mean) : Json(nullptr);
  json["seed"] = report.match.seed;
  json["protocol"] = report.match.protocol;
  json["trouble"] = report.trouble.empty() ? Json(nullptr) : Json(report.trouble);
  json["resumed"] = report.resumed;
  json["directory"] = report.directory.empty() ? Json(nullptr) : Json(report.directory);
  json["wall_s"] = number(report.wall_s);
  return dump(json);
}

}  // namespace keisei::evaluation
