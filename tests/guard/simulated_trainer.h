// A trainer on a clock that is moved by hand: ticks of self-play and minibatches in turn, with noise that is drawn by
// seed, a loss that is planted while the gate may open, and a machine whose neighbours are scripted. Minutes of
// training take milliseconds, and every number is the same each time.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "guard/governor.h"

namespace keisei::guard::stage {

/// Standard normal, by Box and Muller.
inline double normal(Random& random) {
  const double u = 1 - random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
}

inline std::int64_t to_ns(double s) { return static_cast<std::int64_t>(s * 1e9); }

/// Two processors; what others use, what is stolen and how long threads wait grow as the trainer says.
class ScriptedMachine final : public MachineProbe {
 public:
  struct Totals {
    double wall_s = 0, own_s = 0, foreign_s = 0, steal_s = 0, run_delay_s = 0;
    bool known = true;
  };
  explicit ScriptedMachine(std::shared_ptr<Totals> totals) : totals_(std::move(totals)) {}
  MachineCounters read() override {
    ++reads;
    const Totals& t = *totals_;
    if (!t.known) return {};
    return {2 * t.wall_s, t.own_s + t.foreign_s, t.steal_s, t.own_s};
  }
  std::optional<double> run_delay_s() override {
    return totals_->known ? std::optional<double>(totals_->run_delay_s) : std::nullopt;
  }
  int reads = 0;

 private:
  std::shared_ptr<Totals> totals_;
};

struct Script {
  std::uint64_t seed = 1;
  double planted = 0;         ///< share of the rate that is lost while the gate may open
  double step_noise = 0.1;    ///< sd of the log of one step's time
  double drift_noise = 0.03;  ///< sd of the log of a slow wobble of the machine, redrawn every 0.4 s
  double gain = 1;            ///< what a second of pause costs, in the pause and right after it
  double run_delay_on = 0;    ///< seconds per second while the gate may open, …
  double run_delay_off = 0;   ///< … and else
  /// Share of the machine that a neighbour takes at a time, which slows training as much.
  std::function<double(double now_s)> neighbour = [](double) { return 0.0; };
};

/// The trainer and its governor.
class SimulatedTrainer {
 public:
  SimulatedTrainer(Script script, GovernorOptions options)
      : script_(std::move(script)),
        random_(script_.seed, Purpose::kTest),
        machine_(std::make_shared<ScriptedMachine::Totals>()),
        gate_(BurstGate::create().value()) {
    options.switchback.seed = script_.seed;
    governor_ = std::make_unique<Governor>(options, clock_, std::make_unique<ScriptedMachine>(machine_), gate_,
                                           [this](double s) {
                                             open_in_pause = gate_->is_open();
                                             pass(s, 0);
                                           });
  }

  /// One step of training; `pending`: evaluation work waits. Returns the seconds paused.
  double step(bool pending = true) {
    constexpr int kTicks = 120;
    constexpr int kBatches = 40;
    const int kind = count_++ % (kTicks + kBatches) < kTicks ? 0 : 1;
    if (clock_.monotonic_s() >= redraw_s_) {
      wobble_ = script_.drift_noise * normal(random_);
      redraw_s_ = clock_.monotonic_s() + 0.4;
    }
    const double neighbour = script_.neighbour(clock_.monotonic_s());
    double s = (kind == 0 ? 0.005 : 0.012) * std::exp(script_.step_noise * normal(random_) + wobble_);
    s /= 1 - neighbour;
    if (governor_->may_open()) s /= 1 - script_.planted;
    pass(s + std::exchange(owed_s_, 0), neighbour);
    const double paused_s = governor_->step(kind, kind == 0 ? 64 : 1, pending);
    paused_s_ += paused_s;
    owed_s_ = (script_.gain - 1) * paused_s;
    return paused_s;
  }
  /// Steps until so many clean pairs were made or `limit_s` has passed; false then.
  bool until_pairs(std::size_t pairs, double limit_s = 1000) {
    const double end_s = clock_.monotonic_s() + limit_s;
    while (governor_->pairs().clean < pairs) {
      if (clock_.monotonic_s() > end_s) return false;
      step();
    }
    return true;
  }
  /// Steps until one more pair is clean; false when that takes too long.
  bool next_pair() { return until_pairs(governor_->pairs().clean + 1); }

  Governor& governor() { return *governor_; }
  BurstGate& gate() { return *gate_; }
  FakeClock& clock() { return clock_; }
  ScriptedMachine::Totals& machine() { return *machine_; }
  [[nodiscard]] double paused_s() const { return paused_s_; }
  bool open_in_pause = false;

 private:
  void pass(double s, double neighbour) {
    clock_.advance_ns(to_ns(s));
    machine_->wall_s += s;
    machine_->foreign_s += 2 * neighbour * s;
    machine_->own_s += 2 * (1 - neighbour) * s;
    const bool may = governor_ != nullptr && governor_->may_open();
    machine_->run_delay_s += s * (may ? script_.run_delay_on : script_.run_delay_off);
  }

  Script script_;
  FakeClock clock_;
  Random random_;
  std::shared_ptr<ScriptedMachine::Totals> machine_;
  std::shared_ptr<BurstGate> gate_;
  std::unique_ptr<Governor> governor_;
  int count_ = 0;
  double wobble_ = 0;
  double redraw_s_ = 0;
  double paused_s_ = 0;
  double owed_s_ = 0;  ///< what the last pause still costs
};

}  // namespace keisei::guard::stage
