// Two runs side by side for `keisei runs compare`: options that differ, newest metrics, strength and ratings with their
// intervals, and what became of each clause of the safeguards. Nothing is judged: intervals stand beside values, and
// ratings of different protocols are named as not comparable. What can no longer be read of a run is empty, with the
// reason. Values in, text and JSON (keisei.comparison/1) out; any thread.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/load.h"
#include "store/run_report.h"
#include "store/sla_report.h"

namespace keisei::store {

struct ComparedRun {
  RunReport report;
  std::vector<RatingRow> ratings;  ///< of its newest evaluation
  std::optional<config::Config> config;
  std::string config_trouble;  ///< why `config` is unknown
};

/// kFailure when the run cannot be read at all.
[[nodiscard]] Result<ComparedRun> read_compared(const std::filesystem::path& root);

struct OptionDifference {
  std::string option;                ///< "section.key"
  std::array<std::string, 2> value;  ///< as YAML would write it
  bool shapes_training = false;      ///< influences the result of a training
};

/// The newest value of one metric in each run; nothing where it has none or it is unknown.
struct MetricPair {
  std::string name;
  std::array<std::optional<double>, 2> value;
  std::array<std::optional<std::int64_t>, 2> step;
};

struct ClausePair {
  std::string clause;
  std::array<std::optional<ClauseSummary>, 2> summary;
};

struct RunComparison {
  std::array<ComparedRun, 2> run;
  std::vector<OptionDifference> options;  ///< in the order of the file; empty when a configuration is unknown
  std::vector<MetricPair> metrics;        ///< by name
  std::vector<ClausePair> clauses;        ///< by name
  bool same_protocol = true;              ///< the newest evaluations were played by one protocol
};

[[nodiscard]] RunComparison compare(ComparedRun a, ComparedRun b);

[[nodiscard]] std::string comparison_text(const RunComparison& comparison);
/// One object, keisei.comparison/1.
[[nodiscard]] std::string comparison_json(const RunComparison& comparison);

}  // namespace keisei::store
