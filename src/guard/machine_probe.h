// What else went on in the machine while a window of the experiment ran: time stolen by the hypervisor, processor time
// of programs that are neither the trainer nor its workers, and how long the trainer's threads waited for a processor.
// Counters that only grow, so that a window is the difference of two readings, whatever is read in between; each may be
// unknown, and an unknown one is never a zero. The machine is read where a pair begins and ends, the threads also where
// a slice does. One owner, one thread. Seconds of processor time.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>

#include "guard/kept_file.h"

namespace keisei::guard {

inline constexpr std::size_t kMaxProbedThreads = 512;

struct MachineCounters {
  std::optional<double> capacity_s;  ///< of all processors, idle time included
  std::optional<double> busy_s;      ///< of it, spent by any program
  std::optional<double> steal_s;     ///< of it, taken by the hypervisor
  std::optional<double> own_s;       ///< spent by this process and its descendants
};

class MachineProbe {
 public:
  virtual ~MachineProbe() = default;
  [[nodiscard]] virtual MachineCounters read() = 0;
  /// This process's threads, runnable without a processor, summed.
  [[nodiscard]] virtual std::optional<double> run_delay_s() = 0;
};

/// Shares of the machine's capacity, 0 … 1.
struct MachineShares {
  std::optional<double> steal;
  std::optional<double> foreign;
};
/// Of the time between two readings; a counter that stood still or fell back gives 0 or nothing, never less.
[[nodiscard]] MachineShares shares(const MachineCounters& before, const MachineCounters& after);

/// The real one: /proc/stat, /proc/self/task/*/schedstat and the processor clocks of this process and its descendants.
class ProcMachine final : public MachineProbe {
 public:
  explicit ProcMachine(std::filesystem::path proc = "/proc");
  [[nodiscard]] MachineCounters read() override;
  [[nodiscard]] std::optional<double> run_delay_s() override;

 private:
  struct Thread {
    KeptFile schedstat;
    double delay_s = 0;
    bool present = false;
  };

  std::filesystem::path proc_;
  KeptFile stat_;
  std::map<pid_t, Thread> threads_;
  double ended_delay_s_ = 0;  ///< of threads that are gone
};

}  // namespace keisei::guard
