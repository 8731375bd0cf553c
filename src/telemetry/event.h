// An event: one thing that happened in a run, with its numbers and texts. It is a plain value, so that the session can
// build it without knowing who reads it, and every outlet (log, database, panel) shows the same names.
// Kinds: run.start, update, evaluation, evaluation.performance, evaluation.sla, checkpoint, message, warning, error,
// run.end, and what evaluation beside training tells of itself (evaluation_events.h); the bus adds telemetry.dropped.
// Metric names carry their unit last (time/eta_s, system/rss_mb). A metric that was not measured is NaN: null in JSON,
// NULL in the database, a dash for people, never 0.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/distribution.h"

namespace keisei::telemetry {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Event {
  std::string kind;
  std::int64_t step = 0;    ///< plies of self-play so far
  std::int64_t utc_ms = 0;  ///< milliseconds since 1970 UTC; 0 = the bus stamps it
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<std::pair<std::string, std::string>> texts;
  /// For outlets that draw them (W&B, TensorBoard); the log and the run database keep metrics alone.
  std::vector<std::pair<std::string, Distribution>> distributions = {};

  /// The metric of that name; NaN when absent or not measured.
  [[nodiscard]] double metric(std::string_view name) const {
    for (const auto& [key, value] : metrics) {
      if (key == name) return value;
    }
    return kUnknown;
  }
  /// The text of that name; empty when absent.
  [[nodiscard]] std::string_view text(std::string_view name) const {
    for (const auto& [key, value] : texts) {
      if (key == name) return value;
    }
    return {};
  }
};

/// An event of kind "message" or "warning" with one text; the bus stamps its time.
[[nodiscard]] inline Event message(std::int64_t step, std::string text) {
  return Event{.kind = "message", .step = step, .utc_ms = 0, .metrics = {}, .texts = {{"text", std::move(text)}}};
}
[[nodiscard]] inline Event warning(std::int64_t step, std::string text) {
  return Event{.kind = "warning", .step = step, .utc_ms = 0, .metrics = {}, .texts = {{"text", std::move(text)}}};
}

}  // namespace keisei::telemetry
