// Time is passed in, never asked of the system directly, so that tests own it. Durations and deadlines use
// monotonic_ns (CLOCK_MONOTONIC, unaffected by wall-clock jumps); utc_ms is for labels only. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace keisei {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t monotonic_ns() const = 0;  ///< nanoseconds since an arbitrary start
  [[nodiscard]] virtual std::int64_t utc_ms() const = 0;        ///< milliseconds since 1970-01-01 UTC
  [[nodiscard]] double monotonic_s() const { return static_cast<double>(monotonic_ns()) * 1e-9; }
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override;
  [[nodiscard]] std::int64_t utc_ms() const override;
};

/// A clock that a test moves by hand.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override { return monotonic_ns_.load(); }
  [[nodiscard]] std::int64_t utc_ms() const override { return utc_ms_.load(); }
  void advance_ns(std::int64_t ns) {
    monotonic_ns_ += ns;
    utc_ms_ += ns / 1'000'000;
  }
  void jump_utc_ms(std::int64_t ms) { utc_ms_ += ms; }

 private:
  std::atomic<std::int64_t> monotonic_ns_{0};
  std::atomic<std::int64_t> utc_ms_{0};
};

/// "2026-03-01T12:34:56.789Z"
[[nodiscard]] std::string iso_utc(std::int64_t utc_ms);

}  // namespace keisei
