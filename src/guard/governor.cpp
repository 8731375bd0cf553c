#include "guard/governor.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>
#include <utility>

namespace keisei::guard {
namespace {

constexpr double kSetPointStep = 0.01;  ///< relative change of duty from which it is news

std::string percent(double share) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.2f %%", 100 * share);
  return text.data();
}

std::string whole(double value) { return std::to_string(std::llround(value)); }

GovernorOptions checked(GovernorOptions options) {
  options.limit = std::clamp(options.limit, 0.0, 1.0);
  options.ceiling = std::clamp(options.ceiling, 0.0, kMaxDutyOfLimit * options.limit);
  options.burst_s = std::clamp(options.burst_s, 0.0, kMaxStall_s);
  options.reserve_s = std::max(options.reserve_s, 0.0);
  return options;
}

SetPointOptions set_point_options(const GovernorOptions& options, double on_share) {
  return {options.limit, options.ceiling, on_share, kSlaWindow_s, options.burst_s + options.reserve_s};
}

}  // namespace

GovernorOptions GovernorOptions::from(const config::Evaluation& evaluation, std::uint64_t seed, GovernorMode mode) {
  GovernorOptions options;
  options.limit = evaluation.training_impact_limit_percent / 100;
  options.ceiling = evaluation.duty_percent / 100;
  options.burst_s = std::min(evaluation.burst_ms, evaluation.max_stall_ms) / 1000;
  options.mode = mode;
  options.start_credit_s = kStartCredit_s;
  options.switchback.seed = seed;
  return checked(options);
}

Governor::Governor(GovernorOptions options, const Clock& clock, std::unique_ptr<MachineProbe> probe,
                   std::shared_ptr<BurstGate> gate, Sleep sleep)
    : options_(checked(options)),
      clock_(clock),
      probe_(std::move(probe)),
      gate_(std::move(gate)),
      sleep_(std::move(sleep)),
      set_point_(set_point_options(options_, 0.5)),
      ledger_({set_point_.duty(), set_point_.bank_s(), options_.burst_s, options_.reserve_s, options_.start_credit_s},
              clock),
      switchback_(options_.switchback, clock, *probe_),
      pending_(clock.monotonic_s()),
      paced_s_(clock.monotonic_s()),
      opened_s_(clock.monotonic_s()) {
  if (!sleep_) sleep_ = [](double s) { std::this_thread::sleep_for(std::chrono::duration<double>(s)); };
  gate_->shut();
}

Governor::~Governor() { gate_->open(); }

void Governor::release() {
  released_ = true;
  gate_->open();
}

bool Governor::may_open() const {
  return !released_ && !shut_ && options_.mode != GovernorMode::kShut && switchback_.on();
}

double Governor::step(int kind, double work, bool work_pending) {
  if (released_) return 0;
  const double now_s = clock_.monotonic_s();
  work_pending_ = work_pending;
  pending_.add(now_s, work_pending);
  if (shut_ && now_s >= shut_until_s_) reopen(now_s);
  if (switchback_.step(kind, work, work_pending)) at_edge(now_s);
  const bool may = work_pending && may_open();
  const bool throughout = may && options_.mode == GovernorMode::kSpareCores;
  if (gate_->is_open() != throughout) throughout ? gate_->open() : gate_->shut();
  pace(may, now_s);
  return may && !throughout ? burst() : 0;
}

// Pauses are spread evenly over on time, so that the windows which are measured are like those which are not; only
// what was saved up while nothing was pending goes faster, because somebody waits for the first result.
void Governor::pace(bool may, double now_s) {
  if (may && paced_on_) {
    const double saved_s = std::max(0.0, ledger_.credit_s() - kSlackBursts * options_.burst_s);
    const double share = ledger_.options().duty / switchback_.on_share() + saved_s / kDrain_s;
    allowance_s_ += std::min(share, kMostPausedShare) * (now_s - paced_s_);
    allowance_s_ = std::min(allowance_s_, options_.burst_s);
  }
  paced_s_ = now_s;
  paced_on_ = may;
}

double Governor::burst() {
  if (allowance_s_ < options_.burst_s) return 0;
  const auto wanted_s = ledger_.burst_s(true);
  if (!wanted_s) return 0;
  const std::int64_t begin_ns = clock_.monotonic_ns();
  gate_->open();
  sleep_(*wanted_s);
  gate_->shut();
  const double paused_s = static_cast<double>(clock_.monotonic_ns() - begin_ns) * 1e-9;
  ledger_.pay(paused_s);
  switchback_.paused(paused_s);
  allowance_s_ -= paused_s;
  longest_stall_s_ = std::max(longest_stall_s_, paused_s);
  return paused_s;
}

void Governor::at_edge(double now_s) {
  const SwitchbackEdge edge = switchback_.edge();
  const bool experiment = options_.mode == GovernorMode::kShut;
  bool trips = false;
  for (const auto& window : edge.windows) trips = (window && tripwire_.window(window->on, window->run_delay)) || trips;
  if (trips && !experiment) {
    shut(GateShut::kTripwire,
         "the trainer's threads waited " + percent(*tripwire_.last_on()) + " of the time for a processor, " +
             percent(*tripwire_.baseline()) + " with the gate shut, in " + std::to_string(kTripWindows) +
             " windows in a row",
         now_s);
  }
  if (edge.dropped) {
    note({GovernorEventKind::kPairDropped, now_s, {}, {}, {}, std::string("pair dropped: ") + name(*edge.dropped)});
  }
  if (edge.pair) accept(*edge.pair, now_s);
}

