// What `keisei runs` says, as text for people and as JSON for programs (keisei.runs/1, keisei.run/1). Read from the run
// itself, with whatever of it can still be read: a damaged database costs the evaluations, not the report.
// Values in, strings out; nothing is printed here.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/checkpoint.h"
#include "store/run_database.h"
#include "store/run_index.h"

namespace keisei::store {

inline constexpr std::int64_t kMaxNotableRead = 10'000;  ///< events a report looks at
inline constexpr std::size_t kMaxNotableShown = 20;      ///< lines of them without the whole ledger

struct RunReport {
  RunSummary summary;
  std::map<std::string, std::string> meta;
  std::vector<EvaluationRow> evaluations;
  std::vector<SlaRow> sla;
  std::vector<EventRow> notable;           ///< RunDatabase::notable_events, the newest kMaxNotableRead
  std::vector<Metric> latest;              ///< newest value of every metric
  std::vector<CheckpointFile> files;       ///< on disk, by rising step
  std::vector<CheckpointRow> checkpoints;  ///< as indexed
};

/// kFailure when `root` cannot be read at all; what only the database knew is empty when that is damaged.
[[nodiscard]] Result<RunReport> read_run(const std::filesystem::path& root);

/// One object, keisei.run/1.
[[nodiscard]] std::string run_json(const RunReport& report);
/// A page of text; with `whole_ledger` also every single verdict and every notable event that was read.
[[nodiscard]] std::string run_text(const RunReport& report, bool whole_ledger);

/// One object, keisei.runs/1.
[[nodiscard]] std::string runs_json(const std::filesystem::path& savedir, std::span<const RunSummary> runs);
[[nodiscard]] std::string runs_text(const std::filesystem::path& savedir, std::span<const RunSummary> runs);

}  // namespace keisei::store
