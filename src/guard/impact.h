// What evaluation costs training, with an interval and a verdict. The estimand: the slowdown while an evaluation runs,
// as on windows against off windows (1 - rate_on / rate_off, mean of the logs), times the share of wall time in which
// evaluation work was pending over the last kSlaWindow_s: idle time costs nothing. Off windows are free, so what a
// stopwatch over the whole run sees is at most this. Met needs the upper end below the limit, violated the lower end
// above it, both at least kMinPairs clean pairs; all else is unknown and says why. Trainer's thread. Percent.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "guard/confidence_sequence.h"
#include "guard/ledger.h"
#include "guard/sla.h"
#include "guard/switchback.h"

namespace keisei::guard {

inline constexpr std::size_t kMinPairs = 8;
inline constexpr std::size_t kMemoryPairs = 400;  ///< the estimate covers the newest 200 to 400 pairs

/// Share of the last kSlaWindow_s (or of the time so far, where that is shorter) with evaluation work pending.
class PendingShare {
 public:
  explicit PendingShare(double now_s) : start_s_(now_s) {}
  /// The time since the last call counts when work was pending at either end of it.
  void add(double now_s, bool pending);
  [[nodiscard]] double share() const;

 private:
  static constexpr std::size_t kSlots = static_cast<std::size_t>(kSlaWindow_s);  ///< one a second
  std::array<double, kSlots> slots_s_{};
  double start_s_;
  double last_s_ = 0;  ///< since the start
  double sum_s_ = 0;
  bool pending_ = false;
};

struct ImpactEstimate {
  std::optional<double> impact_percent;  ///< while running x pending share; unknown before the first pair
  std::optional<double> impact_low_percent;
  std::optional<double> impact_high_percent;
  std::optional<double> running_percent;  ///< while an evaluation runs
  std::optional<double> running_low_percent;
  std::optional<double> running_high_percent;
  double pending_share = 0;
  std::size_t pairs = 0;  ///< that the estimate rests on
  PairCounts counts;      ///< of the whole run
  VerdictState verdict = VerdictState::kUnknown;
  std::string reason;  ///< one sentence
};

/// Pure: the estimate from y = ln(rate_off / rate_on), pending share and limit.
[[nodiscard]] ImpactEstimate estimate_impact(const ConfidenceSequence& y, double pending_share,
                                             const PairCounts& counts, double limit_percent);

/// The pairs that the estimate rests on: the newest, so that an hour ago does not hide what is going on now.
class ImpactPairs {
 public:
  void add(double y);
  void restart() { *this = ImpactPairs(); }
  [[nodiscard]] const ConfidenceSequence& sequence() const { return older_; }

 private:
  ConfidenceSequence older_;
  ConfidenceSequence younger_;  ///< takes over when the older one is full
};

}  // namespace keisei::guard
