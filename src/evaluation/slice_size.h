// How much work fits into a slice of time, found by measuring: half of it when a slice took longer than its budget,
// twice as much when it took less than half. So a small network is still asked for everything at once, and a large one
// never computes longer than the burst that pays for it. Owned by whoever slices; one thread. Seconds.
#pragma once

#include <algorithm>
#include <cstddef>

namespace keisei::evaluation {

inline constexpr double kSliceBudget_s = 0.010;     ///< half of the default burst
inline constexpr std::size_t kLargestSlice = 4096;  ///< no more games are played side by side

class SliceSize {
 public:
  explicit SliceSize(double budget_s) : budget_s_(budget_s) {}

  /// Most items that the next slice takes, at least 1.
  [[nodiscard]] std::size_t most() const { return most_; }
  /// A slice of so many items took so long.
  void took(std::size_t items, double seconds) {
    if (seconds > budget_s_) most_ = std::max<std::size_t>(1, items / 2);
    if (seconds < budget_s_ / 2 && items == most_) most_ = std::min(2 * most_, kLargestSlice);
  }

 private:
  double budget_s_;
  std::size_t most_ = kLargestSlice;
};

}  // namespace keisei::evaluation
