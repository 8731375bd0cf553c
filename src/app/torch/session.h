// A training run from its first to its last update: the only place where self-play, learning, checkpoints, evaluation
// and telemetry meet. The loop is synchronous and deterministic: play, learn, and at the update boundary snapshot,
// submit an evaluation, save. Runs on the caller's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli.h"
#include "app/evaluation_job.h"
#include "app/torch/training_state.h"
#include "base/clock.h"
#include "guard/governor_status.h"

namespace keisei::app {

struct SessionResult {
  std::string run;
  std::filesystem::path directory;
  Counters counters;
  std::int64_t updates_total = 0;
  std::int64_t steps_here = 0;                    ///< plies played by this process, without those before a resume
  double wall_s = 0;                              ///< of training in this process
  std::optional<guard::GovernorStatus> governor;  ///< what evaluation cost it; none when it was never on
  std::string weights_sha256;
  std::filesystem::path checkpoint;
  std::vector<EvaluationOutcome> evaluations;  ///< of this process
  int signal = 0;                              ///< that ended the run early, or 0
  std::uint64_t dropped_events = 0;
};

/// The configuration of a run to be trained: args.source, on top of the saved one where a run is resumed.
struct ResumePoint {
  std::filesystem::path run;         ///< root of the run
  std::filesystem::path checkpoint;  ///< explicit file, or empty for the newest valid one
};
struct Resolved {
  config::Loaded loaded;
  std::optional<ResumePoint> resume;
};
[[nodiscard]] Result<Resolved> resolve(const TrainArgs& args);

/// Trains; errors carry the exit code. `clock` outlives the call.
[[nodiscard]] Result<SessionResult> run_session(const Resolved& resolved, const Clock& clock);

}  // namespace keisei::app
