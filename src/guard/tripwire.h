// The fast alarm beside the slow experiment: how long the trainer's threads stood runnable without a processor, per
// second, in on windows, against what they do in off windows anyway. Three on windows in a row that are 5 % of a second
// worse shut the gate. It needs no steady rate and no pairs, so it reacts within seconds to a worker that lost its
// policy or to a kernel that schedules it beside the trainer. Plain value, trainer's thread. Seconds per second.
#pragma once

#include <optional>

namespace keisei::guard {

inline constexpr double kTripExcess = 0.05;
inline constexpr int kTripWindows = 3;
inline constexpr double kTripBaselineWeight = 0.2;  ///< of the newest off window

class Tripwire {
 public:
  /// A window has ended; true when it trips. Unknown delay neither counts nor resets.
  bool window(bool on, std::optional<double> run_delay);
  /// Starts the count again, keeps the baseline.
  void rearm() { in_a_row_ = 0; }
  [[nodiscard]] std::optional<double> baseline() const { return baseline_; }
  [[nodiscard]] std::optional<double> last_on() const { return last_on_; }
  [[nodiscard]] int in_a_row() const { return in_a_row_; }

 private:
  std::optional<double> baseline_;
  std::optional<double> last_on_;
  int in_a_row_ = 0;
};

}  // namespace keisei::guard
