#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "evaluation/anytime.h"
#include "evaluation/json_fields.h"
#include "evaluation/note_fields.h"
#include "evaluation/report.h"
#include "evaluation/sprt.h"
#include "guard/performance.h"
#include "guard/sla.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json interval(const std::optional<Interval>& value) {
  return value ? Json::array({number(value->low), number(value->high)}) : Json(nullptr);
}

Json interval(const OpenInterval& value) {
  if (!value.low && !value.high) return nullptr;
  return Json::array({number(value.low), number(value.high)});
}

Json tally(const Tally& t) {
  Json json;
  json["games"] = t.games();
  json["wins"] = t.wins;
  json["losses"] = t.losses;
  json["draws"] = t.draws;
  json["faults"] = t.faults;
  json["score"] = number(score(t));
  return json;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// The figures of pairs between two players; null where pairs of several opponents are mixed, or there are none.
void add_pair_figures(Json& json, const PairCounts* pairs) {
  const auto normalised = pairs != nullptr ? normalised_elo(*pairs) : std::nullopt;
  const bool any = pairs != nullptr && *pairs != PairCounts{};
  json["normalised_elo"] = normalised ? Json(normalised->elo) : Json(nullptr);
  json["normalised_elo_ci95"] = normalised ? Json::array({normalised->low, normalised->high}) : Json(nullptr);
  json["score_ci95_anytime"] = any ? interval(std::optional(anytime_interval(*pairs))) : Json(nullptr);
  json["elo_ci95_anytime"] = any ? interval(anytime_elo_interval(*pairs)) : Json(nullptr);
}

Json pairing_of(const PairingSummary& pairing, bool has_rule) {
  Json json;
  json["first"] = pairing.first;
  json["second"] = pairing.second;
  json["first_id"] = text_or_null(pairing.first_id);
  json["second_id"] = text_or_null(pairing.second_id);
  json["of_agent"] = pairing.of_agent;
  json["games_asked"] = pairing.games_asked;
  json["total"] = tally(pairing.total);
  json["by_colour"] = Json{{"black", tally(pairing.as_black)}, {"white", tally(pairing.as_white)}};
  json["pairs"] = pairing.pairs;
  json["score_ci95"] = interval(score_interval(pairing.total));
  json["elo"] = number(elo(pairing.total));
  json["elo_ci95"] = interval(elo_interval(pairing.total));
  add_pair_figures(json, &pairing.pairs);
  json["stop"] = has_rule ? Json{{"reached", pairing.stop.reached}, {"why", pairing.stop.why}} : Json(nullptr);
  return json;
}

Json cross_of(const CrossTable& cross) {
  Json json;
  json["players"] = Json::array();
  for (const auto& player : cross.players) {
    json["players"].push_back(Json{{"name", player.name}, {"id", text_or_null(player.id)}});
  }
  json["cells"] = Json::array();
  for (std::size_t row = 0; row < cross.players.size(); ++row) {
    for (std::size_t column = 0; column < cross.players.size(); ++column) {
      if (cross.at(row, column) == Tally{}) continue;
      Json cell = Json{{"row", row}, {"column", column}};
      cell.update(tally(cross.at(row, column)));
      json["cells"].push_back(std::move(cell));
    }
  }
  return json;
}

Json cases_of(const std::vector<CaseSummary>& cases) {
  Json list = Json::array();
  for (const CaseSummary& entry : cases) {
    list.push_back(Json{{"id", entry.id},
                        {"kind", entry.kind},
                        {"opponent", entry.opponent},
                        {"mate_in", entry.mate_in > 0 ? Json(entry.mate_in) : Json(nullptr)},
                        {"pass_score", entry.pass_score},
                        {"games_asked", entry.games_asked},
                        {"total", tally(entry.total)},
                        {"passed", entry.passed}});
  }
  return list;
}

Json pass_rate(const std::vector<CaseSummary>& cases) {
  if (cases.empty()) return nullptr;
  const auto passed = std::count_if(cases.begin(), cases.end(), [](const CaseSummary& entry) { return entry.passed; });
  return static_cast<double>(passed) / static_cast<double>(cases.size());
}

Json elimination_of(const std::optional<EliminationSummary>& elimination) {
  if (!elimination) return nullptr;
  Json json;
  json["passed"] = elimination->passed;
  json["lost_pairing"] = elimination->lost_pairing ? Json(*elimination->lost_pairing) : Json(nullptr);
  json["lost_game"] = elimination->lost_game ? Json(*elimination->lost_game) : Json(nullptr);
  return json;
}

Json ladder_of(const std::optional<LadderSummary>& ladder) {
  if (!ladder) return nullptr;
  Json json;
  json["before"] = ladder->before;
  json["after"] = ladder->after;
  json["change"] = ladder->after - ladder->before;
  json["choices"] = Json::array();
  for (const LadderChoice& choice : ladder->choices) {
    json["choices"].push_back(Json{{"opponent", choice.opponent},
                                   {"id", text_or_null(choice.id)},
                                   {"rating", choice.rating},
                                   {"chosen", choice.chosen},
                                   {"why", choice.why}});
  }
  json["ratings"] = Json::object();
  for (const auto& [id, rating] : ladder->ratings) json["ratings"][id] = rating;
  return json;
}

Json by_reason(const std::map<std::string, Tally>& ends) {
  Json json = Json::object();
  for (const auto& [reason, results] : ends) json[reason] = tally(results);
  return json;
}

Json streaks_of(const Streaks& streaks) {
  Json json;
  json["win"] = streaks.win;
  json["loss"] = streaks.loss;
  json["draw"] = streaks.draw;
  json["current"] = streaks.current == GameResult::kFault ? Json(nullptr) : Json(to_string(streaks.current));
  json["current_length"] = streaks.current_length;
  return json;
}

Json plies_of(const std::optional<Lengths>& plies) {
  if (!plies) return nullptr;
  Json json;
  json["min"] = plies->min;
  json["median"] = plies->median;
  json["mean"] = plies->mean;
  json["max"] = plies->max;
  return json;
}

/// The same keys as `evaluation/performance/...` in every outlet; all null where nothing was measured.
Json performance_of(const guard::Performance* measured) {
  const guard::Performance nothing;
  const guard::Performance& p = measured != nullptr ? *measured : nothing;
  Json json;
  json["evaluation_latency_ms"] = number(p.latency_ms);
  json["memory_overhead_mb"] = number(p.memory_peak_mb);
  json["cpu_utilization_percent"] = number(p.cpu_utilization_percent);
  json["gpu_utilization_percent"] = number(p.gpu_utilization_percent);
  json["training_impact_percent"] = number(p.training_impact_percent);
  json["queued_s"] = number(p.queued_s);
  json["wall_s"] = number(p.wall_s);
  json["worker_cpu_s"] = number(p.worker_cpu_s);
  json["rss_peak_mb"] = number(p.rss_peak_mb);
  json["concurrent_evaluations"] = number(p.concurrent_evaluations);
  json["memory_source"] = p.memory_source.empty() ? Json(nullptr) : Json(p.memory_source);
  json["gpu_source"] = p.gpu_source.empty() ? Json(nullptr) : Json(p.gpu_source);
  json["workers_spawned"] = number(p.workers_spawned);
  json["permits_given"] = number(p.permits_given);
  return json;
}

Json sla_of(const std::vector<guard::Verdict>* verdicts) {
  Json list = Json::array();
  if (verdicts == nullptr) return list;
  for (const guard::Verdict& verdict : *verdicts) {
    Json json;
    json["clause"] = verdict.clause;
    json["verdict"] = guard::name(verdict.state);
    json["value"] = number(verdict.value);
    json["threshold"] = number(verdict.threshold);
    json["source"] = verdict.source;
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string to_json(const Summary& summary, const Measured& measured) {
  Json json;
  json["schema"] = "keisei.evaluation/1";
  json["status"] = summary.status;
  json["agent"] = summary.agent;
  json["opponent"] = summary.opponent;
  json["strategy"] = summary.strategy;
  json["games_asked"] = summary.games_asked;
  json["games"] = summary.total.games();
  json["wins"] = summary.total.wins;
  json["losses"] = summary.total.losses;
  json["draws"] = summary.total.draws;
  json["faults"] = summary.total.faults;
  json["score"] = number(score(summary.total));
  json["score_ci95"] = interval(score_interval(summary.total));
  json["score_ci95_pairs"] = interval(pair_interval(summary.pairs));
  json["elo"] = number(elo(summary.total));
  json["elo_ci95"] = interval(elo_interval(summary.total));
  json["los"] = number(los(summary.total));
  json["by_colour"]["black"] = tally(summary.as_black);
  json["by_colour"]["white"] = tally(summary.as_white);
  json["end_reasons"] = Json::object();
  for (const auto& [reason, count] : summary.end_reasons) json["end_reasons"][reason] = count;
  json["results_by_end_reason"] = by_reason(summary.by_end_reason);
  json["end_reasons_by_colour"]["black"] = by_reason(summary.ends_as_black);
  json["end_reasons_by_colour"]["white"] = by_reason(summary.ends_as_white);
  json["fault_texts"] = Json::object();
  for (const auto& [text, count] : summary.faults_by_text) json["fault_texts"][text] = count;
  json["pairs"] = summary.pairs;
  json["mean_plies"] = summary.plies ? Json(summary.plies->mean) : Json(nullptr);
  json["plies"] = plies_of(summary.plies);
  json["streaks"] = streaks_of(summary.streaks);
  json["agent_id"] = summary.agent_id.empty() ? Json(nullptr) : Json(summary.agent_id);
  json["opponent_id"] = summary.opponent_id.empty() ? Json(nullptr) : Json(summary.opponent_id);
  json["protocol"] = summary.protocol;
  json["seed"] = summary.seed;
  json["game_seconds"] = summary.game_seconds;
  json["plan"] = text_or_null(summary.plan);
  add_pair_figures(json, summary.pairings.size() == 1 ? &summary.pairs : nullptr);
  json["stop_when"] = text_or_null(summary.stop_when);
  json["pairings"] = Json::array();
  for (const PairingSummary& pairing : summary.pairings) {
    json["pairings"].push_back(pairing_of(pairing, !summary.stop_when.empty()));
  }
  json["cross_table"] = cross_of(summary.cross);
  json["cases"] = cases_of(summary.cases);
  json["pass_rate"] = pass_rate(summary.cases);
  json["elimination"] = elimination_of(summary.elimination);
  json["ladder"] = ladder_of(summary.ladder);
  json["notes"] = json_of(summary.notes);
  json["wall_s"] = number(measured.wall_s);
  json["performance"] = performance_of(measured.performance);
  json["sla"] = sla_of(measured.sla);
  return dump(json);
}

}  // namespace keisei::evaluation
