#include "guard/machine_probe.h"

#include <dirent.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#include "guard/proc.h"
#include "guard/proc_text.h"

namespace keisei::guard {
namespace {

constexpr std::size_t kStatBytes = 256u << 10;  ///< the processors' lines of the largest machines

std::optional<double> grown(const std::optional<double>& before, const std::optional<double>& after) {
  if (!before || !after) return std::nullopt;
  return std::max(0.0, *after - *before);
}

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; }

/// This process, its living descendants, and those it has reaped.
std::optional<double> own_cpu_s() {
  timespec t{};
  rusage reaped{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0 || ::getrusage(RUSAGE_CHILDREN, &reaped) != 0) {
    return std::nullopt;
  }
  double sum_s = static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  sum_s += seconds(reaped.ru_utime) + seconds(reaped.ru_stime);
  for (const pid_t pid : proc::descendants(::getpid())) sum_s += proc::cpu_s(pid).value_or(0);
  return sum_s;
}

}  // namespace

MachineShares shares(const MachineCounters& before, const MachineCounters& after) {
  MachineShares s;
  const auto capacity_s = grown(before.capacity_s, after.capacity_s);
  const auto busy_s = grown(before.busy_s, after.busy_s);
  const auto steal_s = grown(before.steal_s, after.steal_s);
  const auto own_s = grown(before.own_s, after.own_s);
  if (capacity_s && *capacity_s > 0) {
    if (steal_s) s.steal = *steal_s / *capacity_s;
    if (busy_s && own_s) s.foreign = std::max(0.0, *busy_s - *own_s) / *capacity_s;
  }
  return s;
}

ProcMachine::ProcMachine(std::filesystem::path proc)
    : proc_(std::move(proc)), stat_((proc_ / "stat").string(), kStatBytes) {}

std::optional<double> ProcMachine::run_delay_s() {
  const std::string tasks = (proc_ / "self" / "task").string();
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), ::closedir);
  if (!directory) return std::nullopt;
  for (auto& [tid, thread] : threads_) thread.present = false;
  bool known = false;
  double sum_s = 0;
  while (const dirent* entry = ::readdir(directory.get())) {
    const pid_t tid = std::atoi(entry->d_name);
    if (tid <= 0) continue;
    auto found = threads_.find(tid);
    if (found == threads_.end()) {
      if (threads_.size() >= kMaxProbedThreads) continue;
      found = threads_.emplace(tid, Thread{KeptFile(tasks + "/" + entry->d_name + "/schedstat"), 0, false}).first;
    }
    Thread& thread = found->second;
    const auto text = thread.schedstat.read();
    const auto delay_s = text ? proc::parse_run_delay_s(*text) : std::nullopt;
    if (!delay_s) continue;
    if (*delay_s < thread.delay_s) ended_delay_s_ += thread.delay_s;  // another thread under the same number
    thread.delay_s = *delay_s;
    thread.present = known = true;
    sum_s += *delay_s;
  }
  for (auto it = threads_.begin(); it != threads_.end();) {
    if (it->second.present) {
      ++it;
      continue;
    }
    ended_delay_s_ += it->second.delay_s;
    it = threads_.erase(it);
  }
  if (!known) return std::nullopt;
  return ended_delay_s_ + sum_s;
}

MachineCounters ProcMachine::read() {
  MachineCounters counters;
  const auto text = stat_.read();
  if (const auto ticks = text ? proc::parse_machine_ticks(*text) : std::nullopt) {
    const auto ticks_per_s = static_cast<double>(::sysconf(_SC_CLK_TCK));
    counters.capacity_s = ticks->all.total / ticks_per_s;
    counters.busy_s = ticks->all.busy / ticks_per_s;
    counters.steal_s = ticks->all.steal / ticks_per_s;
  }
  counters.own_s = own_cpu_s();
  return counters;
}

}  // namespace keisei::guard
