#include "guard/switchback.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace keisei::guard {
namespace {

constexpr std::uint64_t kCoinStream = 0x636F696E;  ///< apart from whatever else draws for an evaluation

}  // namespace

const char* name(PairDrop drop) {
  switch (drop) {
    case PairDrop::kSteal:
      return "steal";
    case PairDrop::kForeign:
      return "foreign_cpu";
    case PairDrop::kCheckpoint:
      return "checkpoint";
    case PairDrop::kWeightSync:
      return "weight_sync";
    case PairDrop::kWorkEnded:
      return "work_ended";
    case PairDrop::kGateShut:
      return "gate_shut";
    case PairDrop::kUncalibrated:
      return "uncalibrated";
    case PairDrop::kOther:
      break;
  }
  return "other";
}

std::size_t PairCounts::dropped_in_all() const {
  return std::accumulate(dropped.begin(), dropped.end(), std::size_t{0});
}

Switchback::Switchback(SwitchbackOptions options, const Clock& clock, MachineProbe& probe)
    : options_(options),
      clock_(clock),
      probe_(probe),
      coin_(options.seed, Purpose::kEvaluation, kCoinStream),
      step_begin_s_(clock.monotonic_s()),
      begin_s_(step_begin_s_) {}

void Switchback::Window::add(const Window& other) {
  wall_s += other.wall_s;
  paused_s += other.paused_s;
  steps += other.steps;
  for (std::size_t k = 0; k < kStepKinds; ++k) {
    work[k] += other.work[k];
    busy_s[k] += other.busy_s[k];
  }
  if (run_delay_s && other.run_delay_s) {
    *run_delay_s += *other.run_delay_s;
  } else {
    run_delay_s.reset();
  }
}

void Switchback::begin(Phase phase) {
  phase_ = phase;
  contaminated_.reset();
  current_ = Window{};
  // After the machine was read: that belongs to no window.
  begin_s_ = step_begin_s_ = clock_.monotonic_s();
}

void Switchback::begin_pair() {
  windows_ = {};
  slice_ = 0;
  at_begin_ = probe_.read();
  delay_s_ = probe_.run_delay_s();
  contaminated_.reset();
  begin_slice();
}

void Switchback::begin_slice() {
  const int place = slice_ % 4;
  if (place == 0) outer_on_ = coin_.below(2) == 0;
  on_ = (place == 0 || place == 3) == outer_on_;
  phase_ = Phase::kPair;
  current_ = Window{};
  begin_s_ = step_begin_s_ = clock_.monotonic_s();
}

bool Switchback::step(int kind, double work, bool work_pending) {
  const double now_s = clock_.monotonic_s();
  const auto k = static_cast<std::size_t>(kind < 0 || kind >= kStepKinds ? kStepKinds - 1 : kind);
  current_.busy_s[k] += now_s - step_begin_s_;
  current_.work[k] += work > 0 && std::isfinite(work) ? work : 0;
  ++current_.steps;
  step_begin_s_ = now_s;
  const int parts = in_pair() ? kSlices : 1;
  const bool over = (now_s - begin_s_) * parts >= options_.window_s && current_.steps * parts >= options_.window_steps;

  if (phase_ == Phase::kIdle) {
    if (over && !contaminated_) learn(current_);
    if (work_pending && enabled_ && calibrated_) {
      edge_ = {};
      begin_pair();
      return true;
    }
    if (over || contaminated_) begin(Phase::kIdle);
    return false;
  }
  const bool goes_on = work_pending && enabled_;
  if (goes_on && !(in_pair() && contaminated_) && !over) return false;

  edge_ = {};
  if (!goes_on) {
    if (in_pair()) drop(enabled_ ? PairDrop::kWorkEnded : PairDrop::kGateShut);
    begin(Phase::kIdle);
  } else if (in_pair() && contaminated_) {
    drop(*contaminated_);
    begin_pair();
  } else if (phase_ == Phase::kRest) {
    if (--rest_left_ > 0) {
      begin(Phase::kRest);
    } else {
      begin_pair();
    }
  } else {
    end_slice(now_s);
    if (slice_ < 2 * kSlices) {
      begin_slice();
      return false;
    }
    end_pair();
    rest_left_ = edge_.pair ? rest_windows_ : 0;
    if (rest_left_ > 0) {
      begin(Phase::kRest);
    } else {
      begin_pair();
    }
  }
  return true;
}

