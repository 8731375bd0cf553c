#include "app/torch/session.h"

#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "app/run_outlets.h"
#include "app/torch/gpu_use.h"
#include "app/torch/machine_facts.h"
#include "app/torch/periodic_evaluation.h"
#include "app/torch/signals.h"
#include "app/torch/training_spread.h"
#include "app/torch/update_event.h"
#include "app/torch/weights.h"
#include "config/reload.h"
#include "config/rollout.h"
#include "dashboard/progress.h"
#include "shogi/notation.h"
#include "store/run_directory.h"
#include "telemetry/bus.h"
#include "telemetry/database_outlet.h"
#include "telemetry/evaluation_events.h"
#include "telemetry/game_events.h"
#include "telemetry/json_log.h"
#include "telemetry/prometheus_outlet.h"

namespace keisei::app {
namespace {

class Session {
 public:
  Session(const config::Config& config, const Clock& clock) : config_(config), clock_(clock), plan_(plan_of(config)) {}

  Result<void> open(const std::optional<ResumePoint>& resume, const std::vector<std::string>& warnings) {
    auto device = net::resolve_device(config_.env.device);
    if (!device) return tl::make_unexpected(device.error());
    device_ = *device;
    auto run = resume ? store::RunDirectory::resume(resume->run) : create_run();
    if (!run) return tl::make_unexpected(run.error());
    run_.emplace(std::move(*run));
    const store::RunPaths& paths = run_->paths();
    config_.logging.run_name = paths.name();
    checkpoints_.emplace(paths.checkpoints(), config_.logging.keep_checkpoints);
    auto opened = store::open_or_rebuild(paths.database(), *checkpoints_);
    if (!opened) return tl::make_unexpected(opened.error());
    database_ = std::make_shared<store::RunDatabase>(std::move(opened->database));
    auto log = telemetry::JsonLog::open(paths.log());
    if (!log) return tl::make_unexpected(log.error());
    RunOutlets chosen = run_outlets(config_, paths.root, clock_.utc_ms());
    if (chosen.sync) sync_.emplace(std::move(*chosen.sync));
    std::vector<std::shared_ptr<telemetry::Outlet>> outlets = {
        std::move(*log), std::make_shared<telemetry::DatabaseOutlet>(database_),
        std::make_shared<telemetry::PrometheusOutlet>(paths.metrics(), paths.name()),
        dashboard::make_progress_view(2, config_.display.plain, config_.display.quiet, dashboard::ColourWish::kAuto,
                                      config_.display.refresh_per_second, config_.display.full_screen)};
    outlets.insert(outlets.end(), chosen.outlets.begin(), chosen.outlets.end());
    bus_ = std::make_unique<telemetry::Bus>(clock_, std::move(outlets));
    bus_->publish({.kind = "run.start",
                   .step = 0,
                   .utc_ms = 0,
                   .metrics = {{"progress/total_timesteps", static_cast<double>(total_timesteps())},
                               {"checkpoint/interval_timesteps",
                                static_cast<double>(config_.training.checkpoint_interval_timesteps)},
                               {"evaluation/interval_timesteps",
                                static_cast<double>(config_.evaluation.evaluation_interval_timesteps)}},
                   .texts = {{"run", paths.name()}, {"directory", paths.root.string()}, {"device", *device}}});
    for (const std::string& note : opened->notes) warn(note);
    for (const std::string& warning : chosen.warnings) warn(warning);
    for (const std::string& warning : warnings) warn(warning);

    config_text_ = config::to_yaml(config_);
    if (auto written = run_->write_config(config_text_); !written) return written;
    if (auto loaded = load_state(resume, *device); !loaded) return loaded;
    if (auto switched = switch_evaluation("configuration"); !switched) return switched;
    std::map<std::string, std::string> facts = {{"name", paths.name()},
                                                {"status", "running"},
                                                {"pid", std::to_string(::getpid())},
                                                {"config_hash", config::hash(config_)},
                                                {"seed", std::to_string(config_.env.seed)},
                                                {"environment", compute_environment(config_)},
                                                {"build", version_text()}};
    if (!resume) facts["started"] = std::to_string(clock_.utc_ms());
    return database_->set_meta(facts);
  }

