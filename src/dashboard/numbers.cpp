#include "dashboard/numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "base/clock.h"

namespace keisei::dashboard {
namespace {

constexpr double kSecondsPerMinute = 60, kSecondsPerHour = 3600, kSecondsPerDay = 86400;
constexpr double kLongestDuration_s = 1e9;  // beyond, a duration says nothing
constexpr double kMebibytesPerGibibyte = 1024;
constexpr double kEloLimit = 10000;

std::string print(const char* format, double value) {
  std::array<char, 64> text{};
  // NOLINTNEXTLINE: the format is one of the literals below.
  const int length = std::snprintf(text.data(), text.size(), format, value);
  return length > 0 ? std::string(text.data()) : std::string(kDash);
}

std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  std::string result(text.data());
  // A rounded −0 is a 0.
  if (result.starts_with('-') && result.find_first_not_of("-0.") == std::string::npos) result.erase(0, 1);
  return result;
}

/// Three significant digits of a value in [0, 1000).
std::string three_digits(double value) { return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0); }

std::string two_parts(std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%lld%s %02lld%s", static_cast<long long>(large), large_unit,
                      static_cast<long long>(small), small_unit);
  return text.data();
}

}  // namespace

std::string people_count(double value) {
  if (!std::isfinite(value)) return kDash;
  const double size = std::abs(value);
  const char* sign = value < 0 ? "-" : "";
  if (size < 999.5) return sign + (size < 99.95 && size != std::floor(size) ? fixed(size, 1) : fixed(size, 0));
  struct Unit {
    double scale;
    const char* name;
  };
  for (const auto& [scale, name] : {Unit{1e3, "k"}, Unit{1e6, "M"}, Unit{1e9, "G"}}) {
    if (size < scale * 999.5) return sign + three_digits(size / scale) + name;
  }
  return sign + three_digits(std::min(size / 1e12, 999.0)) + "T";
}

std::string people_duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kLongestDuration_s) return kDash;
  if (seconds < 9.95) return fixed(seconds, 1) + "s";
  if (seconds < kSecondsPerMinute - 0.5) return fixed(seconds, 0) + "s";
  const auto whole = std::llround(seconds);
  if (seconds < kSecondsPerHour - 0.5) return two_parts(whole / 60, "m", whole % 60, "s");
  if (seconds < kSecondsPerDay - 0.5) return two_parts(whole / 3600, "h", whole % 3600 / 60, "m");
  return two_parts(whole / 86400, "d", whole % 86400 / 3600, "h");
}

std::string people_percent(double share, int decimals) {
  if (!std::isfinite(share)) return kDash;
  const double percent = share * 100;
  return fixed(percent, percent >= 99.95 || percent == 0.0 ? 0 : decimals) + " %";
}

std::string people_mebibytes(double mebibytes) {
  if (!std::isfinite(mebibytes) || mebibytes < 0) return kDash;
  if (mebibytes < 999.5) return fixed(mebibytes, 0) + " MiB";
  return three_digits(mebibytes / kMebibytesPerGibibyte) + " GiB";
}

std::string people_clock(std::int64_t utc_ms) {
  constexpr std::size_t kBegin = 11, kLength = 8;  // of "2026-01-31T12:34:56.789Z"
  return iso_utc(utc_ms).substr(kBegin, kLength);
}

std::string people_elo(double elo, double low, double high) {
  if (!std::isfinite(elo) || std::abs(elo) > kEloLimit) return kDash;
  const std::string middle = print("%+.0f", elo == 0.0 || std::abs(elo) < 0.5 ? 0.0 : elo);
  if (!std::isfinite(low) || !std::isfinite(high)) return middle;
  const double up = high - elo, down = elo - low;
  if (std::llround(up) == std::llround(down)) return middle + " ±" + fixed(up, 0);
  return middle + " +" + fixed(up, 0) + "/−" + fixed(down, 0);
}

std::string people_real(double value, int decimals) {
  if (!std::isfinite(value)) return kDash;
  const double size = std::abs(value);
  const bool lost = size != 0.0 && size < 0.5 * std::pow(10.0, -decimals);
  if (lost || size >= 1e6) return print("%.1e", value);
  return fixed(value, decimals);
}

std::string people_interval(double value, double low, double high, int decimals) {
  if (!std::isfinite(value)) return kDash;
  std::string text = fixed(value, decimals);
  if (std::isfinite(low) && std::isfinite(high)) {
    text += " [" + fixed(low, decimals) + ", " + fixed(high, decimals) + "]";
  }
  return text;
}

}  // namespace keisei::dashboard
