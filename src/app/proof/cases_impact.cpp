// What training pays: the ledger bounds every pause, and the governor finds a loss that it was not told of.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "app/proof/rig.h"
#include "app/proof/trainer.h"
#include "base/random.h"
#include "guard/burst_gate.h"
#include "guard/governor.h"
#include "guard/sla.h"

namespace keisei::app::proof {
namespace {

constexpr double kStep_s = 0.003;
constexpr std::uint64_t kCoinSeed = 20260101;

int trainer_threads() { return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 2U)); }

void stand_still(double s) { std::this_thread::sleep_for(std::chrono::duration<double>(s)); }

/// Work is always pending and every burst oversleeps: what is paused must stay within what was earned.
Outcome greedy_evaluation(const Settings& settings) {
  constexpr double kRun_s = 3;
  constexpr double kOversleep = 1.5;
  const guard::LedgerOptions options{.duty = 0.03, .bank_s = 0.1, .burst_s = 0.02, .reserve_s = 0.02};
  PlantedTrainer trainer(trainer_threads(), kStep_s, settings.clock);
  guard::Ledger ledger(options, settings.clock);
  const double begin_s = settings.clock.monotonic_s();
  double paused_s = 0;
  double longest_s = 0;
  while (settings.clock.monotonic_s() - begin_s < kRun_s) {
    trainer.step(0);
    const auto burst_s = ledger.burst_s(true);
    if (!burst_s) continue;
    const double from_s = settings.clock.monotonic_s();
    stand_still(*burst_s * kOversleep);
    const double lasted_s = settings.clock.monotonic_s() - from_s;
    paused_s += lasted_s;
    longest_s = std::max(longest_s, lasted_s);
    ledger.pay(lasted_s);
  }
  const double ran_s = settings.clock.monotonic_s() - begin_s;
  // Beyond what was earned only the last pause may lie, by what the system slept longer than it was asked to.
  const double overslept_s = std::max(0.0, longest_s - options.burst_s - options.reserve_s);
  const double promised_s = options.duty * ran_s + options.bank_s + overslept_s;
  return counted(promised_s, paused_s, paused_s > 0 ? "" : "evaluation got nothing at all");
}

struct Planted {
  double share;     ///< of each step, while the gate may open
  double window_s;  ///< of the experiment
  double within_s;  ///< until it must be found
};

/// Beside a worker that is always hungry the trainer loses a share of each step while the gate may open, which nobody
/// tells the governor. It must shut the gate, or call the clause violated, before the loss reaches the limit over the
/// window of the clause.
Outcome planted_impact(const Planted& planted, const Settings& settings) {
  const guard::Targets targets;
  auto gate = guard::BurstGate::create();
  if (!gate) return counted(targets.training_impact_percent, std::nullopt, gate.error().message);
  guard::GovernorOptions options;
  options.limit = targets.training_impact_percent / 100;
  options.switchback.window_s = planted.window_s;
  options.switchback.seed = kCoinSeed;
  // Other programs must not keep the pairs from counting: noise they add falls on both arms alike.
  options.switchback.steal_limit = options.switchback.foreign_limit = 1;
  guard::Governor governor(options, settings.clock, std::make_unique<guard::ProcMachine>(), *gate);
  guard::SupervisorOptions workers = actor_options();
  workers.plain = false;
  workers.burst_gate = *gate;
  Rig rig(settings, workers);
  const auto hungry = rig.supervisor().submit(actor_job("busy_beats", 0));
  PlantedTrainer trainer(trainer_threads(), kStep_s, settings.clock);
  const double begin_s = settings.clock.monotonic_s();
  const double end_s = begin_s + planted.within_s + settings.patience_s;
  double paused_s = 0;
  bool found = false;
  bool met = false;
  while (!found && settings.clock.monotonic_s() < end_s) {
    trainer.step(governor.may_open() ? planted.share : 0);
    paused_s += governor.step(0, 1, true);
    const guard::VerdictState verdict = governor.impact().verdict;
    found = verdict == guard::VerdictState::kViolated;
    met = met || verdict == guard::VerdictState::kMet;
    for (const guard::GovernorEvent& event : governor.take_events())
      found = found || event.kind == guard::GovernorEventKind::kGateShut;
  }
  governor.release();
  std::string wrong = found ? "" : "it was not found within " + std::to_string(std::lround(planted.within_s)) + " s";
  if (met) wrong = joined(wrong, "the clause was called met");
  if (hungry) {
    rig.supervisor().cancel(*hungry);
    (void)rig.await(*hungry, begin_s, kStopBound_s);
  }
  wrong = joined(wrong, rig.aftermath());
  const double lost_s = trainer.wasted_s() + paused_s;
  return counted(targets.training_impact_percent, 100 * lost_s / guard::kSlaWindow_s, wrong);
}

