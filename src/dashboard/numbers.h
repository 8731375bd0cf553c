// Numbers for people: three significant digits with k, M, G; hours and minutes; Elo with its error. Machines get the
// raw values from the log, the database and --json. Unknown (NaN) is a dash everywhere, so that it is never read as 0.
#pragma once

#include <cstdint>
#include <string>

namespace keisei::dashboard {

inline constexpr const char* kDash = "–";

/// 7, 987, 12.3k, 4.56M, 1.20G
[[nodiscard]] std::string people_count(double value);
/// Seconds: 0.4s, 12s, 3m 05s, 1h 02m, 2d 03h
[[nodiscard]] std::string people_duration(double seconds);
/// A share of 1: 43.2 %, 100 %
[[nodiscard]] std::string people_percent(double share, int decimals = 1);
/// MiB: 512 MiB, 1.50 GiB
[[nodiscard]] std::string people_mebibytes(double mebibytes);
/// +123 ±45; with unequal sides +123 +60/−40; without a known interval +123
[[nodiscard]] std::string people_elo(double elo, double low, double high);
/// hh:mm:ss of the UTC day
[[nodiscard]] std::string people_clock(std::int64_t utc_ms);
/// Fixed decimals; very small or large values in scientific form: 0.0123, 3.00e-04
[[nodiscard]] std::string people_real(double value, int decimals = 3);
/// 0.823 [0.742, 0.884]
[[nodiscard]] std::string people_interval(double value, double low, double high, int decimals = 3);

}  // namespace keisei::dashboard