  Result<void> train(const StopSignals& signals, const ReloadSignal& hangup) {
    start_s_ = clock_.monotonic_s();
    start_steps_ = state_.counters.timesteps;
    while (state_.counters.updates < plan_.updates && signals.received() == 0) {
      if (auto done = update(); !done) return done;
      const bool last = state_.counters.updates == plan_.updates || signals.received() != 0;
      if (crossed(config_.training.checkpoint_interval_timesteps) || save_pending_) {
        if (auto saved = save(); !saved) {
          save_pending_ = true;  // tried again after the next update; training goes on
          warn(saved.error().message + "; training goes on and tries again");
        }
      }
      if (hangup.take()) reload();
      if (evaluation_) {
        evaluation_->collect(state_.counters.timesteps);
        if (!last && crossed(config_.evaluation.evaluation_interval_timesteps)) submit_evaluation();
      }
      report();
      if (evaluation_) (void)evaluation_->step(kOtherStep, 1);
    }
    // Here and not in the loop: a signal may come at any moment of it, and no update is lost.
    if (saved_steps_ != state_.counters.timesteps) {
      if (auto saved = save(); !saved) return saved;
    }
    wall_s_ = clock_.monotonic_s() - start_s_;
    if (evaluation_ && evaluation_->enabled() && signals.received() == 0) {
      evaluation_->release();
      if (evaluation_->last_submitted() != state_.counters.timesteps) submit_evaluation();
      evaluation_->finish(config_.evaluation.evaluation_timeout_seconds, [&] { return signals.received() == 0; });
    }
    return {};
  }

  /// Ends the run in the database and returns what it came to.
  SessionResult close(const std::string& status, int signal) {
    SessionResult result;
    result.run = run_->paths().name();
    result.directory = run_->paths().root;
    result.counters = state_.counters;
    result.updates_total = plan_.updates;
    result.steps_here = state_.counters.timesteps - start_steps_;
    result.wall_s = wall_s_;
    result.weights_sha256 = weights_sha256(state_.network->parameters());
    result.checkpoint = last_checkpoint_;
    result.signal = signal;
    if (evaluation_) {
      result.evaluations = evaluation_->outcomes();
      result.governor = evaluation_->governor().status();
    }
    bus_->publish({.kind = "run.end",
                   .step = state_.counters.timesteps,
                   .utc_ms = 0,
                   .metrics = {},
                   .texts = {{"status", status}}});
    (void)bus_->flush(std::chrono::milliseconds(3000));
    result.dropped_events = bus_->dropped();
    (void)database_->set_meta({{"status", status},
                               {"finished", std::to_string(clock_.utc_ms())},
                               {"weights_sha256", result.weights_sha256},
                               {"wall_s", std::to_string(wall_s_)}});
    evaluation_.reset();
    bus_.reset();
    return result;
  }

  [[nodiscard]] bool opened() const { return state_.network != nullptr && bus_ != nullptr; }

 private:
  Result<store::RunDirectory> create_run() {
    const std::string name =
        config_.logging.run_name.empty() ? store::default_run_name(clock_.utc_ms()) : config_.logging.run_name;
    return store::RunDirectory::create(config_.logging.savedir, name);
  }

  Result<void> load_state(const std::optional<ResumePoint>& resume, const std::string& device) {
    if (!resume) {
      auto fresh = fresh_state(config_, device);
      if (!fresh) return tl::make_unexpected(fresh.error());
      state_ = std::move(*fresh);
    } else {
      auto loaded =
          resume->checkpoint.empty() ? checkpoints_->newest_valid() : store::load_checkpoint(resume->checkpoint);
      if (!loaded) return tl::make_unexpected(loaded.error());
      for (const auto& rejected : loaded->rejected)
        warn("checkpoint " + rejected.path.filename().string() + " was passed over (" + rejected.reason +
             "), kept as " + rejected.kept_as.filename().string());
      auto state = read_state(loaded->file, config_, device);
      if (!state) return tl::make_unexpected(state.error());
      state_ = std::move(*state);
      last_checkpoint_ = loaded->path;
      saved_steps_ = state_.counters.timesteps;
      if (auto aside = set_newer_aside(loaded->step); !aside) return aside;
      const auto environment = loaded->file.meta("environment");
      if (!environment || *environment != compute_environment(config_))
        warn("not bitwise: the checkpoint was written by '" + environment.value_or("an unknown build") +
             "', this is '" + compute_environment(config_) + "'");
      bus_->publish(telemetry::message(state_.counters.timesteps, "resumed at step " +
                                                                      std::to_string(state_.counters.timesteps) +
                                                                      " from " + loaded->path.filename().string()));
    }
    rollout_.resize(plan_.plies_per_update, config_.selfplay.games, config_.training.shards);
    return {};
  }

  /// Checkpoints after the one that is resumed belong to a future that is given up; they are kept under another name.
  Result<void> set_newer_aside(std::int64_t step) {
    auto files = checkpoints_->list();
    if (!files) return tl::make_unexpected(files.error());
    for (const auto& file : *files) {
      if (file.step <= step) continue;
      std::error_code error;
      std::filesystem::rename(file.path, file.path.string() + ".superseded", error);
      if (error) return fail(Code::kFailure, "cannot rename " + file.path.string() + ": " + error.message());
      warn("checkpoint " + file.path.filename().string() + " is newer than the one resumed; kept as .superseded");
    }
    return {};
  }

