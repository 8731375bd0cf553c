#include "guard/breaker.h"

#include <algorithm>
#include <cmath>

namespace keisei::guard {

Breaker::Breaker(int deaths, double window_s, const Clock& clock)
    : limit_(std::max(1, deaths)), window_s_(window_s), clock_(clock) {}

Breaker::State Breaker::state() const {
  if (!tripped_) return State::kClosed;
  return clock_.monotonic_s() - opened_s_ >= window_s_ ? State::kHalfOpen : State::kOpen;
}

int Breaker::deaths() const {
  const double since = clock_.monotonic_s() - window_s_;
  return static_cast<int>(std::count_if(at_s_.begin(), at_s_.end(), [&](double at) { return at > since; }));
}

double Breaker::remaining_s() const {
  return state() == State::kOpen ? opened_s_ + window_s_ - clock_.monotonic_s() : 0;
}

std::string Breaker::reason() const {
  if (state() != State::kOpen) return {};
  return "evaluation is paused for " + std::to_string(static_cast<long>(std::ceil(remaining_s()))) + " s after " +
         std::to_string(limit_) + " worker deaths in " + std::to_string(static_cast<long>(window_s_)) +
         " s; the last: " + last_;
}

void Breaker::death(const std::string& what) {
  const double now = clock_.monotonic_s();
  const bool trial_failed = state() == State::kHalfOpen;
  at_s_.push_back(now);
  while (at_s_.size() > static_cast<std::size_t>(limit_)) at_s_.pop_front();
  last_ = what;
  if (trial_failed || (!tripped_ && deaths() >= limit_)) {
    tripped_ = true;
    opened_s_ = now;
  }
}

void Breaker::success() {
  if (state() != State::kHalfOpen) return;
  tripped_ = false;
  at_s_.clear();
}

}  // namespace keisei::guard
