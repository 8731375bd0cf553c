// Evaluation beside training: at an update boundary the live weights are copied into an immutable snapshot and handed
// to the supervisor; results are collected at later boundaries. The trainer never waits, draws no random number here
// and is never switched to another mode, so training is bit-identical with evaluation on, off, crashing or hanging. The
// worker is SCHED_IDLE and gets processor time only in the bursts that the governor pays for, or on spare cores.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/evaluation_job.h"
#include "app/torch/run_pool.h"
#include "guard/admission.h"
#include "guard/gate.h"
#include "guard/governor.h"
#include "guard/rollback.h"
#include "guard/supervisor.h"
#include "telemetry/bus.h"

namespace keisei::app {

/// The steps of training that the governor compares like with like: a ply, a minibatch, what lies between two updates.
enum StepKind : int { kSelfPlayStep = 0, kLearnStep = 1, kOtherStep = 2 };

class PeriodicEvaluation {
 public:
  /// Resolves the opponent (and loads its weights) before training starts: an unknown one is an error now, not later.
  /// What it keeps between evaluations lies in the folder `run`: records in games/, one file an evaluation, where
  /// evaluation.save_games asks for them; the pool; a ladder's ratings. `threads` train.
  [[nodiscard]] static Result<std::unique_ptr<PeriodicEvaluation>> create(const config::Config& config,
                                                                          const Clock& clock, telemetry::Bus& bus,
                                                                          std::shared_ptr<store::RunDatabase> database,
                                                                          const std::filesystem::path& games,
                                                                          int threads,
                                                                          std::optional<guard::GovernorMode> mode = {});

  /// Hands over a snapshot of the weights of `step`, now, later, with fewer games or not at all, as the governor's
  /// means allow. Never waits; what is not done as asked is an event, not an error.
  void submit(std::int64_t step, std::span<const std::byte> weights, const std::string& weights_id);
  /// Stores and publishes what has ended since. Never waits.
  void collect(std::int64_t step);
  /// At a step boundary of the trainer: may stand still for one burst. Returns the seconds paused.
  double step(StepKind kind, double work) { return enabled_ ? governor_->step(kind, work, supervisor_->busy()) : 0; }
  /// The next step() would stand still.
  [[nodiscard]] bool wants_rest() { return enabled_ && governor_->burst_due(supervisor_->busy()); }
  /// The trainer did something else than training: what is being measured does not count.
  void disturbed(guard::PairDrop by) { governor_->contaminate(by); }
  /// Training is over: what still runs and what comes after gets the machine.
  void release();
  /// Waits for what still runs, at most `timeout_s`, while `keep_waiting` holds.
  void finish(double timeout_s, const std::function<bool()>& keep_waiting);

  /// Off: cancels what runs, starts nothing.
  void enable(bool enabled);
  [[nodiscard]] bool enabled() const { return enabled_; }
  /// Takes over what may change while training runs (config/reload.h).
  void apply(const config::Evaluation& evaluation);

  /// What waits, what runs, and what has been paid for it.
  void add_metrics(telemetry::Event& event);
  [[nodiscard]] const std::vector<EvaluationOutcome>& outcomes() const { return outcomes_; }
  [[nodiscard]] guard::Governor& governor() { return *governor_; }
  [[nodiscard]] std::int64_t last_submitted() const { return last_submitted_; }

 private:
  PeriodicEvaluation(const config::Config& config, const Clock& clock, telemetry::Bus& bus,
                     std::shared_ptr<store::RunDatabase> database);

  struct Pending {
    std::int64_t step;
    evaluation::Request request;
    guard::Targets targets;          ///< in force when it began
    std::vector<std::byte> weights;  ///< for the pool; empty without one
    double paused_s = 0;             ///< of the ledger when it began
    bool alone = false;              ///< nothing else has run or waited since
  };
  /// A snapshot that waits for means.
  struct Deferred {
    std::int64_t step = 0;
    std::vector<std::byte> weights;
    std::string weights_id;
    double since_s = 0;
    double until_s = 0;
  };

  [[nodiscard]] Result<void> open_memory(const config::Config& config, const std::filesystem::path& run);
  void choose_opponents(evaluation::Request& request, std::int64_t step);
  void remember(const EvaluationOutcome& outcome, const std::vector<std::byte>& weights);
  void make_governor(bool anew);
  void plan(Deferred snapshot, bool first);
  void start(const Deferred& snapshot, int games);
  void keep_warm();
  void conclude_job(const guard::JobReport& report);
  void publish_breaker(std::int64_t step);
  void keep_rollback(std::int64_t step);
  void learn_pause(const Pending& pending, const guard::JobReport& report);

  const Clock& clock_;
  telemetry::Bus& bus_;
  std::shared_ptr<store::RunDatabase> database_;
  std::filesystem::path games_;  ///< empty: records stay in the database only
  config::Evaluation options_;
  guard::GovernorMode mode_ = guard::GovernorMode::kBursts;
  evaluation::Request request_;
  WeightsById weights_;           ///< of the opponents
  std::optional<RunPool> pool_;   ///< opponent_source = pool
  std::filesystem::path ladder_;  ///< file of the ladder's ratings; empty for other strategies
  std::filesystem::path savedir_;
  guard::Targets targets_;
  std::shared_ptr<guard::BurstGate> gate_;
  std::unique_ptr<guard::Governor> governor_;
  std::unique_ptr<guard::Supervisor> supervisor_;
  guard::AdmissionPlanner planner_;
  int worker_threads_ = 1;
  double cpu_per_pause_ = 1;  ///< worker's processor time that a second of pause buys
  guard::Rollback rollback_;
  std::filesystem::path rollback_file_;  ///< its state, for whoever resumes the run
  bool enabled_ = true;
  bool training_ = true;  ///< bursts are needed; after it, nothing is spared
  std::optional<Deferred> deferred_;
  std::optional<double> asked_s_;     ///< when the last evaluation was asked for
  std::optional<double> interval_s_;  ///< between two of them
  std::map<guard::JobId, Pending> pending_;
  std::optional<guard::JobId> warming_;  ///< the job in which a fresh worker starts
  bool worker_may_be_gone_ = false;      ///< an evaluation has ended since that was looked at
  std::vector<evaluation::RatedGame> history_;
  std::vector<EvaluationOutcome> outcomes_;
  std::int64_t last_submitted_ = -1;
  std::string breaker_ = "closed";
};

}  // namespace keisei::app
