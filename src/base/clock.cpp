#include "base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace keisei {
namespace {
std::int64_t read_ns(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}
}  // namespace

std::int64_t SystemClock::monotonic_ns() const { return read_ns(CLOCK_MONOTONIC); }
std::int64_t SystemClock::utc_ms() const { return read_ns(CLOCK_REALTIME) / 1'000'000; }

std::string iso_utc(std::int64_t utc_ms) {
  const std::time_t seconds = static_cast<std::time_t>(utc_ms / 1000);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, static_cast<int>(utc_ms % 1000));
  return text.data();
}

}  // namespace keisei
