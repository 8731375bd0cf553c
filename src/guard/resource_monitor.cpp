#include "guard/resource_monitor.h"

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace keisei::guard {
namespace {

constexpr double kUnlimitedBytes = 9e18;  ///< cgroup v1 writes "no limit" as a number near 2^63

std::optional<std::string> slurp(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Reading unknown(std::string why) { return {std::nullopt, "unknown: " + std::move(why)}; }

/// The number after `key` at the beginning of a line.
std::optional<double> keyed(const std::string& text, const std::string& key) {
  std::size_t at = text.starts_with(key) ? 0 : text.find("\n" + key);
  if (at == std::string::npos) return std::nullopt;
  at = text.find_first_of("0123456789", at + key.size());
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(text.c_str() + at, nullptr);
}

std::optional<double> positive(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(value) || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

ResourceMonitor::ResourceMonitor(const Clock& clock, std::filesystem::path proc, std::filesystem::path cgroup)
    : clock_(clock), proc_(std::move(proc)), cgroup_(std::move(cgroup)) {}

std::optional<ResourceMonitor::Ticks> ResourceMonitor::machine_ticks() const {
  const auto text = slurp(proc_ / "stat");
  if (!text || !text->starts_with("cpu ")) return std::nullopt;
  std::istringstream in(text->substr(4));
  // user nice system idle iowait irq softirq steal; guest time is part of user
  Ticks ticks;
  double value = 0;
  for (int field = 0; field < 8 && in >> value; ++field) {
    ticks.total += value;
    if (field == 7) ticks.steal = value;
    if (field != 3 && field != 4 && field != 7) ticks.busy += value;
  }
  return ticks.total > 0 ? std::optional(ticks) : std::nullopt;
}

std::optional<double> ResourceMonitor::process_cpu_s() const {
  const auto text = slurp(proc_ / "self" / "stat");
  if (!text) return std::nullopt;
  const std::size_t close = text->rfind(')');
  if (close == std::string::npos) return std::nullopt;
  std::istringstream in(text->substr(close + 1));
  std::string field;
  double ticks = 0;
  for (int i = 3; i <= 15 && in >> field; ++i) {
    if (i >= 14) ticks += std::strtod(field.c_str(), nullptr);
  }
  return in ? std::optional(ticks / static_cast<double>(::sysconf(_SC_CLK_TCK))) : std::nullopt;
}

Reading ResourceMonitor::status_mb(const char* key) const {
  const auto path = proc_ / "self" / "status";
  const auto text = slurp(path);
  if (!text) return unknown("cannot read " + path.string());
  const auto kib = keyed(*text, key);
  if (!kib) return unknown(path.string() + " has no " + key);
  return {*kib * 1024e-6, path.string() + " " + key};
}

Reading ResourceMonitor::rollup_mb(const std::filesystem::path& file) const {
  const auto text = slurp(file);
  if (!text) return unknown("cannot read " + file.string());
  const auto kib = keyed(*text, "Pss:");
  if (!kib) return unknown(file.string() + " has no Pss");
  return {*kib * 1024e-6, file.string()};
}

Reading ResourceMonitor::pss_mb(pid_t pid) const { return rollup_mb(proc_ / std::to_string(pid) / "smaps_rollup"); }

Reading ResourceMonitor::pressure(const char* what) const {
  const auto path = proc_ / "pressure" / what;
  const auto text = slurp(path);
  if (!text) return unknown("the kernel has no pressure information (" + path.string() + ")");
  const std::size_t at = text->find("some avg10=");
  if (at == std::string::npos) return unknown(path.string() + " has no avg10");
  return {std::strtod(text->c_str() + at + 11, nullptr), path.string() + " some avg10"};
}

std::optional<std::string> ResourceMonitor::control_file(const char* controller, const char* v2, const char* v1,
                                                         std::string& path) const {
  const auto groups = slurp(proc_ / "self" / "cgroup");
  std::istringstream lines(groups.value_or(""));
  std::string line;
  while (std::getline(lines, line)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos || second + 1 >= line.size()) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::filesystem::path group = line.substr(second + 2);
    const bool unified = controllers == ",,";
    if (!unified && controllers.find("," + std::string(controller) + ",") == std::string::npos) continue;
    const auto root = unified ? cgroup_ : cgroup_ / controller;
    // In a container the group's own path may not be mounted: then its root is.
    for (const auto& file : {root / group / (unified ? v2 : v1), root / (unified ? v2 : v1)}) {
      if (auto text = slurp(file)) {
        path = file.string();
        return text;
      }
    }
  }
  return std::nullopt;
}

Reading ResourceMonitor::memory_limit() const {
  std::string path;
  const auto text = control_file("memory", "memory.max", "memory.limit_in_bytes", path);
  if (!text) return unknown("no memory control group is readable");
  const auto bytes = positive(*text);
  if (!bytes || *bytes >= kUnlimitedBytes) return unknown(path + " sets no limit");
  return {*bytes * 1e-6, path};
}

Reading ResourceMonitor::cpu_quota() const {
  std::string path;
  const auto text = control_file("cpu", "cpu.max", "cpu.cfs_quota_us", path);
  if (!text) return unknown("no processor control group is readable");
  const auto quota = positive(*text);
  if (!quota) return unknown(path + " sets no limit");
  double period = 100000;
  if (const std::size_t space = text->find(' '); space != std::string::npos) {
    period = positive(text->substr(space + 1)).value_or(period);
  } else if (const auto v1 = slurp(std::filesystem::path(path).parent_path() / "cpu.cfs_period_us")) {
    period = positive(*v1).value_or(period);
  }
  return {*quota / period, path};
}

Resources ResourceMonitor::sample() {
  Resources r;
  const double now_s = clock_.monotonic_s();
  const auto ticks = machine_ticks();
  const auto cpu = process_cpu_s();
  const std::string stat = (proc_ / "stat").string();
  r.machine_cpu_percent = r.steal_percent = unknown(ticks ? "a rate needs two samples" : "cannot read " + stat);
  if (ticks && last_ticks_ && ticks->total > last_ticks_->total) {
    const double total = ticks->total - last_ticks_->total;
    r.machine_cpu_percent = {100 * (ticks->busy - last_ticks_->busy) / total, stat};
    r.steal_percent = {100 * (ticks->steal - last_ticks_->steal) / total, stat};
  }
  r.process_cpu_percent = unknown(cpu ? "a rate needs two samples" : "cannot read /proc/self/stat");
  if (cpu && last_cpu_s_ && now_s > last_s_) {
    r.process_cpu_percent = {100 * (*cpu - *last_cpu_s_) / (now_s - last_s_), (proc_ / "self" / "stat").string()};
  }
  last_ticks_ = ticks;
  last_cpu_s_ = cpu;
  last_s_ = now_s;
  r.rss_mb = status_mb("VmRSS:");
  r.rss_peak_mb = status_mb("VmHWM:");
  r.pss_mb = rollup_mb(proc_ / "self" / "smaps_rollup");
  r.cpu_pressure_percent = pressure("cpu");
  r.memory_pressure_percent = pressure("memory");
  r.memory_limit_mb = memory_limit();
  r.cpu_quota_cores = cpu_quota();
  r.gpu_percent = unknown("no GPU is watched");
  return r;
}

}  // namespace keisei::guard
