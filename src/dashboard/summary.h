// The text at the end of a run, for people: what was done, the strength curve as a small chart, the SLA clauses, where
// the run lies and what to try next. Plain structs in, one string out: the session fills them from its own results, the
// `runs show` command from the run database.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dashboard/cells.h"
#include "dashboard/state.h"
#include "dashboard/strength_chart.h"

namespace keisei::dashboard {

struct SlaRow {
  std::string clause;
  Verdict verdict = Verdict::kUnknown;
  double value = std::numeric_limits<double>::quiet_NaN();
  double limit = std::numeric_limits<double>::quiet_NaN();
  std::string unit;     ///< "%", "ms", "MiB"; may be empty
  bool at_most = true;  ///< limit is an upper bound; else a lower one
};

struct RunSummary {
  std::string run;
  std::string directory;
  std::string ended;  ///< "finished", "stopped by SIGINT", …
  std::int64_t timesteps = 0;
  std::int64_t updates = 0;
  std::int64_t games = 0;
  double wall_s = std::numeric_limits<double>::quiet_NaN();
  double steps_per_s = std::numeric_limits<double>::quiet_NaN();
  double elo = std::numeric_limits<double>::quiet_NaN();
  double elo_low = elo, elo_high = elo;
  std::vector<StrengthCurve> curves;
  std::vector<SlaRow> sla;
  std::uint64_t dropped_events = 0;
  std::vector<std::string> next_commands;
};

/// The whole text, lines at most `columns` cells wide (commands and paths are never cut), ending in a line break.
[[nodiscard]] std::string summary_text(const RunSummary& summary, int columns, Paint paint);
/// The clause table alone; empty without rows.
[[nodiscard]] std::vector<Line> sla_table(const std::vector<SlaRow>& rows, int columns);
/// Commands that make sense after a run in `directory` (show, evaluate, play, resume).
[[nodiscard]] std::vector<std::string> next_commands(const std::string& run, const std::string& directory);

}  // namespace keisei::dashboard
