#include "app/torch/periodic_evaluation.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "app/torch/weights.h"
#include "evaluation/record_file.h"
#include "store/checkpoint.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // the shadow memory would count as the worker's data
#else
constexpr bool kSanitized = false;
#endif

constexpr double kWarmUpS = 5;  ///< longest that training waits for its evaluation worker to start

double or_unknown(const std::optional<double>& value) { return value.value_or(telemetry::kUnknown); }
}  // namespace

Result<guard::SupervisorOptions> supervisor_options(const config::Evaluation& evaluation) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(Code::kFailure, "cannot find this program: " + error.message());
  guard::SupervisorOptions options;
  options.launcher = (self.parent_path() / "keisei").string();
  options.worker = {(self.parent_path() / "keisei-torch").string(), "__worker"};
  options.process_restart_threshold = evaluation.process_restart_threshold;
  options.limit_data = !kSanitized;
  for (const std::string& program : {options.launcher, options.worker.front()})
    if (::access(program.c_str(), X_OK) != 0)
      return fail(Code::kFailure, "evaluation needs the program " + program + ", which is missing",
                  "keep keisei and keisei-torch in one directory");
  return options;
}

void publish_outcome(telemetry::Bus& bus, const EvaluationOutcome& outcome) {
  const evaluation::Summary& s = outcome.summary;
  const auto interval = evaluation::score_interval(s.total);
  const auto elo = evaluation::elo_interval(s.total);
  const auto share = [&](int count) { return or_unknown(evaluation::share(count, s.total)); };
  telemetry::Event event;
  event.kind = "evaluation";
  event.step = outcome.step;
  event.metrics = {{"evaluation/step", static_cast<double>(outcome.step)},
                   {"evaluation/win_rate", share(s.total.wins)},
                   {"evaluation/loss_rate", share(s.total.losses)},
                   {"evaluation/draw_rate", share(s.total.draws)},
                   {"evaluation/score", or_unknown(evaluation::score(s.total))},
                   {"evaluation/score_low", interval ? interval->low : telemetry::kUnknown},
                   {"evaluation/score_high", interval ? interval->high : telemetry::kUnknown},
                   {"evaluation/wins", s.total.wins},
                   {"evaluation/losses", s.total.losses},
                   {"evaluation/draws", s.total.draws},
                   {"evaluation/faults", s.total.faults},
                   {"evaluation/total_games", s.total.games()},
                   {"evaluation/avg_game_length", s.plies ? s.plies->mean : telemetry::kUnknown},
                   {"evaluation/elo", or_unknown(evaluation::elo(s.total))},
                   {"evaluation/elo_low", or_unknown(elo.low)},
                   {"evaluation/elo_high", or_unknown(elo.high)}};
  event.texts = {{"opponent", s.opponent}, {"strategy", s.strategy}, {"end", guard::name(outcome.end)}};
  if (!outcome.detail.empty()) event.texts.emplace_back("detail", outcome.detail);
  bus.publish(std::move(event));

  telemetry::Event performance{
      .kind = "evaluation.performance", .step = outcome.step, .utc_ms = 0, .metrics = {}, .texts = {}};
  telemetry::Event sla{.kind = "evaluation.sla", .step = outcome.step, .utc_ms = 0, .metrics = {}, .texts = {}};
  for (const guard::Metric& m : guard::sla_metrics(outcome.performance, outcome.verdicts))
    (m.name.starts_with("evaluation/sla/") ? sla : performance).metrics.emplace_back(m.name, or_unknown(m.value));
  bus.publish(std::move(performance));
  bus.publish(std::move(sla));
}

PeriodicEvaluation::PeriodicEvaluation(const config::Config& config, const Clock& clock, telemetry::Bus& bus,
                                       std::shared_ptr<store::RunDatabase> database)
    : clock_(clock),
      bus_(bus),
      database_(std::move(database)),
      targets_(guard::Targets::from(config.evaluation, static_cast<int>(std::thread::hardware_concurrency()))),
      ledger_(guard::LedgerOptions::from(config.evaluation), clock) {}

