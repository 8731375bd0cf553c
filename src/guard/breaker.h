// A restart budget: after `deaths` worker deaths in `window_s` it opens and jobs are refused, so that a worker which
// always dies costs a few tries and not a loop. After another window one trial is let through (half-open): a success
// closes it, a death opens it again. Owned by one thread or guarded by its owner. Seconds of the monotonic clock.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "base/clock.h"

namespace keisei::guard {

class Breaker {
 public:
  enum class State { kClosed, kOpen, kHalfOpen };

  Breaker(int deaths, double window_s, const Clock& clock);

  [[nodiscard]] State state() const;
  /// Deaths inside the window now.
  [[nodiscard]] int deaths() const;
  [[nodiscard]] int limit() const { return limit_; }
  /// Why jobs are refused; empty unless open.
  [[nodiscard]] std::string reason() const;
  [[nodiscard]] double remaining_s() const;  ///< until half-open; 0 unless open

  void death(const std::string& what);
  void success();

 private:
  int limit_;
  double window_s_;
  const Clock& clock_;
  std::deque<double> at_s_;
  bool tripped_ = false;
  double opened_s_ = 0;
  std::string last_;
};

}  // namespace keisei::guard
