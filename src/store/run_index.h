// Finding runs under a savedir, for `--resume latest`, `keisei runs` and the dashboard. Reads only: takes no lock,
// renames nothing. A run's age is the start time in its database, or the time of its config.yaml where that is lost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/checkpoint.h"
#include "store/run_directory.h"

namespace keisei::store {

inline constexpr std::size_t kMaxRunsListed = 100'000;

struct RunSummary {
  RunPaths paths;
  std::string status;                       ///< running | finished | interrupted | failed | unknown
  std::optional<int> pid;                   ///< the living process that holds the run
  std::optional<std::int64_t> started_ms;   ///< UTC
  std::optional<std::int64_t> finished_ms;  ///< UTC
  std::optional<std::int64_t> step;         ///< of the newest checkpoint (unverified)
  std::size_t checkpoints = 0;
  std::optional<Error> trouble;  ///< why the database could not be read
};

/// Whether `root` looks like a run: has run.db, config.yaml or checkpoints.
[[nodiscard]] bool is_run(const std::filesystem::path& root);

/// One run as it stands; `running` only while a living process holds its lock.
[[nodiscard]] RunSummary summarise_run(const std::filesystem::path& root);

/// All runs, newest start first. kFailure when `savedir` cannot be read; a missing one is an empty list.
[[nodiscard]] Result<std::vector<RunSummary>> list_runs(const std::filesystem::path& savedir);

struct LatestRun {
  RunPaths paths;
  std::int64_t step = 0;                 ///< of its newest valid checkpoint
  std::vector<std::string> passed_over;  ///< "NAME: why" for newer runs without a valid checkpoint
};

/// The newest run that has a valid checkpoint. kBadData when there is none: a resume never starts afresh.
[[nodiscard]] Result<LatestRun> latest_run(const std::filesystem::path& savedir);

/// A run by name under `savedir`, by path, or the newest started one for "latest" or "". kUsage when there is none.
[[nodiscard]] Result<RunPaths> find_run(const std::filesystem::path& savedir, const std::string& run);

/// `what` as a checkpoint: a file, or a run (path, or name under `savedir`) whose newest valid one is meant.
[[nodiscard]] Result<LoadedCheckpoint> open_checkpoint(const std::string& what, const std::filesystem::path& savedir);

}  // namespace keisei::store