Result<std::unique_ptr<PeriodicEvaluation>> PeriodicEvaluation::create(const config::Config& config, const Clock& clock,
                                                                       telemetry::Bus& bus,
                                                                       std::shared_ptr<store::RunDatabase> database,
                                                                       const std::filesystem::path& games) {
  std::unique_ptr<PeriodicEvaluation> self(new PeriodicEvaluation(config, clock, bus, std::move(database)));
  auto request = request_from(config);
  if (!request) return tl::make_unexpected(request.error());
  self->request_ = *request;
  if (config.evaluation.save_games) self->games_ = games;
  if (request->opponent.kind == evaluation::PlayerKind::kCheckpoint) {
    auto weights = load_weights(request->opponent.path, config.logging.savedir);
    if (!weights) return tl::make_unexpected(weights.error());
    self->opponent_weights_ = std::move(weights->bytes);
    self->request_.opponent_id = weights->id;
  }
  auto history = rated_history(*self->database_);
  if (!history) return tl::make_unexpected(history.error());
  self->history_ = std::move(*history);
  auto options = supervisor_options(config.evaluation);
  if (!options) return tl::make_unexpected(options.error());
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  auto supervisor = guard::Supervisor::start(
      std::move(*options), guard::Gate::make(guard::gate_limit(config.evaluation.max_concurrent_evaluations, cores)),
      clock);
  if (!supervisor) return tl::make_unexpected(supervisor.error());
  self->supervisor_ = std::move(*supervisor);
  // The worker loads libtorch now, while nothing trains yet: beside training that would cost the first evaluation its
  // latency and the ledger a second.
  guard::Job warm_up;
  warm_up.kind = "warm-up";
  if (const auto id = self->supervisor_->submit(std::move(warm_up))) (void)self->supervisor_->wait(*id, kWarmUpS);
  return self;
}

void PeriodicEvaluation::submit(std::int64_t step, std::span<const std::byte> weights, const std::string& weights_id) {
  evaluation::Request request = request_;
  request.agent_id = weights_id;
  request.seed = request_.seed + static_cast<std::uint64_t>(step);  // other openings each time
  last_submitted_ = step;
  auto job = make_job("periodic", request, guard::limits_for(targets_, request.timeout_per_game_s), weights,
                      opponent_weights_);
  auto id = job ? supervisor_->submit(std::move(*job)) : tl::make_unexpected(job.error());
  if (id)
    pending_.emplace(*id, Pending{step, std::move(request)});
  else
    bus_.publish(telemetry::warning(
        step, "evaluation at step " + std::to_string(step) + " was not started: " + id.error().message));
}

void PeriodicEvaluation::collect() {
  for (const guard::JobReport& report : supervisor_->collect()) {
    const auto found = pending_.find(report.id);
    if (found == pending_.end()) continue;
    const Pending pending = std::move(found->second);
    pending_.erase(found);
    if (report.end == guard::JobEnd::kReplaced) {
      bus_.publish(telemetry::warning(pending.step, "evaluation of step " + std::to_string(pending.step) +
                                                        " was skipped: a newer one was due before it could begin"));
      continue;
    }
    EvaluationOutcome outcome = conclude(pending.step, pending.request, report, targets_);
    if (report.end != guard::JobEnd::kDone)
      bus_.publish(telemetry::warning(pending.step, "evaluation of step " + std::to_string(pending.step) +
                                                        " ended early (" + guard::name(report.end) +
                                                        "): " + report.detail + "; training goes on"));
    if (auto stored = store_outcome(*database_, outcome, clock_.utc_ms(), history_); !stored)
      bus_.publish(telemetry::warning(pending.step, "evaluation of step " + std::to_string(pending.step) +
                                                        " was not stored: " + stored.error().message));
    if (!games_.empty()) {
      const auto path =
          games_ / (std::filesystem::path(store::checkpoint_name(pending.step)).stem().string() + ".jsonl");
      if (auto written = evaluation::write_records(path, outcome.games); !written)
        bus_.publish(telemetry::warning(pending.step, "game records were not written: " + written.error().message));
    }
    publish_outcome(bus_, outcome);
    outcomes_.push_back(std::move(outcome));
  }
}

double PeriodicEvaluation::pause() {
  const auto burst_s = ledger_.burst_s(supervisor_->busy());
  if (!burst_s) return 0;
  const std::int64_t begin_ns = clock_.monotonic_ns();
  std::this_thread::sleep_for(std::chrono::duration<double>(*burst_s));
  const double paused_s = static_cast<double>(clock_.monotonic_ns() - begin_ns) * 1e-9;
  ledger_.pay(paused_s);
  return paused_s;
}

void PeriodicEvaluation::add_metrics(telemetry::Event& event) {
  const guard::Snapshot status = supervisor_->status();
  const auto running = std::ranges::count_if(status.workers, [](const auto& w) { return w.job != 0; });
  event.metrics.emplace_back("evaluation/queued", static_cast<double>(status.queued));
  event.metrics.emplace_back("evaluation/running", static_cast<double>(running));
  event.metrics.emplace_back("evaluation/credit_s", ledger_.credit_s());
  event.metrics.emplace_back("evaluation/paused_s", ledger_.paused_s());
}

void PeriodicEvaluation::finish(double timeout_s, const std::function<bool()>& keep_waiting) {
  const double deadline_s = clock_.monotonic_s() + timeout_s;
  while (!pending_.empty() && clock_.monotonic_s() < deadline_s && keep_waiting()) {
    (void)supervisor_->wait(pending_.begin()->first, 0.1);
    collect();
  }
}

}  // namespace keisei::app
