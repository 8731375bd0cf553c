#include "guard/resource_monitor.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

namespace keisei::guard {
namespace {

constexpr std::size_t kStatBytes = 256u << 10;  ///< the processors' lines of the largest machines
constexpr double kMbPerKiB = 1024e-6;
constexpr const char* kOneSample = "a rate needs two samples";

double ticks_per_s() { return static_cast<double>(::sysconf(_SC_CLK_TCK)); }

/// Share of `total` in percent; counters of the kernel may step back a little.
double share(double part, double total) { return std::clamp(100 * part / total, 0.0, 100.0); }

Reading keyed_mb(std::optional<std::string_view> text, const std::string& path, const char* key) {
  if (!text) return unknown("cannot read " + path);
  const auto kib = proc::parse_keyed(*text, key);
  if (!kib) return unknown(path + " has no " + key);
  return known(*kib * kMbPerKiB, path + " " + key);
}

Reading file_mb(const std::filesystem::path& path, const char* key) {
  KeptFile file(path.string());
  return keyed_mb(file.read(), path.string(), key);
}

}  // namespace

ResourceMonitor::ResourceMonitor(const Clock& clock, std::filesystem::path proc, std::filesystem::path cgroup,
                                 Nvml* gpu)
    : clock_(clock),
      proc_(std::move(proc)),
      gpu_(gpu),
      cgroups_(proc_, std::move(cgroup)),
      stat_(proc_ / "stat", kStatBytes),
      self_stat_(proc_ / "self" / "stat"),
      self_status_(proc_ / "self" / "status"),
      cpu_pressure_(proc_ / "pressure" / "cpu"),
      memory_pressure_(proc_ / "pressure" / "memory"),
      io_pressure_(proc_ / "pressure" / "io") {}

double ResourceMonitor::worker_ticks(std::span<const pid_t> workers) {
  const std::set<pid_t> wanted(workers.begin(), workers.end());
  for (const pid_t pid : wanted) {
    if (workers_.size() >= kMaxWatchedProcesses) break;
    if (workers_.contains(pid)) continue;
    KeptFile file(proc_ / std::to_string(pid) / "stat");
    const auto text = file.read();
    const auto stat = text ? proc::parse_stat(*text) : std::nullopt;
    if (!stat) continue;
    // What it used before it was named is not of this interval.
    workers_.emplace(pid, Watched{std::move(file), stat->start_ticks, stat->cpu_ticks + stat->children_cpu_ticks});
  }
  double used = 0;
  for (auto it = workers_.begin(); it != workers_.end();) {
    Watched& worker = it->second;
    const auto text = worker.file.read();
    const auto stat = text ? proc::parse_stat(*text) : std::nullopt;
    if (!stat || stat->start_ticks != worker.start_ticks) {
      used -= worker.last;  // reaped: this process counts all of it among its children now
      it = workers_.erase(it);
      continue;
    }
    const double now = stat->cpu_ticks + stat->children_cpu_ticks;
    used += now - worker.last;
    worker.last = now;
    it = wanted.contains(it->first) ? std::next(it) : workers_.erase(it);
  }
  return used;
}

void ResourceMonitor::processor(Resources& r, double now_s, std::span<const pid_t> workers) {
  const auto machine_text = stat_.read();
  auto machine = machine_text ? proc::parse_machine_ticks(*machine_text) : std::nullopt;
  const auto self_text = self_stat_.read();
  const auto self = self_text ? proc::parse_stat(*self_text) : std::nullopt;
  const double of_workers = worker_ticks(workers);

  const std::string first = kOneSample;
  const Reading no_machine = unknown(machine ? first : "cannot read " + stat_.path());
  const Reading no_self = unknown(self ? first : "cannot read " + self_stat_.path());
  r.machine_cpu_percent = r.steal_percent = no_machine;
  r.foreign_cpu_percent = machine ? no_self : no_machine;
  r.process_cpu_percent = no_self;
  r.core_cpu_source = no_machine.source;
  if (self && last_self_ && last_s_ && now_s > *last_s_) {
    const double used_s = (self->cpu_ticks - last_self_->cpu_ticks) / ticks_per_s();
    r.process_cpu_percent = known(std::max(0.0, 100 * used_s / (now_s - *last_s_)), self_stat_.path());
  }
  const double total = machine && last_machine_ ? machine->all.total - last_machine_->all.total : 0;
  if (total > 0) {
    const double busy = machine->all.busy - last_machine_->all.busy;
    r.machine_cpu_percent = known(share(busy, total), stat_.path());
    r.steal_percent = known(share(machine->all.steal - last_machine_->all.steal, total), stat_.path());
    if (self && last_self_) {
      const double children = self->children_cpu_ticks - last_self_->children_cpu_ticks;
      const double own = self->cpu_ticks - last_self_->cpu_ticks + std::max(0.0, children + of_workers);
      r.foreign_cpu_percent = known(share(busy - own, total), stat_.path() + " without " + self_stat_.path());
    }
    auto before = last_machine_->cores.begin();
    for (const auto& [core, ticks] : machine->cores) {
      while (before != last_machine_->cores.end() && before->first < core) ++before;
      if (before == last_machine_->cores.end()) break;
      const double of_core = ticks.total - before->second.total;
      if (before->first != core || of_core <= 0) continue;  // it was offline, or no tick has passed
      r.core_cpu_percent.emplace_back(core, share(ticks.busy - before->second.busy, of_core));
    }
    r.core_cpu_source = r.core_cpu_percent.empty() ? "unknown: no tick has passed" : stat_.path();
  } else if (machine && last_machine_) {
    r.machine_cpu_percent = r.steal_percent = r.foreign_cpu_percent = unknown("no tick has passed");
    r.core_cpu_source = r.machine_cpu_percent.source;
  }
  last_machine_ = std::move(machine);
  last_self_ = self;
}

Reading ResourceMonitor::run_delay(std::optional<double> elapsed_s) {
  const auto tasks = proc_ / "self" / "task";
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(tasks.c_str()), ::closedir);
  if (!dir) return unknown("cannot list " + tasks.string());
  double delay_s = 0;
  std::map<pid_t, Watched> living;
  bool compared = false;
  while (const dirent* entry = ::readdir(dir.get())) {
    const auto tid = proc::parse_number(entry->d_name);
    if (!tid) continue;
    if (living.size() >= kMaxWatchedThreads) {
      threads_.clear();
      return unknown("more than " + std::to_string(kMaxWatchedThreads) + " threads");
    }
    const auto id = static_cast<pid_t>(*tid);
    auto known_thread = threads_.extract(id);
    const bool old = !known_thread.empty();
    Watched thread = old ? std::move(known_thread.mapped()) : Watched{KeptFile(tasks / entry->d_name / "schedstat")};
    const auto text = thread.file.read();
    const auto now_s = text ? proc::parse_run_delay_s(*text) : std::nullopt;
    if (!now_s) continue;  // it has just ended
    if (old && *now_s >= thread.last) delay_s += *now_s - thread.last;
    compared = compared || old;
    thread.last = *now_s;
    living.emplace(id, std::move(thread));
  }
  threads_ = std::move(living);
  if (threads_.empty()) return unknown("no schedstat below " + tasks.string());
  if (!compared || !elapsed_s || *elapsed_s <= 0) return unknown(kOneSample);
  return known(100 * delay_s / *elapsed_s, tasks.string() + "/*/schedstat");
}