/// A machine on which nothing else runs; its wall time is the case's own.
class QuietMachine final : public guard::MachineProbe {
 public:
  explicit QuietMachine(const Clock& clock) : clock_(clock) {}
  [[nodiscard]] guard::MachineCounters read() override {
    const double wall_s = clock_.monotonic_s();
    return {2 * wall_s, 2 * wall_s, 0.0, 2 * wall_s};
  }
  [[nodiscard]] std::optional<double> run_delay_s() override { return 0.0; }

 private:
  const Clock& clock_;
};

/// A loss of 30 % on a clock that only this case moves: whether the verdict comes depends on the experiment alone.
Outcome impact_by_clock(const Settings&) {
  constexpr double kShare = 0.3;
  constexpr double kNoise = 0.05;  ///< of a step's time, to either side
  constexpr double kWithin_s = 200;
  const guard::Targets targets;
  auto gate = guard::BurstGate::create();
  if (!gate) return counted(targets.training_impact_percent, std::nullopt, gate.error().message);
  FakeClock clock;
  guard::GovernorOptions options;
  options.limit = targets.training_impact_percent / 100;
  options.switchback.seed = kCoinSeed;
  const auto pass = [&](double s) { clock.advance_ns(static_cast<std::int64_t>(s * 1e9)); };
  guard::Governor governor(options, clock, std::make_unique<QuietMachine>(clock), *gate, pass);
  Random random(kCoinSeed, Purpose::kTest);
  const double begin_s = clock.monotonic_s();
  double lost_s = 0;
  bool met = false;
  guard::ImpactEstimate impact;
  while (impact.verdict != guard::VerdictState::kViolated && clock.monotonic_s() - begin_s < kWithin_s) {
    const double step_s = kStep_s * (1 + kNoise * (2 * random.uniform() - 1));
    const double wasted_s = governor.may_open() ? step_s * kShare / (1 - kShare) : 0;
    pass(step_s + wasted_s);
    lost_s += wasted_s + governor.step(0, 1, true);
    impact = governor.impact();
    met = met || impact.verdict == guard::VerdictState::kMet;
  }
  governor.release();
  std::string wrong = impact.verdict == guard::VerdictState::kViolated ? "" : "it was not found: " + impact.reason;
  if (met) wrong = joined(wrong, "the clause was called met");
  return counted(targets.training_impact_percent, 100 * lost_s / guard::kSlaWindow_s, wrong);
}

/// Nothing is planted: after so many pairs the governor must not have called the clause violated.
Outcome no_impact(const Settings& settings) {
  constexpr double kRun_s = 40;
  const guard::Targets targets;
  auto gate = guard::BurstGate::create();
  if (!gate) return counted(0, std::nullopt, gate.error().message);
  guard::GovernorOptions options;
  options.limit = targets.training_impact_percent / 100;
  options.mode = guard::GovernorMode::kShut;
  options.switchback.seed = kCoinSeed;
  options.switchback.steal_limit = options.switchback.foreign_limit = 1;
  guard::Governor governor(options, settings.clock, std::make_unique<guard::ProcMachine>(), *gate);
  PlantedTrainer trainer(trainer_threads(), kStep_s, settings.clock);
  const double begin_s = settings.clock.monotonic_s();
  double alarms = 0;
  while (settings.clock.monotonic_s() - begin_s < kRun_s) {
    trainer.step(0);
    (void)governor.step(0, 1, true);
    if (governor.impact().verdict == guard::VerdictState::kViolated) alarms = 1;
  }
  const std::size_t pairs = governor.impact().pairs;
  governor.release();
  return counted(0, alarms, pairs >= guard::kMinPairs ? "" : "only " + std::to_string(pairs) + " pairs were made");
}

}  // namespace

std::vector<Case> impact_cases() {
  constexpr const char* kClause = "training impact";
  constexpr const char* kOfWindow = "% of 240 s";
  return {
      {"greedy_evaluation", kClause, "work is always pending and each burst oversleeps", "s", Cost::kQuick,
       greedy_evaluation},
      {"impact_by_clock", kClause, "training loses 30 %, on a clock of the case's own", kOfWindow, Cost::kQuick,
       impact_by_clock},
      {"planted_30", kClause, "training loses 30 % of each step", kOfWindow, Cost::kDefault,
       [](const Settings& s) { return planted_impact({.share = 0.3, .window_s = 0.1, .within_s = 30}, s); }},
      {"planted_10", kClause, "training loses 10 % of each step", kOfWindow, Cost::kThorough,
       [](const Settings& s) { return planted_impact({.share = 0.1, .window_s = 0.5, .within_s = 100}, s); }},
      {"no_impact", kClause, "training loses nothing: no false alarm", "alarms", Cost::kThorough, no_impact},
  };
}

}  // namespace keisei::app::proof
