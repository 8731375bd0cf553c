// What training may be slowed by evaluation, as money: credit grows by duty x wall time up to a bank, each pause of the
// trainer is measured and paid from it. Hence for every interval paused(t0, t1) <= duty x (t1 - t0) + bank, exactly,
// whatever the evaluation does: the worker (SCHED_IDLE) gets processor time only while the trainer sleeps. Where duty
// and bank change, the bound is the integral of duty plus the bank that was in force at t0. Owned and called by the
// trainer's thread only. Seconds of the monotonic clock.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "base/clock.h"
#include "config/options.h"

namespace keisei::guard {

struct LedgerOptions {
  double duty = 0.03;        ///< share of wall time, 0 … 1
  double bank_s = 4.8;       ///< most credit that is saved up
  double burst_s = 0.020;    ///< one pause
  double reserve_s = 0.005;  ///< kept back for a pause that oversleeps
  double start_s = 0;        ///< credit to begin with, at most the bank: the bound holds with a full bank at any t0

  /// duty and burst of the configuration; bank = (impact limit - duty) x kSlaWindow, so that the limit holds in every
  /// window of that length.
  [[nodiscard]] static LedgerOptions from(const config::Evaluation& evaluation);
};

inline constexpr double kSlaWindow_s = 240;
inline constexpr double kMaxDutyOfLimit = 0.8;         ///< duty is held to this share of the impact limit
inline constexpr double kMaxStall_s = 0.100;           ///< the longest single pause that is ever asked for
inline constexpr std::size_t kLedgerIntervals = 4096;  ///< newest pauses kept for inspection

class Ledger {
 public:
  struct Pause {
    double begin_s = 0;
    double end_s = 0;
  };

  /// `clock` outlives the ledger.
  Ledger(LedgerOptions options, const Clock& clock);

  /// How long the trainer should stand still now, at a step boundary; nothing when there is no work or no credit.
  [[nodiscard]] std::optional<double> burst_s(bool work_pending);
  /// Other duty (0 … 1) and bank from now on; credit above a smaller bank is lost, a larger one is filled by time only.
  /// Not between the begin of a pause and its pay(). NaN changes nothing, other values are clamped.
  void retune(double duty, double bank_s);
  /// Books a pause that has just ended and lasted `paused_s` by the monotonic clock. Negative and NaN are ignored.
  void pay(double paused_s);

  [[nodiscard]] double credit_s();
  [[nodiscard]] double paused_s() const { return paused_s_; }  ///< in all
  [[nodiscard]] double elapsed_s() const;                      ///< since the start
  [[nodiscard]] std::size_t pauses() const { return pauses_; }
  [[nodiscard]] const std::deque<Pause>& recent() const { return recent_; }
  /// max over all intervals so far of paused - earned - bank at their begin; <= 0 while the invariant holds.
  [[nodiscard]] double worst_excess_s() const { return worst_excess_s_; }
  [[nodiscard]] double earned_s() const { return earned_s_; }  ///< integral of duty up to the last accrual, no cap
  [[nodiscard]] const LedgerOptions& options() const { return options_; }

 private:
  void accrue();

  LedgerOptions options_;
  const Clock& clock_;
  double start_s_;
  double accrued_at_s_;
  double credit_s_;
  double earned_s_ = 0;  ///< integral of duty from the start to accrued_at_s_
  double paused_s_ = 0;
  std::size_t pauses_ = 0;
  std::deque<Pause> recent_;
  double lowest_s_;  ///< min over beginnings t of paused(start, t) - earned(start, t) + bank(t)
  double worst_excess_s_;
};

}  // namespace keisei::guard