Reading ResourceMonitor::pressure(KeptFile& file) {
  const auto text = file.read();
  if (!text) return unknown("the kernel has no pressure information (" + file.path() + ")");
  const auto percent = proc::parse_pressure(*text);
  if (!percent) return unknown(file.path() + " has no avg10");
  return known(*percent, file.path() + " some avg10");
}

Resources ResourceMonitor::sample(std::span<const pid_t> workers) {
  Resources r;
  const double now_s = clock_.monotonic_s();
  const std::optional<double> elapsed_s = last_s_ ? std::optional(now_s - *last_s_) : std::nullopt;
  processor(r, now_s, workers);
  r.run_delay_percent = run_delay(elapsed_s);
  last_s_ = now_s;
  const auto status = self_status_.read();
  r.rss_mb = keyed_mb(status, self_status_.path(), "VmRSS:");
  r.rss_peak_mb = keyed_mb(status, self_status_.path(), "VmHWM:");
  r.cpu_pressure_percent = pressure(cpu_pressure_);
  r.memory_pressure_percent = pressure(memory_pressure_);
  r.io_pressure_percent = pressure(io_pressure_);
  CgroupReadings groups = cgroups_.read();
  r.memory_limit_mb = std::move(groups.memory_limit_mb);
  r.memory_current_mb = std::move(groups.memory_current_mb);
  r.cpu_quota_cores = std::move(groups.cpu_quota_cores);
  if (gpu_ != nullptr) r.gpus = gpu_->sample();
  r.gpu_percent = busiest_gpu(r.gpus, gpu_ != nullptr ? gpu_->why() : "no GPU is watched");
  return r;
}

ProcessMemory ResourceMonitor::memory(pid_t pid) const {
  const auto directory = proc_ / (pid == 0 ? "self" : std::to_string(pid));
  return {file_mb(directory / "status", "VmRSS:"), file_mb(directory / "status", "VmHWM:"),
          file_mb(directory / "smaps_rollup", "Pss:")};
}

Reading ResourceMonitor::pss_mb(pid_t pid) const {
  return file_mb(proc_ / (pid == 0 ? "self" : std::to_string(pid)) / "smaps_rollup", "Pss:");
}

}  // namespace keisei::guard
