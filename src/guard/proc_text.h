// The texts of /proc as values: pure parsers, apart from the reading, so that they can be tried on recorded, torn and
// hostile texts. A field that is missing or no number gives nothing, never a zero. No state; any thread. A tick is
// 1/sysconf(_SC_CLK_TCK) s.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace keisei::guard::proc {

inline constexpr std::size_t kMaxCpus = 8192;  ///< more than any kernel is built for

/// /proc/<pid>/stat.
struct Stat {
  char state = '?';  ///< R, S, D, T, Z …
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  std::uint64_t start_ticks = 0;
  double cpu_ticks = 0;           ///< user + system, all threads
  double children_cpu_ticks = 0;  ///< the same of children already reaped
};
[[nodiscard]] std::optional<Stat> parse_stat(std::string_view text);

/// Processor time since boot.
struct CpuTicks {
  double busy = 0;
  double steal = 0;
  double total = 0;
};
struct MachineTicks {
  CpuTicks all;
  std::vector<std::pair<int, CpuTicks>> cores;  ///< (number, ticks), ascending; only those online
};
/// /proc/stat; a torn last line is left out.
[[nodiscard]] std::optional<MachineTicks> parse_machine_ticks(std::string_view text);

/// The number after "Key:" at the beginning of a line (status, meminfo, smaps_rollup), in KiB there.
[[nodiscard]] std::optional<double> parse_keyed(std::string_view text, std::string_view key);

/// avg10 of the "some" line of /proc/pressure/*, in percent.
[[nodiscard]] std::optional<double> parse_pressure(std::string_view text);

/// Time a thread was ready and waited for a processor (second number of schedstat), in seconds.
[[nodiscard]] std::optional<double> parse_run_delay_s(std::string_view text);

/// "0-2,8" as 0, 1, 2, 8 (ascending, no doubles). Nothing for an empty, wrong or too large list.
[[nodiscard]] std::optional<std::vector<int>> parse_cpu_list(std::string_view text);

/// A finite, non-negative number at the beginning (after blanks); nothing otherwise ("max", "-1", "nan").
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace keisei::guard::proc
