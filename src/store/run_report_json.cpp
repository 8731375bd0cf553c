// The JSON half of run_report.h and run_comparison.h. Keys keep their order; what is not known is null.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "store/run_comparison.h"
#include "store/run_report.h"
#include "store/sla_report.h"

namespace keisei::store {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json time_or_null(std::optional<std::int64_t> utc_ms) { return utc_ms ? Json(iso_utc(*utc_ms)) : Json(nullptr); }

Json pair_or_null(std::optional<double> low, std::optional<double> high) {
  return low || high ? Json{or_null(low), or_null(high)} : Json(nullptr);
}

void add_summary(Json& out, const RunSummary& run) {
  out["run"] = run.paths.name();
  out["directory"] = run.paths.root.string();
  out["status"] = run.status;
  out["pid"] = or_null(run.pid);
  out["started"] = time_or_null(run.started_ms);
  out["finished"] = time_or_null(run.finished_ms);
  out["step"] = or_null(run.step);
  out["checkpoint_count"] = run.checkpoints;
  out["trouble"] = run.trouble ? Json(run.trouble->message) : Json(nullptr);
}

Json evaluation_json(const EvaluationRow& e) {
  return {{"id", e.id},
          {"step", e.step},
          {"time", iso_utc(e.time_ms)},
          {"strategy", e.strategy},
          {"agent", e.agent},
          {"opponent", e.opponent},
          {"agent_id", or_null(e.agent_id)},
          {"opponent_id", or_null(e.opponent_id)},
          {"protocol", or_null(e.protocol)},
          {"games", e.games},
          {"wins", e.wins},
          {"losses", e.losses},
          {"draws", e.draws},
          {"faults", e.faults},
          {"score", or_null(e.score)},
          {"score_ci95", pair_or_null(e.score_low, e.score_high)},
          {"elo", or_null(e.elo)},
          {"elo_ci95", pair_or_null(e.elo_low, e.elo_high)},
          {"wall_s", or_null(e.wall_s)}};
}

Json sla_json(const SlaRow& row) {
  return {{"evaluation_id", row.evaluation_id},
          {"clause", row.clause},
          {"verdict", row.verdict},
          {"value", or_null(row.value)},
          {"threshold", or_null(row.threshold)},
          {"source", row.source},
          {"time", iso_utc(row.time_ms)}};
}

Json clause_json(const ClauseSummary& clause) {
  return {{"clause", clause.clause},
          {"met", clause.met},
          {"violated", clause.violated},
          {"unknown", clause.unknown},
          {"worst", or_null(clause.worst)},
          {"threshold", or_null(clause.threshold)},
          {"unit", or_null(clause.unit)},
          {"first", iso_utc(clause.first_ms)},
          {"last", iso_utc(clause.last_ms)},
          {"first_violation", time_or_null(clause.first_violation_ms)},
          {"last_violation", time_or_null(clause.last_violation_ms)},
          {"what_to_do", or_null(clause.advice)}};
}

void add_notable(Json& out, const std::vector<EventRow>& rows) {
  const std::vector<NotableEvent> events = notable_events(rows);
  out["gate_shut"] = Json::array();
  for (const GateShut& shut : gate_shut_times(events)) {
    out["gate_shut"].push_back(
        {{"from", iso_utc(shut.from_ms)}, {"to", time_or_null(shut.to_ms)}, {"reason", or_null(shut.reason)}});
  }
  out["notable"] = Json::array();
  for (const NotableEvent& event : events) {
    out["notable"].push_back(
        {{"step", event.step}, {"time", iso_utc(event.time_ms)}, {"kind", event.kind}, {"texts", event.texts}});
  }
}

std::string print(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string run_json(const RunReport& report) {
  Json out;
  out["schema"] = "keisei.run/1";
  add_summary(out, report.summary);
  out["meta"] = Json::object();
  for (const auto& [key, value] : report.meta) out["meta"][key] = value;
  out["evaluations"] = Json::array();
  for (const EvaluationRow& row : report.evaluations) out["evaluations"].push_back(evaluation_json(row));
  out["sla"] = Json::array();
  for (const SlaRow& row : report.sla) out["sla"].push_back(sla_json(row));
  out["sla_summary"] = Json::array();
  for (const ClauseSummary& clause : summarise_clauses(report.sla)) out["sla_summary"].push_back(clause_json(clause));
  add_notable(out, report.notable);
  out["latest_metrics"] = Json::object();
  for (const Metric& metric : report.latest) {
    out["latest_metrics"][metric.name] = {{"step", metric.step},
                                          {"value", std::isfinite(metric.value) ? Json(metric.value) : Json(nullptr)}};
  }
  out["checkpoints"] = Json::array();
  for (const CheckpointFile& file : report.files) {
    const auto row = std::find_if(report.checkpoints.begin(), report.checkpoints.end(),
                                  [&](const CheckpointRow& one) { return one.step == file.step; });
    out["checkpoints"].push_back({{"step", file.step},
                                  {"path", file.path.string()},
                                  {"bytes", file.bytes},
                                  {"sha256", row == report.checkpoints.end() ? Json(nullptr) : Json(row->sha256)}});
  }
  return print(out);
}

std::string runs_json(const std::filesystem::path& savedir, std::span<const RunSummary> runs) {
  Json out;
  out["schema"] = "keisei.runs/1";
  out["savedir"] = savedir.string();
  out["runs"] = Json::array();
  for (const RunSummary& run : runs) {
    Json one;
    add_summary(one, run);
    out["runs"].push_back(std::move(one));
  }
  return print(out);
}

std::string comparison_json(const RunComparison& c) {
  Json out;
  out["schema"] = "keisei.comparison/1";
  out["runs"] = Json::array();
  for (const ComparedRun& run : c.run) {
    Json one;
    add_summary(one, run.report.summary);
    one["config_trouble"] = or_null(run.config_trouble);
    const auto& evaluations = run.report.evaluations;
    one["evaluations"] = evaluations.size();
    one["newest_evaluation"] = evaluations.empty() ? Json(nullptr) : evaluation_json(evaluations.back());
    one["ratings"] = Json::array();
    for (const RatingRow& row : run.ratings) {
      one["ratings"].push_back({{"player", row.player},
                                {"name", or_null(row.name)},
                                {"protocol", or_null(row.protocol)},
                                {"games", row.games},
                                {"elo", or_null(row.elo)},
                                {"elo_ci95", pair_or_null(row.elo_low, row.elo_high)}});
    }
    out["runs"].push_back(one);
  }
  out["same_protocol"] = c.same_protocol;
  const bool known = c.run[0].config && c.run[1].config;
  out["options"] = known ? Json::array() : Json(nullptr);
  for (const OptionDifference& one : c.options) {
    out["options"].push_back(
        {{"option", one.option}, {"a", one.value[0]}, {"b", one.value[1]}, {"shapes_training", one.shapes_training}});
  }
  out["metrics"] = Json::object();
  for (const MetricPair& one : c.metrics) {
    Json& row = out["metrics"][one.name];
    row["a"] = {{"step", or_null(one.step[0])}, {"value", or_null(one.value[0])}};
    row["b"] = {{"step", or_null(one.step[1])}, {"value", or_null(one.value[1])}};
  }
  out["sla"] = Json::object();
  for (const ClausePair& one : c.clauses) {
    Json& row = out["sla"][one.clause];
    row["a"] = one.summary[0] ? clause_json(*one.summary[0]) : Json(nullptr);
    row["b"] = one.summary[1] ? clause_json(*one.summary[1]) : Json(nullptr);
  }
  return print(out);
}

}  // namespace keisei::store