void Governor::accept(const SwitchbackPair& pair, double now_s) {
  const double lost = -std::expm1(-pair.y);
  pairs_.add(pair.y);
  const ImpactEstimate found = impact();
  note({GovernorEventKind::kPair, now_s, 100 * lost, {}, {}, found.reason});
  if (options_.mode == GovernorMode::kShut) return;
  set_point_.add(pair.paused_share, lost);
  const bool settled = found.verdict == VerdictState::kMet && found.pairs >= kSettledPairs;
  switchback_.rest(settled ? kRestWindows : 0);
  set_point_.on_share(switchback_.on_share());
  retune(now_s);
  if (found.verdict == VerdictState::kViolated && !shut_) {
    shut(GateShut::kImpact, "evaluation costs training too much: " + found.reason, now_s);
  }
}

void Governor::retune(double now_s) {
  const double before = ledger_.options().duty;
  ledger_.retune(set_point_.duty(), set_point_.bank_s());
  const double after = ledger_.options().duty;
  if (std::abs(after - before) <= kSetPointStep * before) return;
  std::array<char, 64> gain{};
  std::snprintf(gain.data(), gain.size(), "%.2f, at most %.2f", set_point_.gain(), set_point_.gain_upper());
  note({GovernorEventKind::kSetPoint,
        now_s,
        {},
        100 * after,
        {},
        "duty " + percent(before) + " -> " + percent(after) + ", a second of pause costs " + gain.data()});
}

void Governor::shut(GateShut why, std::string text, double now_s) {
  if (now_s - opened_s_ >= kBackoffForgotten_s) backoff_s_ = kFirstBackoff_s;
  shut_ = true;
  shut_why_ = why;
  shut_text_ = std::move(text);
  shut_until_s_ = now_s + backoff_s_;
  ++shuts_;
  gate_->shut();
  switchback_.enable(false);
  note({GovernorEventKind::kGateShut,
        now_s,
        {},
        {},
        backoff_s_,
        "gate shut for " + whole(backoff_s_) + " s: " + shut_text_,
        name(why)});
  backoff_s_ = std::min(2 * backoff_s_, kMostBackoff_s);
}

void Governor::reopen(double now_s) {
  shut_ = false;
  opened_s_ = now_s;
  tripwire_.rearm();
  // What shut it would shut it again at the first look: it is measured anew.
  if (shut_why_ == GateShut::kImpact) pairs_.restart();
  switchback_.enable(true);
  note({GovernorEventKind::kGateOpened, now_s, {}, {}, {}, "gate in use again after: " + shut_text_});
}

ImpactEstimate Governor::impact() const {
  return estimate_impact(pairs_.sequence(), pending_.share(), switchback_.counts(), 100 * options_.limit);
}

GovernorStatus Governor::status() {
  GovernorStatus s;
  s.duty_percent = 100 * ledger_.options().duty;
  s.credit_s = ledger_.credit_s();
  s.bank_s = ledger_.options().bank_s;
  s.gain = set_point_.gain();
  s.gain_upper = set_point_.gain_upper();
  s.gain_pairs = set_point_.gain_pairs();
  s.impact = impact();
  if (released_) {
    s.gate = GateState::kReleased;
    s.gate_why = "training is over";
  } else if (shut_) {
    s.gate = GateState::kShut;
    s.gate_why = std::string(name(shut_why_)) + ": " + shut_text_;
    s.shut_for_s = std::max(0.0, shut_until_s_ - clock_.monotonic_s());
  } else if (!work_pending_) {
    s.gate = GateState::kIdle;
    s.gate_why = "no evaluation is pending";
  } else if (may_open()) {
    s.gate = GateState::kOn;
    s.gate_why = options_.mode == GovernorMode::kSpareCores ? "open, on spare cores" : "opens when there is credit";
  } else {
    s.gate = GateState::kOff;
    s.gate_why = options_.mode == GovernorMode::kShut ? "an experiment that never opens it" : "an off window";
  }
  s.shuts = shuts_;
  s.run_delay_on = tripwire_.last_on();
  s.run_delay_baseline = tripwire_.baseline();
  s.tripwire_windows = tripwire_.in_a_row();
  s.paused_s = ledger_.paused_s();
  s.pauses = ledger_.pauses();
  s.longest_stall_s = longest_stall_s_;
  s.worst_excess_s = ledger_.worst_excess_s();
  s.events_dropped = events_dropped_;
  return s;
}

void Governor::note(GovernorEvent event) {
  if (events_.size() >= kGovernorEvents) {
    ++events_dropped_;
  } else {
    events_.push_back(std::move(event));
  }
}

std::vector<GovernorEvent> Governor::take_events() { return std::exchange(events_, {}); }

}  // namespace keisei::guard
