#include "telemetry/prometheus_text.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/shortest.h"
#include "telemetry/level.h"

namespace keisei::telemetry {
namespace {

using Type = PrometheusForm::Type;

constexpr std::string_view kVerdicts = "evaluation/sla/violations/";
constexpr std::string_view kDropped = "telemetry/dropped";

/// Backslash and line break, and quotes where a label's value is meant.
std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (quotes && c == '"')) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + escaped(value, true) + "\"";
}

/// Metrics by name, each with its samples: a page must not name a metric twice.
class Page {
 public:
  explicit Page(std::string_view run) : run_(label("run", run)) {}

  /// Adds a sample; values that are not finite are not known and left out. False when the name has another form.
  bool add(const PrometheusForm& form, double value, const std::string& labels = {}) {
    if (!std::isfinite(value)) return true;
    auto [found, fresh] = families_.try_emplace(form.name, Family{form, {}});
    if (!fresh && (labels.empty() || found->second.form.help != form.help)) return false;
    const std::string all = labels.empty() ? run_ : run_ + "," + labels;
    found->second.samples.push_back(form.name + "{" + all + "} " + shortest(value * form.scale) + "\n");
    return true;
  }

  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& [name, family] : families_) {
      out += "# HELP " + name + " " + escaped(family.form.help, false) + "\n";
      out += "# TYPE " + name + (family.form.type == Type::kCounter ? " counter\n" : " gauge\n");
      for (const std::string& sample : family.samples) out += sample;
    }
    return out;
  }

 private:
  struct Family {
    PrometheusForm form;
    std::vector<std::string> samples;
  };
  const std::string run_;
  std::map<std::string, Family> families_;
};

double seconds(std::int64_t ms) { return ms > 0 ? static_cast<double>(ms) * 1e-3 : kUnknown; }
double if_known(std::int64_t value) { return value >= 0 ? static_cast<double>(value) : kUnknown; }

/// One sample a clause and verdict, exactly one of the three being 1.
void add_verdict(Page& page, std::string_view clause, double violated) {
  static constexpr const char* kNames[] = {"met", "violated", "unknown"};
  const int verdict = !std::isfinite(violated) ? 2 : violated > 0 ? 1 : 0;
  const PrometheusForm form{"keisei_evaluation_sla_verdict",
                            "Verdict on each clause of the newest evaluation: 1 for the one that holds."};
  for (int i = 0; i < 3; ++i) {
    page.add(form, i == verdict ? 1 : 0, label("clause", clause) + "," + label("verdict", kNames[i]));
  }
}

void add_course(Page& page, const NewestMetrics& newest) {
  page.add({"keisei_run_active", "1 from the start of a run to its end; a killed run stays at 1 and grows old."},
           newest.running ? 1 : 0);
  page.add({"keisei_run_last_event_timestamp_seconds", "Time of the newest event."}, seconds(newest.newest_ms));
  page.add({"keisei_run_warnings_total", "Warnings and errors of this process.", Type::kCounter},
           static_cast<double>(newest.warnings));
  page.add({"keisei_training_started_steps", "Step of the first update of this process."},
           if_known(newest.started_step));
  page.add({"keisei_training_last_update_timestamp_seconds", "Time of the newest update, or of the start."},
           seconds(newest.update_ms));
  if (newest.update_interval_ms >= 0) {
    page.add({"keisei_training_update_interval_seconds", "Time between the newest two updates."},
             static_cast<double>(newest.update_interval_ms) * 1e-3);
  }
  page.add({"keisei_evaluation_finished_total", "Evaluations of this process that ended.", Type::kCounter},
           static_cast<double>(newest.evaluations));
  page.add({"keisei_evaluation_last_timestamp_seconds", "Time at which the newest one ended."},
           seconds(newest.evaluation_ms));
  page.add({"keisei_checkpoint_last_timestamp_seconds", "Time of the newest checkpoint of this process."},
           seconds(newest.checkpoint_ms));
  page.add({"keisei_checkpoint_last_steps", "Step of it."}, if_known(newest.checkpoint_step));
  double dropped = 0;
  for (const auto& [outlet, count] : newest.dropped_by_outlet) dropped += count;
  page.add({"keisei_telemetry_events_dropped_total", "Events that an outlet's queue had no room for.", Type::kCounter},
           dropped);
}

}  // namespace

void NewestMetrics::take(const Event& event) {
  for (const auto& [name, value] : event.metrics) {
    if (name == kDropped) {
      double& most = dropped_by_outlet[std::string(event.text("outlet"))];
      most = std::max(most, value);
      continue;
    }
    const auto found = values.find(name);
    if (found != values.end()) {
      found->second = value;
    } else if (values.size() < kMaxPageMetrics) {
      values.emplace(name, value);
    } else {
      ++left_out;
    }
  }
  newest_ms = std::max(newest_ms, event.utc_ms);
  if (event.kind == "run.start") {
    running = true;
    update_ms = event.utc_ms;
  } else if (event.kind == "run.end") {
    running = false;
  } else if (event.kind == "update") {
    if (update_ms > 0) update_interval_ms = std::max<std::int64_t>(0, event.utc_ms - update_ms);
    update_ms = event.utc_ms;
    if (started_step < 0) started_step = event.step;
  } else if (event.kind == "evaluation") {
    ++evaluations;
    evaluation_ms = event.utc_ms;
  } else if (event.kind == "checkpoint") {
    checkpoint_ms = event.utc_ms;
    checkpoint_step = event.step;
  }
  if (level_of(event) >= Level::kWarning) ++warnings;
}

std::string prometheus_text(std::string_view run, const NewestMetrics& newest) {
  Page page(run);
  add_course(page, newest);
  std::uint64_t left_out = newest.left_out;
  for (const auto& [metric, value] : newest.values) {
    if (metric.starts_with(kVerdicts)) {
      add_verdict(page, std::string_view(metric).substr(kVerdicts.size()), value);
    } else if (!page.add(prometheus_form(metric), value)) {
      ++left_out;
    }
  }
  page.add({"keisei_telemetry_metrics_left_out", "Values that had no room or no name of their own on this page."},
           static_cast<double>(left_out));
  return page.text();
}

}  // namespace keisei::telemetry