  [[nodiscard]] std::int64_t total_timesteps() const { return plan_.updates * config_.training.steps_per_epoch; }

  void warn(std::string text) { bus_->publish(telemetry::warning(state_.counters.timesteps, std::move(text))); }

  /// Whether the last update passed a multiple of `interval` plies.
  [[nodiscard]] bool crossed(std::int64_t interval) const {
    const std::int64_t now = state_.counters.timesteps;
    return now / interval != (now - config_.training.steps_per_epoch) / interval;
  }

  Result<void> update() {
    phases_ = {};
    const double begin_s = clock_.monotonic_s();
    double paused_s = 0;
    selfplay::Between between;
    if (evaluation_)
      between = {[&] { return evaluation_->wants_rest(); },
                 [&](std::int64_t plies) { paused_s += evaluation_->step(kSelfPlayStep, static_cast<double>(plies)); }};
    const selfplay::GameStats games = state_.arena->play(*state_.network, *state_.league, rollout_, between);
    phases_.selfplay = clock_.monotonic_s() - begin_s - paused_s;
    phases_.evaluate = std::exchange(paused_s, 0);
    const double played_s = clock_.monotonic_s();
    auto stats = state_.learner->update(rollout_, state_.counters.updates, plan_.threads, [&] {
      if (evaluation_) paused_s += evaluation_->step(kLearnStep, 1);
    });
    if (!stats) return tl::make_unexpected(stats.error());
    phases_.learn = clock_.monotonic_s() - played_s - paused_s;
    phases_.evaluate += paused_s;
    stats_ = *stats;
    games_ = games;
    state_.counters.games.add(games);
    ++state_.counters.updates;
    state_.counters.timesteps += config_.training.steps_per_epoch;
    if (state_.counters.updates % config_.selfplay.snapshot_interval_updates == 0) {
      auto snapshot = net::Network::create(state_.network->architecture(), state_.network->parameters(), device_);
      if (!snapshot) return tl::make_unexpected(snapshot.error());
      state_.league->add(state_.counters.timesteps, std::move(*snapshot));
    }
    return {};
  }

  Result<void> save() {
    const double begin_s = clock_.monotonic_s();
    if (evaluation_) evaluation_->disturbed(guard::PairDrop::kCheckpoint);
    auto saved = checkpoints_->save(state_.counters.timesteps, store::encode(to_file(state_, config_, config_text_)));
    phases_.save += clock_.monotonic_s() - begin_s;
    if (!saved) return tl::make_unexpected(saved.error());
    save_pending_ = false;
    last_checkpoint_ = saved->path;
    saved_steps_ = state_.counters.timesteps;
    if (auto row = database_->add_checkpoint({saved->step, saved->path.filename().string(), saved->sha256,
                                              static_cast<std::int64_t>(saved->bytes), clock_.utc_ms()});
        !row)
      warn("the checkpoint is saved, its row in the run database is not: " + row.error().message);
    std::vector<std::int64_t> pruned;
    for (const auto& path : saved->pruned)
      pruned.push_back(std::stoll(path.stem().string().substr(path.stem().string().find('-') + 1)));
    if (auto removed = database_->remove_checkpoints(pruned); !removed)
      warn("rows of pruned checkpoints stay in the run database: " + removed.error().message);
    telemetry::Event told{.kind = "checkpoint",
                          .step = saved->step,
                          .utc_ms = 0,
                          .metrics = {{"checkpoint/bytes", static_cast<double>(saved->bytes)}},
                          .texts = {{"file", saved->path.filename().string()}, {"sha256", saved->sha256}}};
    if (config_.logging.tensorboard || config_.wandb.enabled)
      add_spread(told, rollout_, *state_.learner, *state_.network);
    bus_->publish(std::move(told));
    return {};
  }

  /// Puts the switch (and the share of runs it is rolled out to) into effect; `why` it is looked at.
  Result<void> switch_evaluation(const std::string& why) {
    const store::RunPaths& paths = run_->paths();
    const bool on = config::periodic_evaluation_on(config_, paths.name());
    if (on && !evaluation_) {
      auto evaluation = PeriodicEvaluation::create(config_, clock_, *bus_, database_, paths.root, plan_.threads);
      if (!evaluation) return tl::make_unexpected(evaluation.error());
      evaluation_ = std::move(*evaluation);
      if (!evaluation_->enabled()) return {};  // rolled back before it was resumed, as it has said
    } else if (evaluation_) {
      evaluation_->enable(on);
    }
    bus_->publish(telemetry::evaluation_switched(state_.counters.timesteps, on, why,
                                                 config::periodic_evaluation_why(config_, paths.name())));
    return {};
  }

