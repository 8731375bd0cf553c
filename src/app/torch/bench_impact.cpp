// keisei bench impact: does the experiment find what evaluation costs training, and nothing else? Each part runs the
// real training loop of the smallest preset on all cores: nothing to find (A/A), a planted loss, a noisy neighbour, and
// real evaluations at an interval. The promises are in ARCHITECTURE.md; here they are measured, nothing is judged.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/torch/commands.h"
#include "app/torch/periodic_evaluation.h"
#include "app/torch/training_state.h"
#include "app/torch/weights.h"
#include "app/torch/worker_plan.h"
#include "base/clock.h"
#include "base/scratch.h"
#include "config/load.h"
#include "guard/proc.h"
#include "guard/spawn.h"

namespace keisei::app {
namespace {
using nlohmann::ordered_json;

constexpr int kMinibatch = 256;          ///< so that a window of 20 steps lasts about a second
constexpr std::size_t kPairsOfRun = 30;  ///< clean pairs after which a run without a verdict ends
constexpr double kLongestRun_s = 150;    ///< also where a busy machine spoils the pairs
constexpr const char* kParts[] = {"real", "nothing", "planted_10", "planted_30", "neighbour"};
constexpr int kWaitingGames = 2000;  ///< more than get through between two runs
constexpr double kInterval_s = 60;   ///< between real evaluations
constexpr double kNeighbour_s = 3;   ///< the neighbour works so long, then rests so long

/// A training without an end, one update at a time, that tells each of its steps.
class Trainer {
 public:
  using Step = std::function<void(StepKind, double)>;

  static Result<Trainer> make(const config::Config& config) {
    auto state = fresh_state(config, "cpu");
    if (!state) return tl::make_unexpected(state.error());
    Trainer trainer;
    trainer.plan_ = plan_of(config);
    trainer.state_ = std::move(*state);
    trainer.rollout_.resize(trainer.plan_.plies_per_update, config.selfplay.games, config.training.shards);
    return trainer;
  }

  Result<void> update(const std::function<bool()>& wants_rest, const Step& step) {
    state_.arena->play(*state_.network, *state_.league, rollout_,
                       {wants_rest, [&](std::int64_t plies) { step(kSelfPlayStep, static_cast<double>(plies)); }});
    auto stats = state_.learner->update(rollout_, number_++, plan_.threads, [&] { step(kLearnStep, 1); });
    if (!stats) return tl::make_unexpected(stats.error());
    step(kOtherStep, 1);
    return {};
  }

  [[nodiscard]] const net::Network& network() const { return *state_.network; }
  [[nodiscard]] int threads() const { return plan_.threads; }

 private:
  TrainingPlan plan_;
  TrainingState state_;
  selfplay::Rollout rollout_;
  std::int64_t number_ = 0;
};

/// Another program on this machine that computes in bouts. This process has to start it, so its time is taken out of
/// what counts as our own.
class Neighbour final : public guard::MachineProbe {
 public:
  Neighbour(std::string program, const Clock& clock) : program_(std::move(program)), clock_(clock) {}

  guard::MachineCounters read() override {
    if (child_) spent_s_ = std::max(spent_s_, ended_s_ + guard::proc::cpu_s(child_->pid()).value_or(0));
    guard::MachineCounters counters = machine_.read();
    if (counters.own_s) *counters.own_s -= spent_s_;
    const bool works = static_cast<std::int64_t>(clock_.monotonic_s() / kNeighbour_s) % 2 == 0;
    if (works && !child_) {
      // By the launcher, so that it ends with this process however that ends.
      auto child = guard::spawn(
          {program_, {program_, "__launch", "--plain", "--", program_, "bench", "playout", "--runs", "1000"}, {}});
      if (child) child_.emplace(std::move(*child));
    } else if (!works && child_) {
      ended_s_ = spent_s_;
      child_.reset();
    }
    return counters;
  }
  std::optional<double> run_delay_s() override { return machine_.run_delay_s(); }

