#include "dashboard/state.h"

#include <algorithm>
#include <cmath>

#include "dashboard/cells.h"
#include "dashboard/numbers.h"

namespace keisei::dashboard {
namespace {

template <class T>
void push_bounded(std::deque<T>& items, T item, std::size_t bound) {
  items.push_back(std::move(item));
  if (items.size() > bound) items.pop_front();
}

}  // namespace

void ProgressState::apply(const telemetry::Event& event, double now_s) {
  if (!started_) first_s_ = now_s;
  started_ = true;
  latest_s_ = now_s;
  if (event.utc_ms != 0) utc_ms_ = event.utc_ms;
  step_ = std::max(step_, event.step);
  for (const auto& [name, value] : event.metrics) remember(name, value);

  if (event.kind == "run.start") {
    const auto name = event.text("run");
    run_ = printable(name.empty() ? event.text("name") : name);
    ended_ = false;
  } else if (event.kind == "update") {
    updated_ = true;
    update_s_ = now_s;
  } else if (event.kind == "evaluation") {
    add_evaluation(event);
  } else if (event.kind == "evaluation.sla") {
    const double passed = event.metric("evaluation/sla/passed");
    const bool violated = passed == 0.0 || event.metric("evaluation/sla/violation_count") > 0;
    sla_ = violated ? Verdict::kViolated : std::isfinite(passed) ? Verdict::kMet : Verdict::kUnknown;
  } else if (event.kind == "message" || event.kind == "warning" || event.kind == "error") {
    say(event.utc_ms, event.kind != "message", event.text("text"));
  } else if (event.kind == "checkpoint") {
    const auto file = event.text("file").empty() ? event.text("path") : event.text("file");
    say(event.utc_ms, false,
        "checkpoint at " + people_count(static_cast<double>(event.step)) + " plies  " + std::string(file));
  } else if (event.kind == "telemetry.dropped") {
    const double count = event.metric("telemetry/dropped");
    if (count >= 0) dropped_by_outlet_[std::string(event.text("outlet"))] = static_cast<std::uint64_t>(count);
  } else if (event.kind == "run.end") {
    ended_ = true;
  }
}

double ProgressState::value(std::string_view name) const {
  const auto found = series_.find(std::string(name));
  return found == series_.end() ? std::numeric_limits<double>::quiet_NaN() : found->second.last;
}

const std::deque<double>& ProgressState::history(std::string_view name) const {
  static const std::deque<double> kNone;
  const auto found = series_.find(std::string(name));
  return found == series_.end() ? kNone : found->second.history;
}

std::uint64_t ProgressState::dropped() const {
  std::uint64_t sum = 0;
  for (const auto& [outlet, count] : dropped_by_outlet_) sum += count;
  return sum;
}

std::int64_t ProgressState::utc_ms(double now_s) const {
  return utc_ms_ + std::llround(std::max(0.0, now_s - latest_s_) * 1e3);
}

double ProgressState::elapsed_s(double now_s) const {
  if (!started_) return 0.0;
  const double end_s = ended_ ? latest_s_ : now_s;
  const double reported = value("time/elapsed_s");
  return std::isfinite(reported) && updated_ ? reported + std::max(0.0, end_s - update_s_)
                                             : std::max(0.0, end_s - first_s_);
}

double ProgressState::eta_s(double now_s) const {
  const double reported = value("time/eta_s");
  if (!std::isfinite(reported)) return reported;
  return ended_ ? 0.0 : std::max(0.0, reported - std::max(0.0, now_s - update_s_));
}

double ProgressState::progress() const {
  const double done = value("progress/timesteps"), total = value("progress/total_timesteps");
  if (!std::isfinite(done) || !(total > 0)) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(done / total, 0.0, 1.0);
}

void ProgressState::remember(const std::string& name, double value) {
  if (series_.size() >= kMaxSeries && !series_.contains(name)) return;
  Series& series = series_[name];
  series.last = value;
  if (std::isfinite(value)) push_bounded(series.history, value, kHistoryPoints);
}

void ProgressState::say(std::int64_t utc_ms, bool is_warning, std::string_view text) {
  push_bounded(messages_, Message{utc_ms, is_warning, printable(text.substr(0, kMaxMessageBytes))}, kKeptMessages);
}

void ProgressState::add_evaluation(const telemetry::Event& event) {
  EvaluationView view;
  view.step = event.step;
  view.opponent = printable(event.text("opponent"));
  view.strategy = printable(event.text("strategy"));
  const double score = event.metric("evaluation/score");
  view.score = std::isfinite(score) ? score : event.metric("evaluation/win_rate");
  view.score_low = event.metric("evaluation/score_low");
  view.score_high = event.metric("evaluation/score_high");
  view.wins = event.metric("evaluation/wins");
  view.losses = event.metric("evaluation/losses");
  view.draws = event.metric("evaluation/draws");
  view.games = event.metric("evaluation/total_games");
  view.elo = event.metric("evaluation/elo");
  view.elo_low = event.metric("evaluation/elo_low");
  view.elo_high = event.metric("evaluation/elo_high");
  push_bounded(evaluations_, std::move(view), kKeptEvaluations);
}

}  // namespace keisei::dashboard
