// The newest numbers of a run in the Prometheus text exposition format 0.0.4, for node_exporter's textfile collector
// and for an HTTP endpoint: one function from values to text. Event metrics keep their own names inside; here each
// becomes keisei_..., in base units (seconds, bytes, ratios of 1), with HELP, TYPE and the label run. What is not known
// is absent, never 0. docs/operations.md lists the names. NewestMetrics belongs to one thread; the rest is pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "telemetry/event.h"

namespace keisei::telemetry {

inline constexpr std::size_t kMaxPageMetrics = 512;  ///< event metrics kept; further names are left out and counted

/// How an event metric appears on the page.
struct PrometheusForm {
  enum class Type { kGauge, kCounter };
  std::string name;  ///< keisei_...
  std::string help;
  Type type = Type::kGauge;
  double scale = 1;  ///< factor into base units
};

/// One row of the table of known event metrics.
struct PrometheusRow {
  std::string_view metric;  ///< "time/eta_s"
  std::string_view name;    ///< "keisei_training_eta_seconds"
  std::string_view help;
  PrometheusForm::Type type = PrometheusForm::Type::kGauge;
  double scale = 1;
};
[[nodiscard]] std::span<const PrometheusRow> prometheus_rows();

/// By the table, else by rule: '/' becomes '_', a unit at the end (_ms, _s, _mb, _percent, _share) its base unit.
[[nodiscard]] PrometheusForm prometheus_form(std::string_view event_metric);

/// What the events of one run have said so far: the newest value of every metric, and what follows from their order.
class NewestMetrics {
 public:
  void take(const Event& event);

  std::map<std::string, double, std::less<>> values;  ///< by the event metric's name; NaN = not known
  bool running = false;                               ///< between run.start and run.end
  std::int64_t newest_ms = 0;                         ///< UTC; of the newest event, 0 = none
  std::int64_t update_ms = 0;                         ///< UTC; of the newest update, or of run.start before the first
  std::int64_t update_interval_ms = -1;               ///< between the newest two; -1 = not known
  std::int64_t started_step = -1;                     ///< of the first update seen; -1 = none yet
  std::int64_t evaluation_ms = 0;                     ///< UTC; of the newest finished evaluation, 0 = none
  std::int64_t checkpoint_ms = 0;                     ///< UTC; of the newest checkpoint, 0 = none
  std::int64_t checkpoint_step = -1;
  std::uint64_t warnings = 0;
  std::uint64_t evaluations = 0;
  std::map<std::string, double> dropped_by_outlet;  ///< events
  std::uint64_t left_out = 0;                       ///< metrics beyond kMaxPageMetrics
};

/// The page. `run` may hold any text: it is escaped.
[[nodiscard]] std::string prometheus_text(std::string_view run, const NewestMetrics& newest);

}  // namespace keisei::telemetry