 private:
  std::string program_;
  const Clock& clock_;
  guard::ProcMachine machine_;
  std::optional<guard::Child> child_;
  double spent_s_ = 0;  ///< by all bouts
  double ended_s_ = 0;  ///< by those that are over
};

ordered_json or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json to_json(const guard::ImpactEstimate& e) {
  ordered_json dropped = ordered_json::object();
  for (std::size_t i = 0; i < guard::kPairDrops; ++i)
    if (e.counts.dropped[i] > 0) dropped[guard::name(static_cast<guard::PairDrop>(i))] = e.counts.dropped[i];
  return {{"verdict", guard::name(e.verdict)},
          {"percent", or_null(e.impact_percent)},
          {"low", or_null(e.impact_low_percent)},
          {"high", or_null(e.impact_high_percent)},
          {"pairs", e.counts.clean},
          {"dropped", dropped}};
}

bool covers(const guard::ImpactEstimate& e, double percent) {
  return !e.impact_low_percent || (*e.impact_low_percent <= percent && percent <= *e.impact_high_percent);
}

/// Runs of a governor on the real loop.
struct Part {
  const char* name;
  double planted = 0;  ///< share of each step that is lost while the gate may open
  bool waits = false;  ///< an evaluation waits at the shut gate meanwhile
  std::function<std::unique_ptr<guard::MachineProbe>()> probe;
};

std::vector<Part> parts_of(const std::string& program, const Clock& clock) {
  const auto plain = [] { return std::make_unique<guard::ProcMachine>(); };
  return {{"nothing", 0, true, plain},
          {"planted_10", 0.10, false, plain},
          {"planted_30", 0.30, false, plain},
          {"neighbour", 0, false, [=, &clock] { return std::make_unique<Neighbour>(program, clock); }}};
}

struct Run {
  guard::ImpactEstimate estimate;
  bool violated = false;
  double seconds = 0;
  std::optional<double> shut_after_s;  ///< from the verdict to the shut gate
};

Result<Run> run_once(Trainer& trainer, const config::Config& config, const Part& part, std::uint64_t seed,
                     const std::shared_ptr<guard::BurstGate>& gate) {
  const SystemClock clock;
  const auto mode = part.planted > 0 ? guard::GovernorMode::kBursts : guard::GovernorMode::kShut;
  guard::Governor governor(guard::GovernorOptions::from(config.evaluation, seed, mode), clock, part.probe(), gate);
  Run run;
  const double begin_s = clock.monotonic_s();
  double step_s = begin_s;
  std::optional<double> violated_s;
  const auto step = [&](StepKind kind, double work) {
    if (part.planted > 0 && governor.may_open()) {
      const double lost_s = (clock.monotonic_s() - step_s) * part.planted / (1 - part.planted);
      const double until_s = clock.monotonic_s() + lost_s;
      while (clock.monotonic_s() < until_s) {
      }
    }
    (void)governor.step(kind, work, true);
    step_s = clock.monotonic_s();
    const guard::ImpactEstimate& now = run.estimate = governor.impact();
    run.violated = run.violated || now.verdict == guard::VerdictState::kViolated;
    if (run.violated && !violated_s) violated_s = step_s;
    for (const guard::GovernorEvent& event : governor.take_events())
      if (event.kind == guard::GovernorEventKind::kGateShut && !run.shut_after_s)
        run.shut_after_s = step_s - violated_s.value_or(step_s);
  };
  while (!run.violated && run.estimate.counts.clean < kPairsOfRun && clock.monotonic_s() - begin_s < kLongestRun_s)
    if (auto done = trainer.update([] { return false; }, step); !done) return tl::make_unexpected(done.error());
  run.seconds = clock.monotonic_s() - begin_s;
  return run;
}

Result<ordered_json> run_many(Trainer& trainer, const config::Config& config, int runs, const Part& part,
                              const std::shared_ptr<guard::BurstGate>& gate) {
  ordered_json all = ordered_json::array();
  int violated = 0;
  int covered = 0;
  for (int i = 0; i < runs; ++i) {
    auto run = run_once(trainer, config, part, static_cast<std::uint64_t>(i) + 1, gate);
    if (!run) return tl::make_unexpected(run.error());
    violated += run->violated ? 1 : 0;
    covered += covers(run->estimate, 100 * part.planted) ? 1 : 0;
    ordered_json row = to_json(run->estimate);
    row["seconds"] = run->seconds;
    row["gate_shut_after_s"] = or_null(run->shut_after_s);
    std::fprintf(stderr, "keisei: %s, run %d of %d: %s\n", part.name, i + 1, runs, row.dump().c_str());
    all.push_back(std::move(row));
  }
  return ordered_json{{"planted_percent", 100 * part.planted},
                      {"runs", runs},
                      {"covered", covered},
                      {"violated", violated},
                      {"each", std::move(all)}};
}

/// An evaluation under way in its worker, which waits at the gate and never gets through.
struct Waiting {
  std::shared_ptr<guard::BurstGate> gate;
  std::unique_ptr<guard::Supervisor> supervisor;
};

Result<Waiting> waiting_evaluation(const Trainer& trainer, const config::Config& config, const Clock& clock) {
  Waiting waiting;
  auto gate = guard::BurstGate::create();
  auto options = supervisor_options(config.evaluation);
  auto request = request_from(config);
  if (!gate) return tl::make_unexpected(gate.error());
  if (!options) return tl::make_unexpected(options.error());
  if (!request) return tl::make_unexpected(request.error());
  waiting.gate = *gate;
  options->burst_gate = *gate;
  auto supervisor = guard::Supervisor::start(std::move(*options), guard::Gate::make(1), clock);
  if (!supervisor) return tl::make_unexpected(supervisor.error());
  waiting.supervisor = std::move(*supervisor);
  request->num_games = kWaitingGames;
  const Weights weights = encode_weights(trainer.network(), {});
  request->agent_id = weights.id;
  auto job = make_job("waiting", *request, {.timeout_s = 0, .memory_mb = 0, .game_timeout_s = 0},
                      {{weights.id, weights.bytes}});
  if (!job) return tl::make_unexpected(job.error());
  if (auto id = waiting.supervisor->submit(std::move(*job)); !id) return tl::make_unexpected(id.error());
  return waiting;
}

/// Real evaluations every kInterval_s beside the training, through the production path, for `seconds`.
Result<ordered_json> real_evaluations(Trainer& trainer, config::Config config, double seconds) {
  const SystemClock clock;
  const Scratch scratch("bench");
  auto database = store::RunDatabase::open(scratch.path() / "run.db", store::RunDatabase::Mode::kWrite);
  if (!database) return tl::make_unexpected(database.error());
  telemetry::Bus bus(clock, {});
  config.evaluation.save_games = false;
  auto evaluation =
      PeriodicEvaluation::create(config, clock, bus, std::make_shared<store::RunDatabase>(std::move(*database)),
                                 scratch.path(), trainer.threads());
  if (!evaluation) return tl::make_unexpected(evaluation.error());
  PeriodicEvaluation& periodic = **evaluation;
  const double begin_s = clock.monotonic_s();
  double next_s = begin_s;
  std::int64_t number = 0;
  std::optional<double> certified_s;
  while (clock.monotonic_s() - begin_s < seconds) {
    auto done = trainer.update([&] { return periodic.wants_rest(); },
                               [&](StepKind kind, double work) { (void)periodic.step(kind, work); });
    if (!done) return tl::make_unexpected(done.error());
    periodic.collect(number);
    if (clock.monotonic_s() >= next_s) {
      const Weights weights = encode_weights(trainer.network(), {});
      periodic.submit(++number, weights.bytes, weights.id);
      next_s += kInterval_s;
    }
    const guard::GovernorStatus status = periodic.governor().status();
    if (!certified_s && status.impact.verdict == guard::VerdictState::kMet) certified_s = clock.monotonic_s() - begin_s;
  }
  const guard::GovernorStatus status = periodic.governor().status();
  ordered_json latencies = ordered_json::array();
  ordered_json memory = ordered_json::array();
  double worker_cpu_s = 0;
  int games = 0;
  for (const EvaluationOutcome& outcome : periodic.outcomes()) {
    worker_cpu_s += outcome.performance.worker_cpu_s.value_or(0);
    latencies.push_back(or_null(outcome.performance.latency_ms));
    memory.push_back(or_null(outcome.performance.memory_peak_mb));
    games += outcome.summary.total.valid();
  }
  ordered_json out = {{"seconds", clock.monotonic_s() - begin_s},
                      {"interval_s", kInterval_s},
                      {"asked", number},
                      {"evaluations", periodic.outcomes().size()},
                      {"games", games},
                      {"worker_cpu_s", worker_cpu_s},
                      {"latency_ms", latencies},
                      {"memory_peak_mb", memory},
                      {"impact", to_json(status.impact)},
                      {"certified_after_s", or_null(certified_s)},
                      {"duty_percent", status.duty_percent},
                      {"paused_s", status.paused_s},
                      {"longest_stall_ms", 1e3 * status.longest_stall_s},
                      {"ledger_excess_s", status.worst_excess_s},
                      {"gate_shuts", status.shuts}};
  return out;
}

}  // namespace

int bench_impact(const BenchArgs& args) {
  if (!args.part.empty() && std::find(std::begin(kParts), std::end(kParts), args.part) == std::end(kParts))
    return report({Code::kUsage, "--part " + args.part + ": there is no such part of the measurement",
                   "allowed: real, nothing, planted_10, planted_30, neighbour"});
  config::Source source;
  source.preset = "tiny";
  auto loaded = config::load(source);
  if (!loaded) return report(loaded.error());
  config::Config& config = loaded->config;
  config.training.minibatch_size = kMinibatch;
  auto trainer = Trainer::make(config);
  if (!trainer) return report(trainer.error());
  auto options = supervisor_options(config.evaluation);
  if (!options) return report(options.error());
  const SystemClock clock;
  const auto wanted = [&](const std::string& name) { return args.part.empty() || args.part == name; };
  ordered_json out = {{"schema", "keisei.bench.impact/1"},
                      {"runs", args.runs},
                      {"preset", "tiny"},
                      {"minibatch", kMinibatch},
                      {"threads", trainer->threads()}};
  if (wanted("real")) {
    auto real = real_evaluations(*trainer, config, args.seconds);
    if (!real) return report(real.error());
    out["real"] = std::move(*real);
    std::fprintf(stderr, "keisei: real evaluations: %s\n", out["real"].dump().c_str());
  }
  const auto gate = guard::BurstGate::create();
  if (!gate) return report(gate.error());
  for (const Part& part : parts_of(options->launcher, clock)) {
    if (!wanted(part.name)) continue;
    std::optional<Waiting> waiting;  // something at the shut gate, where nothing is planted
    if (part.waits) {
      auto made = waiting_evaluation(*trainer, config, clock);
      if (!made) return report(made.error());
      waiting = std::move(*made);
    }
    auto found = run_many(*trainer, config, args.runs, part, waiting ? waiting->gate : *gate);
    if (!found) return report(found.error());
    out[part.name] = std::move(*found);
  }
  if (args.json) {
    std::printf("%s\n", out.dump().c_str());
    return 0;
  }
  for (const char* part : kParts) {
    if (!out.contains(part)) continue;
    if (!out[part].contains("violated")) {
      std::printf("%-12s %s\n", part, out[part].dump().c_str());
      continue;
    }
    std::printf("%-12s violated in %d of %d runs, interval covers the truth in %d\n", part,
                out[part]["violated"].get<int>(), args.runs, out[part]["covered"].get<int>());
  }
  return 0;
}

}  // namespace keisei::app
