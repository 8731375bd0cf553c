#include "guard/impact.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace keisei::guard {
namespace {

/// Share of the rate that is lost, in percent, of a log ratio; grows with it, so an interval stays one.
double lost_percent(double y) { return -100 * std::expm1(-y); }

std::string tenths(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

}  // namespace

void PendingShare::add(double now_s, bool pending) {
  const double t_s = now_s - start_s_;
  const bool counts = pending || pending_;
  pending_ = pending;
  if (t_s - last_s_ >= kSlaWindow_s) {  // longer than all that is remembered
    slots_s_.fill(counts ? 1.0 : 0.0);
    sum_s_ = counts ? kSlaWindow_s : 0;
    last_s_ = std::floor(t_s);
    return;
  }
  while (last_s_ < t_s) {
    const double slot = std::floor(last_s_);
    const std::size_t index = static_cast<std::size_t>(slot) % kSlots;
    if (last_s_ == slot) {  // what lay there is kSlaWindow_s old
      sum_s_ -= slots_s_[index];
      slots_s_[index] = 0;
    }
    const double end_s = std::min(t_s, slot + 1);
    const double part_s = counts ? end_s - last_s_ : 0;
    slots_s_[index] += part_s;
    sum_s_ += part_s;
    last_s_ = end_s;
  }
}

double PendingShare::share() const {
  const double into_slot_s = last_s_ - std::floor(last_s_);
  const double covered_s = into_slot_s > 0 ? kSlaWindow_s - 1 + into_slot_s : kSlaWindow_s;
  const double span_s = std::min(last_s_, covered_s);
  return span_s > 0 ? std::clamp(sum_s_ / span_s, 0.0, 1.0) : 0;
}

void ImpactPairs::add(double y) {
  older_.add(y);
  if (older_.count() > kMemoryPairs / 2) younger_.add(y);
  if (older_.count() < kMemoryPairs) return;
  older_ = younger_;
  younger_ = ConfidenceSequence();
}

ImpactEstimate estimate_impact(const ConfidenceSequence& y, double pending_share, const PairCounts& counts,
                               double limit_percent) {
  ImpactEstimate e;
  e.pending_share = pending_share;
  e.pairs = y.count();
  e.counts = counts;
  if (y.count() > 0) {
    e.running_percent = lost_percent(y.mean());
    e.impact_percent = *e.running_percent * pending_share;
  }
  if (const auto interval = y.interval()) {
    e.running_low_percent = lost_percent(interval->low);
    e.running_high_percent = lost_percent(interval->high);
    e.impact_low_percent = *e.running_low_percent * pending_share;
    e.impact_high_percent = *e.running_high_percent * pending_share;
  }
  const std::string limit = tenths(limit_percent) + " %";
  if (y.count() < kMinPairs || !e.impact_high_percent) {
    e.reason = std::to_string(y.count()) + " of " + std::to_string(kMinPairs) + " pairs so far";
    if (const std::size_t dropped = counts.dropped_in_all(); dropped > 0) {
      e.reason += ", " + std::to_string(dropped) + " dropped";
    }
    return e;
  }
  const std::string found = "between " + tenths(*e.impact_low_percent) + " and " + tenths(*e.impact_high_percent) +
                            " % over " + std::to_string(y.count()) + " pairs, limit " + limit;
  if (*e.impact_high_percent < limit_percent) {
    e.verdict = VerdictState::kMet;
    e.reason = found;
  } else if (*e.impact_low_percent > limit_percent) {
    e.verdict = VerdictState::kViolated;
    e.reason = found;
  } else {
    e.reason = "not settled: " + found;
  }
  return e;
}

}  // namespace keisei::guard
