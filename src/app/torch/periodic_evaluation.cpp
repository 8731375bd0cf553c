#include "app/torch/periodic_evaluation.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <thread>
#include <utility>

#include "app/ladder_file.h"
#include "app/torch/evaluation_news.h"
#include "app/torch/weights.h"
#include "app/torch/worker_plan.h"
#include "base/file.h"
#include "evaluation/record_file.h"
#include "store/checkpoint.h"
#include "store/run_index.h"
#include "telemetry/evaluation_events.h"

namespace keisei::app {
namespace {

constexpr double kWarmUpS = 5;  ///< longest that training waits for its evaluation worker to start
constexpr const char* kWarmUp = "warm-up";
constexpr double kWarmUpCpuS = 1;  ///< of a worker that loads libtorch, where it was not measured yet
constexpr double kLeastCpuPerPause = 0.25;  ///< below it the machine did something else meanwhile

/// A job that asks for nothing: its worker has started when it is done.
guard::Job warm_up_job() {
  guard::Job job;
  job.kind = kWarmUp;
  return job;
}

/// What the experiment found takes the place of "no experiment has been run".
void set_impact(EvaluationOutcome& outcome, const guard::ImpactEstimate& impact) {
  outcome.performance.training_impact_percent = impact.impact_percent;
  for (guard::Verdict& verdict : outcome.verdicts) {
    if (verdict.clause != "training_impact") continue;
    verdict.state = impact.verdict;
    verdict.value = impact.impact_percent;
    verdict.source = impact.reason;
  }
}
}  // namespace

PeriodicEvaluation::PeriodicEvaluation(const config::Config& config, const Clock& clock, telemetry::Bus& bus,
                                       std::shared_ptr<store::RunDatabase> database)
    : clock_(clock),
      bus_(bus),
      database_(std::move(database)),
      options_(config.evaluation),
      targets_(guard::Targets::from(config.evaluation, static_cast<int>(std::thread::hardware_concurrency()))),
      rollback_(config.evaluation.rollback_after_violations) {}

Result<std::unique_ptr<PeriodicEvaluation>> PeriodicEvaluation::create(const config::Config& config, const Clock& clock,
                                                                       telemetry::Bus& bus,
                                                                       std::shared_ptr<store::RunDatabase> database,
                                                                       const std::filesystem::path& run, int threads,
                                                                       std::optional<guard::GovernorMode> mode) {
  std::unique_ptr<PeriodicEvaluation> self(new PeriodicEvaluation(config, clock, bus, std::move(database)));
  auto request = request_from(config);
  if (!request) return tl::make_unexpected(request.error());
  self->request_ = *request;
  if (auto opened = self->open_memory(config, run); !opened) return tl::make_unexpected(opened.error());
  auto weights = load_players(self->request_, weights_reader(config.logging.savedir));
  if (!weights) return tl::make_unexpected(weights.error());
  self->weights_ = std::move(*weights);
  auto history = rated_history(*self->database_);
  if (!history) return tl::make_unexpected(history.error());
  self->history_ = std::move(*history);
  auto workers = plan_workers(config.evaluation, threads);
  if (!workers) return tl::make_unexpected(workers.error());
  auto gate = guard::BurstGate::create();
  if (!gate) return tl::make_unexpected(gate.error());
  self->gate_ = std::move(*gate);
  self->mode_ = mode.value_or(workers->mode);
  self->worker_threads_ = workers->threads;
  workers->options.burst_gate = self->gate_;
  auto supervisor = guard::Supervisor::start(std::move(workers->options), guard::Gate::make(workers->at_once), clock);
  if (!supervisor) return tl::make_unexpected(supervisor.error());
  self->supervisor_ = std::move(*supervisor);
  // The worker loads libtorch now, while nothing trains yet: beside training that would cost the first evaluation its
  // latency and the ledger a second.
  self->gate_->open();
  if (const auto id = self->supervisor_->submit(warm_up_job())) (void)self->supervisor_->wait(*id, kWarmUpS);
  if (auto checked = check_engines(*self->supervisor_, self->request_); !checked)
    return tl::make_unexpected(checked.error());
  if (self->mode_ == guard::GovernorMode::kSpareCores) self->cpu_per_pause_ = self->worker_threads_;
  self->make_governor(false);
  return self;
}

Result<void> PeriodicEvaluation::open_memory(const config::Config& config, const std::filesystem::path& run) {
  const config::Evaluation& e = config.evaluation;
  savedir_ = config.logging.savedir;
  rollback_file_ = run / "rollback.json";
  std::error_code error;
  if (std::filesystem::exists(rollback_file_, error)) {
    auto text = read_text(rollback_file_, guard::kMaxRollbackBytes);
    auto kept = text ? guard::decode_rollback(*text) : tl::make_unexpected(text.error());
    if (!kept)
      return fail(Code::kBadData, rollback_file_.string() + ": " + kept.error().message,
                  "move it away to begin counting violations anew");
    rollback_.restore(std::move(*kept));
    if (const auto& off = rollback_.reason()) {
      enabled_ = false;
      bus_.publish(telemetry::evaluation_rolled_back(0, off->clause, "still in force: " + off->sentence));
    }
  }
  if (e.save_games) games_ = run / "games";
  if (e.opponent_source == "pool") {
    auto sampling = evaluation::parse_pool_sampling(e.pool_sampling);
    if (!sampling) return tl::make_unexpected(sampling.error());
    auto pool = RunPool::open(run / "pool", {e.previous_model_pool_size, e.pool_milestone_ratio, *sampling});
    if (!pool) return tl::make_unexpected(pool.error());
    pool_.emplace(std::move(*pool));
  }
  if (e.strategy == "ladder") {
    ladder_ = run / "ladder.json";
    auto ratings = read_ladder(ladder_, evaluation::protocol_hash(request_));
    if (!ratings) return tl::make_unexpected(ratings.error());
    request_.ladder.elo.ratings = std::move(*ratings);
  }
  return {};
}

/// From the pool where that is asked for; the configured opponent is the baseline while it is empty.
void PeriodicEvaluation::choose_opponents(evaluation::Request& request, std::int64_t step) {
  if (!pool_ || request.strategy == "benchmark") return;
  const bool single = request.strategy == "single_opponent";
  const evaluation::Opponent baseline =
      single ? evaluation::Opponent{request_.opponent, request_.opponent_id} : request_.opponents.front();
  auto drawn = pool_->opponents(baseline, request_.seed, static_cast<std::uint64_t>(step),
                                single ? 1 : options_.num_opponents_per_evaluation);
  if (single) {
    request.opponent = drawn.front().spec;
    request.opponent_id = drawn.front().id;
  } else {
    request.opponents = std::move(drawn);
  }
}

/// What later evaluations start from: ladder ratings, results against the pool, and the newest weights in it.
void PeriodicEvaluation::remember(const EvaluationOutcome& outcome, const std::vector<std::byte>& weights) {
  const auto told = [&](const Result<void>& done, const char* what) {
    if (!done) bus_.publish(telemetry::warning(outcome.step, std::string(what) + " not kept: " + done.error().message));
  };
  if (outcome.summary.ladder && !ladder_.empty()) {
    request_.ladder.elo.ratings = outcome.summary.ladder->ratings;
    told(write_ladder(ladder_, outcome.summary.protocol, request_.ladder.elo.ratings), "ladder ratings were");
  }
  if (!pool_) return;
  told(pool_->record(outcome.games), "results against the pool were");
  const auto change = pool_->add(outcome.step, weights, outcome.request.agent_id);
  if (change)
    publish_promotions(bus_, outcome.step, *change);
  else
    told(tl::make_unexpected(change.error()), "the weights for the pool were");
}

void PeriodicEvaluation::make_governor(bool anew) {
  guard::GovernorOptions options = guard::GovernorOptions::from(options_, request_.seed, mode_);
  if (anew) options.start_credit_s = 0;  // once a training
  governor_ = std::make_unique<guard::Governor>(options, clock_, std::make_unique<guard::ProcMachine>(), gate_);
  for (auto& [id, pending] : pending_) pending.alone = false;  // its pauses stand in another ledger
}

void PeriodicEvaluation::submit(std::int64_t step, std::span<const std::byte> weights, const std::string& weights_id) {
  last_submitted_ = step;
  if (!enabled_) return;
  const double now_s = clock_.monotonic_s();
  if (asked_s_) interval_s_ = now_s - *asked_s_;
  asked_s_ = now_s;
  governor_->contaminate(guard::PairDrop::kWeightSync);
  if (deferred_) {
    bus_.publish(telemetry::evaluation_admission(
        deferred_->step, "skip", "newer",
        "evaluation of step " + std::to_string(deferred_->step) + " was skipped: a newer one is due"));
    deferred_.reset();
  }
  Deferred snapshot{step, {weights.begin(), weights.end()}, weights_id, now_s, now_s};
  if (training_ && targets_.enforced)
    plan(std::move(snapshot), true);
  else
    start(snapshot, request_.num_games);
}

void PeriodicEvaluation::plan(Deferred snapshot, bool first) {
  const double now_s = clock_.monotonic_s();
  const guard::GovernorStatus status = governor_->status();
  const guard::AdmissionRequest request{.kind = "periodic",
                                        .games = request_.num_games,
                                        .deadline_s = targets_.timeout_s,
                                        .latency_s = targets_.latency_ms / 1000,
                                        .interval_s = interval_s_.value_or(targets_.timeout_s),
                                        .deferred_s = now_s - snapshot.since_s};
  const double cost_s = planner_.cost_per_game_s(request.kind).value_or(0);
  const double warm_up_s = warming_ ? planner_.cost_per_game_s(kWarmUp).value_or(kWarmUpCpuS) : 0;
  guard::AdmissionMeans means{
      .credit_s = status.credit_s,
      .bank_s = status.bank_s,
      .duty = status.duty_percent / 100,
      .cpu_per_pause_s = cpu_per_pause_,
      .queued_cpu_s = warm_up_s + cost_s * static_cast<double>(pending_.size()) * request_.num_games,
      .shut_for_s = status.shut_for_s};
  if (mode_ == guard::GovernorMode::kSpareCores) means.duty = 1;
  const guard::Admission admission = planner_.plan(request, means);
  if (admission.decision != guard::AdmissionDecision::kFits &&
      (first || admission.decision != guard::AdmissionDecision::kDefer))
    bus_.publish(telemetry::evaluation_admission(
        snapshot.step, guard::name(admission.decision), guard::name(admission.reason),
        "evaluation of step " + std::to_string(snapshot.step) + ": " + admission.sentence));
  switch (admission.decision) {
    case guard::AdmissionDecision::kFits:
    case guard::AdmissionDecision::kFewerGames:
      start(snapshot, admission.games);
      break;
    case guard::AdmissionDecision::kDefer:
      snapshot.until_s = now_s + admission.wait_s;
      deferred_ = std::move(snapshot);
      break;
    case guard::AdmissionDecision::kSkip:
      break;
  }
}

void PeriodicEvaluation::start(const Deferred& snapshot, int games) {
  evaluation::Request request = request_;
  request.num_games = games;
  request.seed = request_.seed + static_cast<std::uint64_t>(snapshot.step);  // other openings each time
  choose_opponents(request, snapshot.step);
  evaluation::visit_players(request, [&](const evaluation::PlayerSpec& player, std::string& id) {
    if (player.kind == evaluation::PlayerKind::kLive) id = snapshot.weights_id;
  });
  auto weights = pool_ ? load_players(request, weights_reader(savedir_)) : weights_;
  if (weights) (*weights)[snapshot.weights_id] = snapshot.weights;
  auto job = weights ? make_job("periodic", request, guard::limits_for(targets_, request.timeout_per_game_s), *weights)
                     : tl::make_unexpected(weights.error());
  auto id = job ? supervisor_->submit(std::move(*job)) : tl::make_unexpected(job.error());
  if (id)
    pending_.emplace(
        *id, Pending{snapshot.step, std::move(request), targets_, pool_ ? snapshot.weights : std::vector<std::byte>{},
                     governor_->ledger().paused_s(), pending_.empty() && !warming_});
  else
    bus_.publish(telemetry::warning(snapshot.step, "evaluation at step " + std::to_string(snapshot.step) +
                                                       " was not started: " + id.error().message));
}

void PeriodicEvaluation::collect(std::int64_t step) {
  for (const guard::JobReport& report : supervisor_->collect()) conclude_job(report);
  if (deferred_ && enabled_ && clock_.monotonic_s() >= deferred_->until_s) {
    Deferred snapshot = std::move(*deferred_);
    deferred_.reset();
    plan(std::move(snapshot), false);
  }
  if (worker_may_be_gone_ && training_ && enabled_ && pending_.empty() && !warming_) keep_warm();
  publish_governor(bus_, step, governor_->take_events());
  publish_breaker(step);
}

// A worker is replaced after so many games. The next one loads libtorch between two evaluations, paid like these, or
// else the first result of the next would have to wait for it.
void PeriodicEvaluation::keep_warm() {
  const guard::Snapshot status = supervisor_->status();
  const auto idle = [](const guard::WorkerStatus& worker) { return worker.state == "idle"; };
  if (!std::all_of(status.workers.begin(), status.workers.end(), idle)) return;  // it is still ending
  worker_may_be_gone_ = false;
  if (!status.workers.empty()) return;
  guard::Job job = warm_up_job();
  job.limits = guard::limits_for(targets_, request_.timeout_per_game_s);
  if (const auto id = supervisor_->submit(std::move(job))) warming_ = *id;
}

void PeriodicEvaluation::conclude_job(const guard::JobReport& report) {
  if (warming_ == report.id) {
    warming_.reset();
    if (report.performance.worker_cpu_s) planner_.learn(kWarmUp, 1, *report.performance.worker_cpu_s);
    return;
  }
  const auto found = pending_.find(report.id);
  if (found == pending_.end()) return;
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  if (report.end == guard::JobEnd::kReplaced) {
    bus_.publish(telemetry::evaluation_admission(pending.step, "skip", "newer",
                                                 "evaluation of step " + std::to_string(pending.step) +
                                                     " was skipped: a newer one was due before it could begin"));
    return;
  }
  worker_may_be_gone_ = report.end == guard::JobEnd::kDone;
  EvaluationOutcome outcome = conclude(pending.step, pending.request, report, pending.targets);
  learn_pause(pending, report);
  if (report.performance.worker_cpu_s)
    planner_.learn("periodic", static_cast<int>(outcome.games.size()), *report.performance.worker_cpu_s,
                   report.performance.first_result_cpu_s);
  if (pending.targets.enforced) set_impact(outcome, governor_->impact());
  if (report.end != guard::JobEnd::kDone)
    bus_.publish(telemetry::warning(pending.step, "evaluation of step " + std::to_string(pending.step) +
                                                      " ended early (" + guard::name(report.end) +
                                                      "): " + report.detail + "; training goes on"));
  if (auto stored = store_outcome(*database_, outcome, clock_.utc_ms(), history_); !stored)
    bus_.publish(telemetry::warning(pending.step, "evaluation of step " + std::to_string(pending.step) +
                                                      " was not stored: " + stored.error().message));
  if (!games_.empty()) {
    const auto path = games_ / (std::filesystem::path(store::checkpoint_name(pending.step)).stem().string() + ".jsonl");
    if (auto written = evaluation::write_records(path, outcome.games); !written)
      bus_.publish(telemetry::warning(pending.step, "game records were not written: " + written.error().message));
  }
  remember(outcome, pending.weights);
  publish_outcome(bus_, outcome);
  if (training_ && enabled_ && targets_.enforced) {
    const guard::RollbackState before = rollback_.state();
    if (const auto off = rollback_.count(outcome.verdicts)) {
      enable(false);
      bus_.publish(telemetry::evaluation_rolled_back(pending.step, off->clause, off->sentence));
    }
    if (rollback_.state() != before) keep_rollback(pending.step);
  }
  outcomes_.push_back(std::move(outcome));
}

// What a pause buys: the worker's threads have the cores of training for its length.
void PeriodicEvaluation::learn_pause(const Pending& pending, const guard::JobReport& report) {
  const double paused_s = governor_->ledger().paused_s() - pending.paused_s;
  if (!pending.alone || !pending_.empty() || !training_ || report.end != guard::JobEnd::kDone) return;
  if (!report.performance.worker_cpu_s || !(paused_s > 0)) return;
  const double bought = *report.performance.worker_cpu_s / paused_s;
  if (bought < kLeastCpuPerPause) return;
  cpu_per_pause_ += guard::kCostWeight * (std::min<double>(bought, worker_threads_) - cpu_per_pause_);
}

void PeriodicEvaluation::keep_rollback(std::int64_t step) {
  if (auto written = write_durably(rollback_file_, guard::encode(rollback_.state())); !written)
    bus_.publish(telemetry::warning(step, "violations in a row were not kept: " + written.error().message));
}

void PeriodicEvaluation::publish_breaker(std::int64_t step) {
  const guard::Snapshot status = supervisor_->status();
  if (status.breaker == breaker_) return;
  breaker_ = status.breaker;
  bus_.publish(telemetry::breaker_changed(
      step, breaker_, status.breaker_reason.empty() ? "evaluations are started again" : status.breaker_reason));
}

void PeriodicEvaluation::enable(bool enabled) {
  if (enabled == enabled_) return;
  enabled_ = enabled;
  if (enabled) {
    rollback_.reset();
    keep_rollback(last_submitted_);
    gate_->shut();
    return;
  }
  deferred_.reset();
  for (const auto& [id, pending] : pending_) supervisor_->cancel(id);
  gate_->open();  // what is being stopped must not wait for a burst that nobody gives any more
}

void PeriodicEvaluation::apply(const config::Evaluation& evaluation) {
  const bool same_means = evaluation.duty_percent == options_.duty_percent &&
                          evaluation.burst_ms == options_.burst_ms &&
                          evaluation.max_stall_ms == options_.max_stall_ms &&
                          evaluation.training_impact_limit_percent == options_.training_impact_limit_percent;
  options_ = evaluation;
  targets_ = guard::Targets::from(evaluation, static_cast<int>(std::thread::hardware_concurrency()));
  request_.num_games = evaluation.num_games;
  rollback_.set_after(evaluation.rollback_after_violations);
  supervisor_->set_limit(
      guard::gate_limit(evaluation.max_concurrent_evaluations, static_cast<int>(std::thread::hardware_concurrency())));
  if (!same_means) make_governor(true);
}

void PeriodicEvaluation::add_metrics(telemetry::Event& event) {
  add_evaluation_metrics(event, supervisor_->status(), governor_->status(), enabled_);
}

void PeriodicEvaluation::release() {
  training_ = false;
  governor_->release();
}

void PeriodicEvaluation::finish(double timeout_s, const std::function<bool()>& keep_waiting) {
  const double deadline_s = clock_.monotonic_s() + timeout_s;
  while (!pending_.empty() && clock_.monotonic_s() < deadline_s && keep_waiting()) {
    (void)supervisor_->wait(pending_.begin()->first, 0.1);
    for (const guard::JobReport& report : supervisor_->collect()) conclude_job(report);
  }
}

}  // namespace keisei::app
