#include "dashboard/web_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace keisei::dashboard {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// `object` with one more member whose value is JSON text already.
std::string with_raw(const Json& object, std::string_view key, const std::string& raw) {
  std::string out = text_of(object);
  out.pop_back();
  out += ",\"";
  out += key;
  out += "\":";
  out += raw.empty() ? "null" : raw;
  return out + "}";
}

/// {"schema": ..., key: [items...]} from items that are text already.
std::string list_of(std::string_view schema, std::string_view key, const std::vector<std::string>& items) {
  std::string out = "{\"schema\":\"" + std::string(schema) + "\",\"" + std::string(key) + "\":[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    out += items[i];
  }
  return out + "]}";
}

Json summary_of(const std::string& id, const store::RunSummary& run) {
  return {{"id", id},
          {"name", run.paths.name()},
          {"status", run.status},
          {"pid", or_null(run.pid)},
          {"started_ms", or_null(run.started_ms)},
          {"finished_ms", or_null(run.finished_ms)},
          {"checkpoint_step", or_null(run.step)},
          {"checkpoints", run.checkpoints},
          {"trouble", run.trouble ? Json(run.trouble->message) : Json(nullptr)}};
}

std::string event_text(const store::EventRow& event) {
  const Json row = {{"id", event.id}, {"step", event.step}, {"time_ms", event.time_ms}, {"kind", event.kind}};
  return with_raw(row, "event", event.json);
}

template <class Rows>
std::vector<std::string> event_texts(const Rows& events) {
  std::vector<std::string> out;
  for (const store::EventRow& event : events) out.push_back(event_text(event));
  return out;
}

std::string game_text(const store::GameRow& game) {
  const Json row = {{"id", game.id},
                    {"evaluation_id", game.evaluation_id},
                    {"number", game.number},
                    {"black", game.black},
                    {"white", game.white},
                    {"agent_colour", game.agent_colour.empty() ? Json(nullptr) : Json(game.agent_colour)},
                    {"winner", game.winner},
                    {"reason", game.reason},
                    {"plies", game.plies},
                    {"seconds", or_null(game.seconds)}};
  return with_raw(row, "record", game.json);
}

template <class T>
std::span<const T> newest(const std::vector<T>& rows, std::size_t most) {
  return std::span(rows).last(std::min(rows.size(), most));
}

tl::unexpected<Error> unreadable(const WebRun& run) { return fail(Code::kBadData, run.trouble()); }

Json evaluation_row(const store::EvaluationRow& e) {
  Json row = {{"id", e.id},
              {"step", e.step},
              {"time_ms", e.time_ms},
              {"strategy", e.strategy},
              {"agent", e.agent},
              {"opponent", e.opponent},
              {"agent_id", e.agent_id},
              {"opponent_id", e.opponent_id},
              {"protocol", e.protocol},
              {"games", e.games},
              {"wins", e.wins},
              {"losses", e.losses},
              {"draws", e.draws},
              {"faults", e.faults},
              {"score", or_null(e.score)},
              {"score_low", or_null(e.score_low)},
              {"score_high", or_null(e.score_high)},
              {"elo", or_null(e.elo)},
              {"elo_low", or_null(e.elo_low)},
              {"elo_high", or_null(e.elo_high)},
              {"wall_s", or_null(e.wall_s)}};
  const Json whole = Json::parse(e.json, nullptr, false);
  if (!whole.is_object()) return row;
  for (const char* key : {"pairs", "los", "mean_plies", "status", "stop_when"}) {
    if (whole.contains(key)) row[key] = whole[key];
  }
  row["stops"] = Json::array();
  for (const Json& pairing : whole.value("pairings", Json::array())) {
    if (!pairing.is_object() || !pairing.contains("stop") || !pairing["stop"].is_object()) continue;
    Json stop = pairing["stop"];
    for (const char* key : {"first", "second"}) stop[key] = pairing.value(key, Json(nullptr));
    row["stops"].push_back(std::move(stop));
  }
  return row;
}

}  // namespace

std::string error_body(std::string_view message, std::string_view hint) {
  return text_of({{"schema", "keisei.web.error/1"}, {"message", message}, {"hint", hint}});
}

std::string runs_body(std::span<const NamedRun> runs, std::int64_t now_ms) {
  Json list = Json::array();
  for (const NamedRun& run : runs) list.push_back(summary_of(run.id, run.summary));
  return text_of({{"schema", "keisei.web.runs/1"}, {"now_ms", now_ms}, {"runs", std::move(list)}});
}