  /// SIGHUP: reads the evaluation section of the run's config.yaml again. A faulty file changes nothing.
  void reload() {
    auto reloaded = config::reload_evaluation(run_->paths().config(), config_, machine_facts());
    if (!reloaded) {
      warn("the configuration was not read again: " + reloaded.error().message);
      return;
    }
    for (const std::string& text : reloaded->warnings) warn(text);
    for (const std::string& text : reloaded->not_changed) warn(text);
    std::string changes;
    for (const std::string& text : reloaded->changed) changes += (changes.empty() ? "" : "; ") + text;
    config_ = reloaded->config;
    config_text_ = config::to_yaml(config_);
    telemetry::Event told =
        telemetry::message(state_.counters.timesteps,
                           "the evaluation section was read again: " + (changes.empty() ? "no change" : changes));
    told.metrics.emplace_back("evaluation/interval_timesteps",
                              static_cast<double>(config_.evaluation.evaluation_interval_timesteps));
    bus_->publish(std::move(told));
    if (evaluation_) evaluation_->apply(config_.evaluation);
    if (auto switched = switch_evaluation("reload"); !switched) warn(switched.error().message);
  }

  void submit_evaluation() {
    const Weights weights = encode_weights(*state_.network, {config_.selfplay.mate_in_one});
    evaluation_->submit(state_.counters.timesteps, weights.bytes, weights.id);
  }

  void report() {
    const double elapsed_s = clock_.monotonic_s() - start_s_;
    telemetry::Event event = update_event({.counters = state_.counters,
                                           .total_timesteps = total_timesteps(),
                                           .steps_here = state_.counters.timesteps - start_steps_,
                                           .elapsed_s = elapsed_s,
                                           .cpu_percent = cpu_.percent_since_last(elapsed_s),
                                           .phases = phases_,
                                           .stats = stats_,
                                           .games = games_});
    if (evaluation_) evaluation_->add_metrics(event);
    gpu_.add_metrics(event);
    bus_->publish(std::move(event));
    publish_samples();
  }

  /// The position of one running game and of one that has just ended, for whoever looks on.
  void publish_samples() {
    ended_ += games_.finished;
    const double now_s = clock_.monotonic_s();
    if (now_s - sampled_s_ < telemetry::kLeastSampleGap_s) return;
    sampled_s_ = now_s;
    const shogi::Position& position = state_.arena->position(0);
    const std::string last = position.plies_played() > 0 ? shogi::to_usi(position.last_move()) : "";
    bus_->publish(telemetry::game_sample(
        state_.counters.timesteps,
        {.sfen = position.sfen(), .last_move = last, .black = {}, .white = {}, .winner = {}, .reason = {}}));
    if (const selfplay::FinishedGame* game = state_.arena->finished())
      bus_->publish(finished_game_event(state_.counters.timesteps, *game, std::exchange(ended_, 0) - 1));
  }

  config::Config config_;
  const Clock& clock_;
  TrainingPlan plan_;
  std::string config_text_;
  std::string device_;  ///< resolved
  std::optional<store::RunDirectory> run_;
  std::optional<store::CheckpointStore> checkpoints_;
  std::shared_ptr<store::RunDatabase> database_;
  std::optional<WandbSync> sync_;  ///< ends after the bus, when its folder is whole
  std::unique_ptr<telemetry::Bus> bus_;
  TrainingState state_;
  std::unique_ptr<PeriodicEvaluation> evaluation_;
  selfplay::Rollout rollout_;
  std::filesystem::path last_checkpoint_;
  bool save_pending_ = false;
  Phases phases_;
  learner::UpdateStats stats_;
  selfplay::GameStats games_;
  double start_s_ = 0, wall_s_ = 0;
  double sampled_s_ = -telemetry::kLeastSampleGap_s;  ///< when a game was last shown
  std::int64_t ended_ = 0;                            ///< games, since one was shown
  std::int64_t start_steps_ = 0;
  std::int64_t saved_steps_ = 0;  ///< of last_checkpoint_
  ProcessorUse cpu_;
  GpuUse gpu_;
};

}  // namespace

Result<SessionResult> run_session(const Resolved& resolved, const Clock& clock) {
  const StopSignals signals;
  const ReloadSignal hangup;
  net::set_compute_threads(1);
  Session session(resolved.loaded.config, clock);
  auto opened = session.open(resolved.resume, resolved.loaded.warnings);
  auto trained = opened ? session.train(signals, hangup) : opened;
  if (!trained) {
    if (session.opened()) (void)session.close("failed", 0);
    return tl::make_unexpected(trained.error());
  }
  const int signal = signals.received();
  return session.close(signal == 0 ? "finished" : "interrupted", signal);
}

}  // namespace keisei::app
