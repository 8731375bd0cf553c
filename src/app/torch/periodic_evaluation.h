// Evaluation beside training: at an update boundary the live weights are copied into an immutable snapshot and handed
// to the supervisor; results are collected at later boundaries. The trainer never waits, draws no random number here
// and is never switched to another mode, so training is bit-identical with evaluation on, off, crashing or hanging. The
// worker is SCHED_IDLE and gets processor time only in the bursts that the trainer pays for from its credit.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/evaluation_job.h"
#include "guard/gate.h"
#include "guard/ledger.h"
#include "guard/supervisor.h"
#include "telemetry/bus.h"

namespace keisei::app {

/// The programs of the worker: this program's own directory holds both.
[[nodiscard]] Result<guard::SupervisorOptions> supervisor_options(const config::Evaluation& evaluation);

/// "evaluation", "evaluation.performance" and "evaluation.sla": the same names in every outlet.
void publish_outcome(telemetry::Bus& bus, const EvaluationOutcome& outcome);

class PeriodicEvaluation {
 public:
  /// Resolves the opponent (and loads its weights) before training starts: an unknown one is an error now, not later.
  /// Records go to `games`, one file an evaluation, where evaluation.save_games asks for it.
  [[nodiscard]] static Result<std::unique_ptr<PeriodicEvaluation>> create(const config::Config& config,
                                                                          const Clock& clock, telemetry::Bus& bus,
                                                                          std::shared_ptr<store::RunDatabase> database,
                                                                          const std::filesystem::path& games);

  /// Hands over a snapshot of the weights of `step`. Never waits; what cannot be queued is an event, not an error.
  void submit(std::int64_t step, std::span<const std::byte> weights, const std::string& weights_id);
  /// Stores and publishes what has ended since. Never waits.
  void collect();
  /// At a step boundary: stands still for one burst when work and credit are there. Returns the seconds paused.
  double pause();
  /// Waits for what still runs, at most `timeout_s`, while `keep_waiting` holds (training is over).
  void finish(double timeout_s, const std::function<bool()>& keep_waiting);

  [[nodiscard]] const std::vector<EvaluationOutcome>& outcomes() const { return outcomes_; }
  [[nodiscard]] const guard::Ledger& ledger() const { return ledger_; }
  /// What waits, what runs, and what has been paid for it.
  void add_metrics(telemetry::Event& event);
  [[nodiscard]] std::int64_t last_submitted() const { return last_submitted_; }

 private:
  PeriodicEvaluation(const config::Config& config, const Clock& clock, telemetry::Bus& bus,
                     std::shared_ptr<store::RunDatabase> database);

  struct Pending {
    std::int64_t step;
    evaluation::Request request;
  };

  const Clock& clock_;
  telemetry::Bus& bus_;
  std::shared_ptr<store::RunDatabase> database_;
  std::filesystem::path games_;  ///< empty: records stay in the database only
  evaluation::Request request_;
  std::vector<std::byte> opponent_weights_;
  guard::Targets targets_;
  guard::Ledger ledger_;
  std::unique_ptr<guard::Supervisor> supervisor_;
  std::map<guard::JobId, Pending> pending_;
  std::vector<evaluation::RatedGame> history_;
  std::vector<EvaluationOutcome> outcomes_;
  std::int64_t last_submitted_ = -1;
};

}  // namespace keisei::app
