#include "guard/ledger.h"

#include <algorithm>
#include <cmath>

namespace keisei::guard {

LedgerOptions LedgerOptions::from(const config::Evaluation& evaluation) {
  LedgerOptions options;
  const double limit = std::max(0.0, evaluation.training_impact_limit_percent / 100);
  options.duty = std::clamp(evaluation.duty_percent / 100, 0.0, std::min(kMaxDutyOfLimit * limit, 1.0));
  options.bank_s = (limit - options.duty) * kSlaWindow_s;
  options.burst_s = std::clamp(std::min(evaluation.burst_ms, evaluation.max_stall_ms) / 1000, 0.0, kMaxStall_s);
  options.reserve_s = std::min(options.reserve_s, options.bank_s / 4);
  return options;
}

Ledger::Ledger(LedgerOptions options, const Clock& clock)
    : options_(options),
      clock_(clock),
      start_s_(clock.monotonic_s()),
      accrued_at_s_(start_s_),
      credit_s_(std::clamp(options.start_s, 0.0, std::max(0.0, options.bank_s))),
      lowest_s_(options.bank_s),
      worst_excess_s_(-options.bank_s) {
  options_.burst_s = std::clamp(options_.burst_s, 0.0, kMaxStall_s);
}

double Ledger::elapsed_s() const { return clock_.monotonic_s() - start_s_; }

void Ledger::accrue() {
  const double now = clock_.monotonic_s();
  const double earned_s = options_.duty * (now - accrued_at_s_);
  credit_s_ = std::min(options_.bank_s, credit_s_ + earned_s);
  earned_s_ += earned_s;
  accrued_at_s_ = now;
}

void Ledger::retune(double duty, double bank_s) {
  if (std::isnan(duty) || std::isnan(bank_s)) return;
  accrue();
  // The last instant at which the old bank was in force may begin the tightest interval.
  lowest_s_ = std::min(lowest_s_, paused_s_ - earned_s_ + options_.bank_s);
  options_.duty = std::clamp(duty, 0.0, 1.0);
  options_.bank_s = std::max(bank_s, 0.0);
  lowest_s_ = std::min(lowest_s_, paused_s_ - earned_s_ + options_.bank_s);
  credit_s_ = std::min(credit_s_, options_.bank_s);
}

double Ledger::credit_s() {
  accrue();
  return credit_s_;
}

std::optional<double> Ledger::burst_s(bool work_pending) {
  accrue();
  if (!work_pending || options_.burst_s <= 0) return std::nullopt;
  if (credit_s_ < options_.burst_s + options_.reserve_s) return std::nullopt;
  return options_.burst_s;
}

void Ledger::pay(double paused_s) {
  if (!(paused_s > 0) || !std::isfinite(paused_s)) return;
  const double end_s = clock_.monotonic_s();
  const double begin_s = std::max(start_s_, end_s - paused_s);
  // Credit is taken before the bank's cap is applied: a pause that begins with a full bank keeps what it earned.
  const double earned_before_s = options_.duty * std::max(0.0, begin_s - accrued_at_s_);
  const double earned_during_s = options_.duty * (end_s - std::max(begin_s, accrued_at_s_));
  credit_s_ = std::min(options_.bank_s, credit_s_ + earned_before_s) - paused_s + earned_during_s;
  credit_s_ = std::min(credit_s_, options_.bank_s);
  const double earned_at_begin_s = earned_s_ + options_.duty * (begin_s - accrued_at_s_);
  earned_s_ += options_.duty * (end_s - accrued_at_s_);
  accrued_at_s_ = end_s;

  lowest_s_ = std::min(lowest_s_, paused_s_ - earned_at_begin_s + options_.bank_s);
  paused_s_ += paused_s;
  ++pauses_;
  worst_excess_s_ = std::max(worst_excess_s_, paused_s_ - earned_s_ - lowest_s_);
  recent_.push_back({begin_s, end_s});
  if (recent_.size() > kLedgerIntervals) recent_.pop_front();
}

}  // namespace keisei::guard
