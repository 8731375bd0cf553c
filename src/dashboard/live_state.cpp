#include "dashboard/live_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/clock.h"
#include "dashboard/numbers.h"
#include "dashboard/plain.h"
#include "telemetry/level.h"

namespace keisei::dashboard {
namespace {

constexpr std::string_view kVerdictPrefix = "evaluation/sla/violations/";
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::size_t kMaxSfenBytes = 256;

std::string bounded(std::string_view text, std::size_t bytes) { return printable(text.substr(0, bytes)); }

/// The event as a line of the log; nothing for those that only carry numbers.
std::optional<Line> log_line(const telemetry::Event& event) {
  if (event.kind == "evaluation.switch" && event.text("reason") == "configuration") return std::nullopt;
  if (auto line = event_line(event)) return line;
  const telemetry::Level level = telemetry::level_of(event);
  if (event.text("text").empty() || level == telemetry::Level::kDebug) return std::nullopt;
  Line line{{people_clock(event.utc_ms) + "Z  ", Tone::kDim}};
  if (level != telemetry::Level::kInfo) line.push_back({"warning: ", Tone::kWarn});
  line.push_back({printable(event.text("text")), Tone::kNormal});
  return line;
}

}  // namespace

void LiveState::apply(const telemetry::Event& event, double now_s) {
  progress_.apply(event, now_s);
  latest_s_ = now_s;
  log(event);
  const std::string state = bounded(event.text("state"), kMaxNameBytes);
  if (event.kind == "run.start") {
    ended_as_.clear();
  } else if (event.kind == "run.end") {
    ended_as_ = bounded(event.text("status"), kMaxNameBytes);
    if (ended_as_.empty()) ended_as_ = "ended";
    running_game_.reset();
  } else if (event.kind == "game.sample") {
    add_game(event);
  } else if (event.kind == "evaluation.sla") {
    judge(event);
  } else if (event.kind == "evaluation") {
    if (!event.text("stop").empty()) decide(event.step, event.text("stop"));
  } else if (event.kind == "promotion") {
    decide(event.step, event.text("text"));
  } else if (event.kind == "evaluation.breaker") {
    breaker_ = state;
  } else if (event.kind == "evaluation.switch") {
    held_back_ = state == "off" ? "evaluation is off" : "";
  } else if (event.kind == "evaluation.rollback") {
    held_back_ = "rolled back: " + bounded(event.text("reason"), kMaxNameBytes);
  } else if (event.kind == "governor.gate") {
    held_back_ = state == "shut" ? "gate shut: " + bounded(event.text("reason"), kMaxNameBytes) : "";
  }
}

void LiveState::add_line(std::int64_t utc_ms, std::string_view text) {
  log_.push_back({{people_clock(utc_ms) + "Z  ", Tone::kDim}, {bounded(text, kMaxMessageBytes), Tone::kNormal}});
  if (log_.size() > kLogLines) log_.pop_front();
}

double LiveState::silence_s(double now_s) const { return progress_.started() ? std::max(0.0, now_s - latest_s_) : 0.0; }

void LiveState::log(const telemetry::Event& event) {
  auto line = log_line(event);
  if (!line) return;
  for (Span& span : *line) {
    if (span.text.size() > kMaxMessageBytes) span.text = bounded(span.text, kMaxMessageBytes);
  }
  log_.push_back(std::move(*line));
  if (log_.size() > kLogLines) log_.pop_front();
}

void LiveState::judge(const telemetry::Event& event) {
  for (const auto& [name, value] : event.metrics) {
    if (!name.starts_with(kVerdictPrefix)) continue;
    const std::string clause = bounded(std::string_view(name).substr(kVerdictPrefix.size()), kMaxNameBytes);
    auto found = std::find_if(clauses_.begin(), clauses_.end(), [&](const auto& c) { return c.name == clause; });
    if (found == clauses_.end()) {
      if (clauses_.size() >= kMaxClauses) continue;
      found = clauses_.insert(clauses_.end(), ClauseView{.name = clause});
    }
    found->latest = !std::isfinite(value) ? Verdict::kUnknown : value > 0 ? Verdict::kViolated : Verdict::kMet;
    ++(found->latest == Verdict::kUnknown ? found->unknown
       : found->latest == Verdict::kMet   ? found->met
                                          : found->violated);
  }
}

void LiveState::decide(std::int64_t step, std::string_view text) {
  decisions_.push_back({step, bounded(text, kMaxMessageBytes)});
  if (decisions_.size() > kMaxDecisions) decisions_.pop_front();
}

void LiveState::add_game(const telemetry::Event& event) {
  GameView game{.step = event.step,
                .utc_ms = event.utc_ms,
                .sfen = bounded(event.text("sfen"), kMaxSfenBytes),
                .last_move = bounded(event.text("last_move"), kMaxNameBytes),
                .black = bounded(event.text("black"), kMaxNameBytes),
                .white = bounded(event.text("white"), kMaxNameBytes),
                .winner = bounded(event.text("winner"), kMaxNameBytes),
                .reason = bounded(event.text("reason"), kMaxNameBytes)};
  if (game.winner.empty() && game.reason.empty()) {
    running_game_ = std::move(game);
    return;
  }
  ended_games_.push_back(std::move(game));
  if (ended_games_.size() > kRecentGames) ended_games_.pop_front();
}

}  // namespace keisei::dashboard
