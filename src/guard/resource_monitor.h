// Readings of this process and this machine: each is a value or "unknown, because …", never a made-up zero. The
// kernel's directories are arguments, so that a test can stand in for a machine. Rates need two samples. One owner,
// one thread. MB are 10^6 bytes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace keisei::guard {

struct Reading {
  std::optional<double> value;
  std::string source;  ///< where it came from, or why it is unknown
};

struct Resources {
  Reading process_cpu_percent;  ///< of one core; 200 = two cores busy
  Reading machine_cpu_percent;  ///< of all cores
  Reading steal_percent;        ///< taken by the hypervisor, of all cores
  Reading rss_mb;
  Reading rss_peak_mb;
  Reading pss_mb;
  Reading cpu_pressure_percent;  ///< PSI some avg10
  Reading memory_pressure_percent;
  Reading memory_limit_mb;  ///< cgroup v2 or v1
  Reading cpu_quota_cores;
  Reading gpu_percent;
};

class ResourceMonitor {
 public:
  explicit ResourceMonitor(const Clock& clock, std::filesystem::path proc = "/proc",
                           std::filesystem::path cgroup = "/sys/fs/cgroup");

  /// A sample; rates cover the time since the call before and are unknown on the first.
  [[nodiscard]] Resources sample();
  /// Proportional set size of another process.
  [[nodiscard]] Reading pss_mb(pid_t pid) const;

 private:
  struct Ticks {
    double busy = 0;
    double steal = 0;
    double total = 0;
  };
  [[nodiscard]] std::optional<Ticks> machine_ticks() const;
  [[nodiscard]] std::optional<double> process_cpu_s() const;
  [[nodiscard]] Reading status_mb(const char* key) const;
  [[nodiscard]] Reading rollup_mb(const std::filesystem::path& file) const;
  [[nodiscard]] Reading pressure(const char* what) const;
  [[nodiscard]] Reading memory_limit() const;
  [[nodiscard]] Reading cpu_quota() const;
  [[nodiscard]] std::optional<std::string> control_file(const char* controller, const char* v2, const char* v1,
                                                        std::string& path) const;

  const Clock& clock_;
  std::filesystem::path proc_;
  std::filesystem::path cgroup_;
  std::optional<Ticks> last_ticks_;
  std::optional<double> last_cpu_s_;
  double last_s_ = 0;
};

}  // namespace keisei::guard
