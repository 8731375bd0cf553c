#include "dashboard/plain.h"

#include <cmath>
#include <string_view>

#include "base/clock.h"
#include "dashboard/numbers.h"

namespace keisei::dashboard {
namespace {


Span time_of(std::int64_t utc_ms) { return {people_clock(utc_ms) + "Z  ", Tone::kDim}; }

/// "  name value", left out when the value is unknown.
void add(Line& line, std::string_view name, const std::string& value) {
  if (value == kDash) return;
  line.push_back({"  " + std::string(name) + " ", Tone::kDim});
  line.push_back({value, Tone::kNormal});
}

Line evaluation_line(const telemetry::Event& event) {
  const auto number = [&](std::string_view name) { return event.metric(name); };
  double score = number("evaluation/score");
  if (!std::isfinite(score)) score = number("evaluation/win_rate");
  Line line{time_of(event.utc_ms), {"evaluation", Tone::kStrong}};
  add(line, "at", people_count(static_cast<double>(event.step)));
  if (!event.text("opponent").empty()) add(line, "vs", printable(event.text("opponent")));
  add(line, "score", people_interval(score, number("evaluation/score_low"), number("evaluation/score_high")));
  if (std::isfinite(number("evaluation/wins"))) {
    add(line, "W-L-D",
        people_count(number("evaluation/wins")) + "-" + people_count(number("evaluation/losses")) + "-" +
            people_count(number("evaluation/draws")));
  }
  add(line, "Elo", people_elo(number("evaluation/elo"), number("evaluation/elo_low"), number("evaluation/elo_high")));
  return line;
}

}  // namespace

Line progress_line(const ProgressState& state, double now_s) {
  const auto number = [&](std::string_view name) { return state.value(name); };
  Line line{time_of(state.utc_ms(now_s))};
  if (!state.updated()) {
    line.push_back({"waiting for the first update", Tone::kNormal});
    add(line, "elapsed", people_duration(state.elapsed_s(now_s)));
    return line;
  }
  line.push_back({pad_left(people_percent(state.progress()), 6), Tone::kStrong});
  line.push_back({"  " + people_count(number("progress/timesteps")) + " of " +
                      people_count(number("progress/total_timesteps")) + " plies",
                  Tone::kNormal});
  line.push_back({"  " + people_count(number("time/steps_per_second")) + " plies/s", Tone::kNormal});
  add(line, "ETA", people_duration(state.eta_s(now_s)));
  add(line, "policy", people_real(number("ppo/policy_loss")));
  add(line, "value", people_real(number("ppo/value_loss")));
  add(line, "entropy", people_real(number("ppo/entropy"), 2));
  add(line, "decisive", people_percent(number("selfplay/decisive_share"), 0));
  if (!state.evaluations().empty()) {
    const EvaluationView& last = state.evaluations().back();
    add(line, "Elo", people_elo(last.elo, last.elo_low, last.elo_high));
  }
  if (state.dropped() > 0) {
    line.push_back({"  events dropped " + people_count(static_cast<double>(state.dropped())), Tone::kWarn});
  }
  return line;
}

std::optional<Line> event_line(const telemetry::Event& event) {
  Line line{time_of(event.utc_ms)};
  if (event.kind == "run.start") {
    line.push_back({"starting…", Tone::kStrong});
    const auto run = event.text("run").empty() ? event.text("name") : event.text("run");
    if (!run.empty()) add(line, "run", printable(run));
    return line;
  }
  if (event.kind == "evaluation") return evaluation_line(event);
  if (event.kind == "evaluation.sla") {
    const double violated = event.metric("evaluation/sla/violation_count");
    if (!(violated > 0)) return std::nullopt;
    line.push_back({"SLA: " + people_count(violated) + " clauses violated", Tone::kBad});
    return line;
  }
  if (event.kind == "checkpoint") {
    line.push_back({"checkpoint", Tone::kStrong});
    add(line, "at", people_count(static_cast<double>(event.step)));
    const auto file = event.text("file").empty() ? event.text("path") : event.text("file");
    if (!file.empty()) line.push_back({"  " + printable(file), Tone::kNormal});
    return line;
  }
  if (event.kind == "message" || event.kind == "warning" || event.kind == "error") {
    if (event.kind != "message") {
      line.push_back({event.kind + ": ", event.kind == "error" ? Tone::kBad : Tone::kWarn});
    }
    line.push_back({printable(event.text("text")), Tone::kNormal});
    return line;
  }
  if (event.kind == "run.end") {
    line.push_back({"ended", Tone::kStrong});
    add(line, "at", people_count(static_cast<double>(event.step)));
    if (!event.text("text").empty()) line.push_back({"  " + printable(event.text("text")), Tone::kNormal});
    return line;
  }
  return std::nullopt;
}

}  // namespace keisei::dashboard