void Switchback::end_slice(double now_s) {
  current_.wall_s = now_s - begin_s_;
  const auto delay_s = probe_.run_delay_s();
  current_.run_delay_s.reset();
  if (delay_s && delay_s_) current_.run_delay_s = std::max(0.0, *delay_s - *delay_s_);
  delay_s_ = delay_s;
  windows_[on_ ? 1 : 0].add(current_);
  ++slice_;
}

std::optional<double> Switchback::rate(const Window& window) const {
  double progress_s = 0;
  for (std::size_t k = 0; k < kStepKinds; ++k) {
    if (window.work[k] > 0 && cost_s_[k] <= 0) return std::nullopt;
    progress_s += window.work[k] * cost_s_[k];
  }
  if (!(progress_s > 0) || !(window.wall_s > 0)) return std::nullopt;
  return progress_s / window.wall_s;
}

std::optional<PairDrop> Switchback::disturbance(const MachineShares& shares) const {
  if (shares.steal && *shares.steal > options_.steal_limit) return PairDrop::kSteal;
  if (shares.foreign && *shares.foreign > options_.foreign_limit) return PairDrop::kForeign;
  return std::nullopt;
}

void Switchback::end_pair() {
  const MachineShares machine = shares(at_begin_, probe_.read());
  for (const bool on : {false, true}) {
    const Window& window = windows_[on ? 1 : 0];
    std::optional<double> run_delay;
    if (window.run_delay_s) run_delay = *window.run_delay_s / window.wall_s;
    edge_.windows[on ? 1 : 0] = SwitchbackWindow{on, window.wall_s, window.paused_s, run_delay};
  }
  if (const auto reason = disturbance(machine)) return drop(*reason);
  const auto rate_off = rate(windows_[0]);
  const auto rate_on = rate(windows_[1]);
  Window both = windows_[0];
  both.add(windows_[1]);
  learn(both);  // after the rates: a pair never sets its own reference
  if (!rate_on || !rate_off) return drop(PairDrop::kUncalibrated);
  SwitchbackPair pair;
  pair.y = std::log(*rate_off / *rate_on);
  pair.paused_share = windows_[1].paused_s / windows_[1].wall_s;
  pair.unfiltered = !machine.steal || !machine.foreign;
  ++counts_.clean;
  if (pair.unfiltered) ++counts_.unfiltered;
  edge_.pair = pair;
}

void Switchback::learn(const Window& window) {
  for (std::size_t k = 0; k < kStepKinds; ++k) {
    if (!(window.work[k] > 0) || !(window.busy_s[k] > 0)) continue;
    const double cost_s = window.busy_s[k] / window.work[k];
    cost_s_[k] = cost_s_[k] > 0 ? cost_s_[k] + options_.cost_weight * (cost_s - cost_s_[k]) : cost_s;
    calibrated_ = true;
  }
}

void Switchback::drop(PairDrop reason) {
  ++counts_.dropped[static_cast<std::size_t>(reason)];
  edge_.dropped = reason;
}

void Switchback::paused(double paused_s) {
  current_.paused_s += paused_s;
  step_begin_s_ = clock_.monotonic_s();
}

void Switchback::contaminate(PairDrop reason) {
  if (!contaminated_) contaminated_ = reason;
}

void Switchback::enable(bool enabled) { enabled_ = enabled; }

std::optional<double> Switchback::reference_cost_s(int kind) const {
  if (kind < 0 || kind >= kStepKinds || cost_s_[static_cast<std::size_t>(kind)] <= 0) return std::nullopt;
  return cost_s_[static_cast<std::size_t>(kind)];
}

}  // namespace keisei::guard
