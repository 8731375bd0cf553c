#include "guard/tripwire.h"

namespace keisei::guard {

bool Tripwire::window(bool on, std::optional<double> run_delay) {
  if (!run_delay) return false;
  if (!on) {
    baseline_ = baseline_ ? *baseline_ + kTripBaselineWeight * (*run_delay - *baseline_) : *run_delay;
    return false;
  }
  last_on_ = run_delay;
  if (!baseline_) return false;
  in_a_row_ = *run_delay - *baseline_ > kTripExcess ? in_a_row_ + 1 : 0;
  return in_a_row_ >= kTripWindows;
}

}  // namespace keisei::guard
