#include <cmath>
#include <nlohmann/json.hpp>

#include "evaluation/json_fields.h"
#include "evaluation/report.h"
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

std::optional<std::string> name_of(GameResult result) {
  switch (result) {
    case GameResult::kWin:
      return "win";
    case GameResult::kDraw:
      return "draw";
    case GameResult::kLoss:
      return "loss";
    case GameResult::kFault:
      break;
  }
  return std::nullopt;
}

Json streaks_of(const Streaks& streaks) {
  Json json;
  json["win"] = streaks.win;
  json["loss"] = streaks.loss;
  json["draw"] = streaks.draw;
  const auto current = name_of(streaks.current);
  json["current"] = current ? Json(*current) : Json(nullptr);
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
  json["results_by_end_reason"] = Json::object();
  for (const auto& [reason, count] : summary.end_reasons) json["end_reasons"][reason] = count;
  for (const auto& [reason, results] : summary.by_end_reason) json["results_by_end_reason"][reason] = tally(results);
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
  json["wall_s"] = number(measured.wall_s);
  json["performance"] = performance_of(measured.performance);
  json["sla"] = sla_of(measured.sla);
  return dump(json);
}

}  // namespace keisei::evaluation
