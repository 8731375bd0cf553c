// Readings of this process and this machine: each is a value or "unknown: …" with the reason, never a made-up zero.
// Made to be called twice a second beside training, so descriptors stay open; the proportional set size, which the
// kernel counts page by page, is read on demand only. The kernel's directories are arguments, so that a test can stand
// in for a machine. Rates cover the time since the sample before. One owner, one thread. MB are 10^6 bytes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "guard/cgroup.h"
#include "guard/kept_file.h"
#include "guard/nvml.h"
#include "guard/proc_text.h"
#include "guard/reading.h"

namespace keisei::guard {

inline constexpr std::size_t kMaxWatchedThreads = 256;
inline constexpr std::size_t kMaxWatchedProcesses = 64;

struct Resources {
  Reading process_cpu_percent;  ///< of one core; 200 = two cores busy
  Reading machine_cpu_percent;  ///< of all cores
  Reading steal_percent;        ///< taken by the hypervisor, of all cores
  Reading foreign_cpu_percent;  ///< of all cores: neither this process, nor its workers, nor stolen
  Reading run_delay_percent;    ///< 100 = on average one thread of this process ready, but waiting for a core
  std::vector<std::pair<int, double>> core_cpu_percent;  ///< (core, busy share of it); empty when unknown
  std::string core_cpu_source;                           ///< where from, or "unknown: …"
  Reading rss_mb;
  Reading rss_peak_mb;
  Reading cpu_pressure_percent;  ///< PSI some avg10
  Reading memory_pressure_percent;
  Reading io_pressure_percent;
  Reading memory_limit_mb;  ///< see CgroupReadings
  Reading memory_current_mb;
  Reading cpu_quota_cores;
  Reading gpu_percent;  ///< the busiest device
  std::vector<GpuSample> gpus;
};

struct ProcessMemory {
  Reading rss_mb;
  Reading rss_peak_mb;
  Reading pss_mb;
};

class ResourceMonitor {
 public:
  /// `gpu` may be null (no GPU is watched) and outlives the monitor.
  explicit ResourceMonitor(const Clock& clock, std::filesystem::path proc = "/proc",
                           std::filesystem::path cgroup = "/sys/fs/cgroup", Nvml* gpu = nullptr);

  /// A sample; rates are unknown on the first. The processor time of `workers` (evaluation's processes; at most
  /// kMaxWatchedProcesses) counts as this process's own and not as foreign.
  [[nodiscard]] Resources sample(std::span<const pid_t> workers = {});
  /// Memory of any process, 0 = this one. The proportional part costs milliseconds for a large process.
  [[nodiscard]] ProcessMemory memory(pid_t pid) const;
  /// Proportional set size of a process.
  [[nodiscard]] Reading pss_mb(pid_t pid) const;

 private:
  struct Watched {
    KeptFile file;
    std::uint64_t start_ticks = 0;
    double last = 0;  ///< ticks, or seconds of delay, read last
  };
  void processor(Resources& r, double now_s, std::span<const pid_t> workers);
  [[nodiscard]] Reading run_delay(std::optional<double> elapsed_s);
  [[nodiscard]] static Reading pressure(KeptFile& file);
  /// Ticks since the sample before of the workers, without what this process's own count has taken over from them.
  [[nodiscard]] double worker_ticks(std::span<const pid_t> workers);

  const Clock& clock_;
  std::filesystem::path proc_;
  Nvml* gpu_;
  Cgroups cgroups_;
  KeptFile stat_;
  KeptFile self_stat_;
  KeptFile self_status_;
  KeptFile cpu_pressure_;
  KeptFile memory_pressure_;
  KeptFile io_pressure_;
  std::map<pid_t, Watched> threads_;  ///< schedstat of each thread of this process
  std::map<pid_t, Watched> workers_;  ///< stat of each worker
  std::optional<proc::MachineTicks> last_machine_;
  std::optional<proc::Stat> last_self_;
  std::optional<double> last_s_;
};

}  // namespace keisei::guard