std::string state_body(const std::string& id, const WebRun& run, std::int64_t now_ms) {
  Json latest = Json::object();
  for (const auto& [name, metric] : run.latest()) latest[name] = {metric.step, metric.time_ms, metric.value};
  const store::NewestIds& ids = run.newest();
  return text_of({{"schema", "keisei.web.state/1"},
                  {"now_ms", now_ms},
                  {"version", run.version()},
                  {"caught_up", run.is_caught_up()},
                  {"run", summary_of(id, run.summary())},
                  {"trouble", run.trouble().empty() ? Json(nullptr) : Json(run.trouble())},
                  {"meta", run.meta()},
                  {"latest", std::move(latest)},
                  {"counts",
                   {{"metrics", ids.metrics},
                    {"evaluations", ids.evaluations},
                    {"games", ids.games},
                    {"ratings", ids.ratings},
                    {"sla", ids.sla},
                    {"events", ids.events}}}});
}

std::string series_body(std::span<const NamedSeries> series) {
  Json list = Json::array();
  for (const NamedSeries& one : series) {
    Json step = Json::array();
    Json time = Json::array();
    Json value = Json::array();
    for (const SeriesPoint& point : one.points) {
      step.push_back(point.step);
      time.push_back(point.time_ms);
      value.push_back(point.value);
    }
    list.push_back({{"name", one.name},
                    {"rows", one.rows},
                    {"step", std::move(step)},
                    {"time_ms", std::move(time)},
                    {"value", std::move(value)}});
  }
  return text_of({{"schema", "keisei.web.series/1"}, {"series", std::move(list)}});
}

Result<std::string> evaluations_body(const WebRun& run) {
  if (run.database() == nullptr) return unreadable(run);
  const auto rows = run.database()->evaluations();
  if (!rows) return tl::make_unexpected(rows.error());
  Json list = Json::array();
  for (const store::EvaluationRow& row : newest(*rows, kMaxEvaluationsShown)) list.push_back(evaluation_row(row));
  return text_of({{"schema", "keisei.web.evaluations/1"}, {"evaluations", std::move(list)}});
}

Result<std::string> ratings_body(const WebRun& run) {
  if (run.database() == nullptr) return unreadable(run);
  const auto rows = run.database()->ratings();
  if (!rows) return tl::make_unexpected(rows.error());
  Json list = Json::array();
  for (const store::RatingRow& row : newest(*rows, kMaxRatingsShown)) {
    list.push_back({{"evaluation_id", row.evaluation_id},
                    {"player", row.player},
                    {"name", row.name},
                    {"protocol", row.protocol},
                    {"games", row.games},
                    {"elo", or_null(row.elo)},
                    {"elo_low", or_null(row.elo_low)},
                    {"elo_high", or_null(row.elo_high)}});
  }
  return text_of({{"schema", "keisei.web.ratings/1"}, {"ratings", std::move(list)}});
}

Result<std::string> safeguards_body(const WebRun& run) {
  if (run.database() == nullptr) return unreadable(run);
  const auto rows = run.database()->sla();
  if (!rows) return tl::make_unexpected(rows.error());
  Json verdicts = Json::array();
  for (const store::SlaRow& row : newest(*rows, kMaxVerdictsShown)) {
    verdicts.push_back({{"evaluation_id", row.evaluation_id},
                        {"clause", row.clause},
                        {"verdict", row.verdict},
                        {"value", or_null(row.value)},
                        {"threshold", or_null(row.threshold)},
                        {"source", row.source},
                        {"time_ms", row.time_ms}});
  }
  std::string pairs = "[";
  for (const std::string& text : event_texts(run.pairs())) pairs += (pairs.size() > 1 ? "," : "") + text;
  return with_raw({{"schema", "keisei.web.safeguards/1"}, {"verdicts", std::move(verdicts)}}, "pairs", pairs + "]");
}

std::string events_body(const WebRun& run) {
  return list_of("keisei.web.events/1", "events", event_texts(run.events()));
}

std::string samples_body(const WebRun& run) {
  std::string out = list_of("keisei.web.samples/1", "ended", event_texts(run.samples()));
  out.pop_back();
  return out + ",\"running\":" + (run.running_sample() ? event_text(*run.running_sample()) : "null") + "}";
}

std::string promotions_body(const WebRun& run) {
  return list_of("keisei.web.promotions/1", "promotions", event_texts(run.promotions()));
}

Result<std::string> checkpoints_body(const WebRun& run) {
  if (run.database() == nullptr) return unreadable(run);
  const auto rows = run.database()->checkpoints();
  if (!rows) return tl::make_unexpected(rows.error());
  Json list = Json::array();
  for (const store::CheckpointRow& row : *rows) {
    list.push_back({{"step", row.step},
                    {"file", row.file},
                    {"sha256", row.sha256},
                    {"bytes", row.bytes},
                    {"time_ms", row.time_ms}});
  }
  return text_of({{"schema", "keisei.web.checkpoints/1"}, {"checkpoints", std::move(list)}});
}

std::string games_body(std::span<const store::GameRow> games) {
  std::vector<std::string> items;
  for (const store::GameRow& game : games) items.push_back(game_text(game));
  return list_of("keisei.web.games/1", "games", items);
}

std::string game_body(const store::GameRow& game) {
  return "{\"schema\":\"keisei.web.game/1\",\"game\":" + game_text(game) + "}";
}

}  // namespace keisei::dashboard
