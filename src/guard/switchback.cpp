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
      step_begin_s_(clock.monotonic_s()) {
  begin(Phase::kIdle, false);
}

void Switchback::begin(Phase phase, bool on) {
  phase_ = phase;
  contaminated_.reset();
  current_ = Window{};
  current_.on = on;
  // After the machine was read: that belongs to no window.
  current_.begin_s = step_begin_s_ = clock_.monotonic_s();
}

void Switchback::begin_pair(bool machine_is_read) {
  if (!machine_is_read) at_begin_ = probe_.read();
  begin(Phase::kFirst, coin_.below(2) == 0);
}

bool Switchback::step(int kind, double work, bool work_pending) {
  const double now_s = clock_.monotonic_s();
  const auto k = static_cast<std::size_t>(kind < 0 || kind >= kStepKinds ? kStepKinds - 1 : kind);
  current_.busy_s[k] += now_s - step_begin_s_;
  current_.work[k] += work > 0 && std::isfinite(work) ? work : 0;
  ++current_.steps;
  step_begin_s_ = now_s;
  const bool over = now_s - current_.begin_s >= options_.window_s && current_.steps >= options_.window_steps;

  if (phase_ == Phase::kIdle) {
    if (over && !contaminated_) learn(current_, nullptr);
    if (work_pending && enabled_ && calibrated_) {
      edge_ = {};
      begin_pair(false);
      return true;
    }
    if (over || contaminated_) begin(Phase::kIdle, false);
    return false;
  }
  const bool goes_on = work_pending && enabled_;
  if (goes_on && !(in_pair() && contaminated_) && !over) return false;

  edge_ = {};
  if (!goes_on) {
    if (in_pair()) drop(enabled_ ? PairDrop::kWorkEnded : PairDrop::kGateShut);
    begin(Phase::kIdle, false);
  } else if (in_pair() && contaminated_) {
    drop(*contaminated_);
    begin_pair(false);
  } else if (phase_ == Phase::kRest) {
    if (--rest_left_ > 0) {
      begin(Phase::kRest, true);
    } else {
      begin_pair(false);
    }
  } else {
    end_window(now_s);
  }
  return true;
}

void Switchback::end_window(double now_s) {
  current_.wall_s = now_s - current_.begin_s;
  const MachineCounters now = probe_.read();
  current_.shares = shares(at_begin_, now, current_.wall_s);
  at_begin_ = now;
  edge_.window = SwitchbackWindow{current_.on, current_.wall_s, current_.paused_s, current_.shares.run_delay};
  if (phase_ == Phase::kFirst) {
    first_ = current_;
    begin(Phase::kSecond, !first_.on);
    return;
  }
  end_pair();
  rest_left_ = edge_.pair ? rest_windows_ : 0;
  if (rest_left_ > 0) {
    begin(Phase::kRest, true);
  } else {
    begin_pair(true);
  }
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

std::optional<PairDrop> Switchback::disturbance(const Window& window) const {
  if (window.shares.steal && *window.shares.steal > options_.steal_limit) return PairDrop::kSteal;
  if (window.shares.foreign && *window.shares.foreign > options_.foreign_limit) return PairDrop::kForeign;
  return std::nullopt;
}

void Switchback::end_pair() {
  for (const Window* window : {&first_, &current_}) {
    if (const auto reason = disturbance(*window)) return drop(*reason);
  }
  const Window& on = first_.on ? first_ : current_;
  const Window& off = first_.on ? current_ : first_;
  const auto rate_on = rate(on);
  const auto rate_off = rate(off);
  learn(first_, &current_);  // after the rates: a pair never sets its own reference
  if (!rate_on || !rate_off) return drop(PairDrop::kUncalibrated);
  SwitchbackPair pair;
  pair.y = std::log(*rate_off / *rate_on);
  pair.paused_share = on.paused_s / on.wall_s;
  for (const Window* window : {&on, &off}) {
    pair.unfiltered = pair.unfiltered || !window->shares.steal || !window->shares.foreign;
  }
  ++counts_.clean;
  if (pair.unfiltered) ++counts_.unfiltered;
  edge_.pair = pair;
}

void Switchback::learn(const Window& a, const Window* b) {
  for (std::size_t k = 0; k < kStepKinds; ++k) {
    const double work = a.work[k] + (b != nullptr ? b->work[k] : 0);
    const double busy_s = a.busy_s[k] + (b != nullptr ? b->busy_s[k] : 0);
    if (!(work > 0) || !(busy_s > 0)) continue;
    const double cost_s = busy_s / work;
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
