// The findings of keisei doctor: each looks at one thing and says what it means.
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "app/cli.h"
#include "app/doctor.h"
#include "app/launch_torch.h"
#include "base/clock.h"
#include "guard/cores.h"
#include "guard/kept_file.h"
#include "guard/kernel_features.h"
#include "guard/proc_text.h"
#include "guard/resource_monitor.h"

namespace keisei::app::doctor {
namespace {

namespace fs = std::filesystem;

constexpr double kLittleMemory_mb = 2000;
constexpr double kLittleDisk_mb = 2000;
constexpr double kFewOpenFiles = 256;
constexpr double kMbPerKiB = 1024e-6;
constexpr int kFewCores = 4;

std::string gb(double mb) {
  std::ostringstream out;
  out.setf(std::ios::fixed);
  out.precision(1);
  out << mb * 1e-3 << " GB";
  return out.str();
}

std::string text(double number) {
  std::ostringstream out;
  out << number;
  return out.str();
}

Finding processor() {
  Finding finding{"machine", "processor", State::kGood, {}, {}, {}};
  const CpuFeatures features = cpu_features();
  finding.value = features.avx512 ? "AVX-512" : features.avx2 ? "AVX2" : "neither AVX2 nor AVX-512";
  if (!features.avx2 && !features.avx512) {
    finding.state = State::kNote;
    finding.advice = "the network will be several times slower; use preset tiny";
  }
  return finding;
}

Finding cores(Report& report, const guard::CoreMap& map) {
  const auto count = [](std::size_t n, const char* source) { return guard::known(static_cast<double>(n), source); };
  const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
  const bool seen = !map.usable.empty();
  report.measures.push_back({"logical_cores", online > 0 ? count(static_cast<std::size_t>(online), "sysconf")
                                                         : guard::unknown("sysconf does not say")});
  report.measures.push_back({"affinity_cores", seen ? count(map.usable.size(), "sched_getaffinity")
                                                    : guard::unknown("the affinity mask cannot be read")});
  report.measures.push_back({"physical_cores", seen && map.topology_known
                                                   ? count(map.physical.size(), "/sys/devices/system/cpu")
                                                   : guard::unknown("the kernel does not tell which share a core")});
  report.measures.push_back({"cpu_quota_cores", map.quota_cores});
  report.measures.push_back(
      {"usable_cores", seen ? count(static_cast<std::size_t>(map.usable_cores()), "affinity mask, siblings and quota")
                            : guard::unknown("the affinity mask cannot be read")});
  Finding finding{"machine", "cores", State::kGood, {}, {}, {}};
  if (!seen) {
    finding.state = State::kNote;
    finding.why = "the affinity mask cannot be read";
    finding.advice = "let sched_getaffinity through";
    return finding;
  }
  const int usable = map.usable_cores();
  finding.value = std::to_string(usable) + " usable";
  finding.why = std::to_string(map.usable.size()) + " logical on " + std::to_string(map.physical.size()) + " physical";
  if (map.quota_cores.value) finding.why += ", quota " + text(*map.quota_cores.value);
  if (usable == 1) {
    finding.state = State::kNote;
    finding.advice = "evaluation and training will take turns on the one core; give it two";
  } else if (usable <= kFewCores) {
    finding.why += "; one evaluation at a time";
    finding.advice = "larger presets want more cores";
  } else {
    finding.advice = "train with at most " + std::to_string(usable - 1) +
                     " threads and evaluation has a core of its own, without pausing training";
  }
  return finding;
}

Finding memory(Report& report, const guard::Resources& resources) {
  guard::KeptFile file("/proc/meminfo");
  const auto meminfo = file.read();
  const auto field = [&](const char* key) {
    const auto kib = meminfo ? guard::proc::parse_keyed(*meminfo, key) : std::nullopt;
    return kib ? guard::known(*kib * kMbPerKiB, file.path()) : guard::unknown(file.path() + " has no " + key);
  };
  const guard::Reading total = field("MemTotal:");
  const guard::Reading available = field("MemAvailable:");
  report.measures.push_back({"memory_total_mb", total});
  report.measures.push_back({"memory_available_mb", available});
  report.measures.push_back({"memory_limit_mb", resources.memory_limit_mb});
  report.measures.push_back({"memory_current_mb", resources.memory_current_mb});
  Finding finding{"machine", "memory", State::kGood, {}, {}, {}};
  if (!total.value || !available.value) {
    finding.state = State::kNote;
    finding.why = file.path() + " cannot be read";
    finding.advice = "is /proc mounted?";
    return finding;
  }
  double free_mb = *available.value;
  if (resources.memory_limit_mb.value) {
    const double used_mb = resources.memory_current_mb.value.value_or(0);
    free_mb = std::min(free_mb, std::max(0.0, *resources.memory_limit_mb.value - used_mb));
    finding.why = "limited to " + gb(*resources.memory_limit_mb.value) + " by " + resources.memory_limit_mb.source;
  }
  finding.value = gb(*total.value) + ", " + gb(free_mb) + " available";
  if (free_mb < kLittleMemory_mb) {
    finding.state = State::kNote;
    finding.advice = "close other programs, raise the limit, or keep to preset tiny";
  }
  return finding;
}

Finding pressure(Report& report, const guard::Resources& r) {
  report.measures.push_back({"cpu_pressure_percent", r.cpu_pressure_percent});
  report.measures.push_back({"memory_pressure_percent", r.memory_pressure_percent});
  report.measures.push_back({"io_pressure_percent", r.io_pressure_percent});
  constexpr double kBusy_percent = 20;
  Finding finding{"machine", "pressure", State::kGood, {}, {}, {}};
  if (!r.cpu_pressure_percent.value) {
    finding.why = r.cpu_pressure_percent.source;
    return finding;
  }
  const double cpu = *r.cpu_pressure_percent.value;
  finding.value = "processor " + text(cpu) + " %";
  if (r.memory_pressure_percent.value) *finding.value += ", memory " + text(*r.memory_pressure_percent.value) + " %";
  if (r.io_pressure_percent.value) *finding.value += ", disk " + text(*r.io_pressure_percent.value) + " %";
  finding.why = "share of the last 10 s in which something waited";
  if (cpu > kBusy_percent || r.memory_pressure_percent.value.value_or(0) > kBusy_percent) {
    finding.state = State::kNote;
    finding.advice = "other programs are using this machine: training will be slower, its impact harder to measure";
  }
  return finding;
}

Finding limits(Report& report) {
  struct Limit {
    const char* name;
    __rlimit_resource_t resource;
    double unit;
  };
  constexpr Limit kLimits[] = {{"limit_open_files", RLIMIT_NOFILE, 1},
                               {"limit_processes", RLIMIT_NPROC, 1},
                               {"limit_address_space_mb", RLIMIT_AS, 1e-6},
                               {"limit_data_mb", RLIMIT_DATA, 1e-6},
                               {"limit_locked_memory_mb", RLIMIT_MEMLOCK, 1e-6}};
  Finding finding{"machine", "limits", State::kGood, std::string(), {}, {}};
  for (const Limit& limit : kLimits) {
    rlimit now{};
    guard::Reading reading = guard::unknown("getrlimit failed");
    if (::getrlimit(limit.resource, &now) == 0) {
      reading = now.rlim_cur == RLIM_INFINITY
                    ? guard::unknown("no limit is set")
                    : guard::known(static_cast<double>(now.rlim_cur) * limit.unit, "getrlimit");
    }
    if (reading.value) {
      std::string what = std::string(limit.name).substr(std::string_view("limit_").size());
      std::replace(what.begin(), what.end(), '_', ' ');
      *finding.value += (finding.value->empty() ? "" : ", ") + what + " " + text(*reading.value);
      if (limit.resource == RLIMIT_NOFILE && *reading.value < kFewOpenFiles) {
        finding.state = State::kNote;
        finding.advice = "ulimit -n 1024: training and its evaluation hold more files open";
      }
      if (limit.resource == RLIMIT_AS || limit.resource == RLIMIT_DATA) {
        finding.state = State::kNote;
        finding.advice = "ulimit -v unlimited -d unlimited: libtorch maps more than it uses";
      }
    }
    report.measures.push_back({limit.name, std::move(reading)});
  }
  if (finding.value->empty()) finding.value = "none";
  return finding;
}

Finding disk(Report& report, const std::string& savedir) {
  // The directory is made by the first run: until then the one it will lie in counts.
  std::error_code error;
  fs::path path = fs::absolute(savedir, error);
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  Finding finding{"machine", "disk", State::kGood, {}, {}, {}};
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) {
    report.measures.push_back({"disk_free_mb", guard::unknown(path.string() + " cannot be looked at")});
    finding.state = State::kBad;
    finding.why = path.string() + " cannot be looked at";
    finding.advice = "set --savedir or KEISEI_SAVEDIR";
    return finding;
  }
  const double free_mb = static_cast<double>(info.f_bavail) * static_cast<double>(info.f_frsize) * 1e-6;
  report.measures.push_back({"disk_free_mb", guard::known(free_mb, "statvfs " + path.string())});
  finding.value = gb(free_mb) + " free at " + path.string();
  finding.why = "runs go to " + savedir;
  if (::access(path.c_str(), W_OK) != 0) {
    finding.state = State::kBad;
    finding.advice = path.string() + " is not writable; set --savedir or KEISEI_SAVEDIR to a place that is";
  } else if (free_mb < kLittleDisk_mb) {
    finding.state = State::kNote;
    finding.advice = "make room, or set --savedir elsewhere";
  }
  return finding;
}

Finding feature(const guard::Feature& one) {
  Finding finding{"kernel", one.name, State::kGood, {}, {}, {}};
  if (one.present) {
    finding.value = *one.present ? "yes" : "no";
    finding.why = one.detail;
  } else {
    finding.why = "could not be found out: " + one.detail;
  }
  if (one.present == true) return finding;
  finding.advice = one.advice;
  if (one.need == guard::Need::kRequired) finding.state = State::kBad;
  if (one.need == guard::Need::kUseful) finding.state = State::kNote;
  return finding;
}

void gpus(Report& report) {
  guard::Nvml nvml;
  report.gpus = nvml.sample();
  report.gpu_reason = nvml.why();
  if (report.gpus.empty()) {
    report.findings.push_back(
        {"gpu", "GPU", State::kGood, "none found", "training runs on the processor; " + nvml.why(), {}});
    return;
  }
  for (const guard::GpuSample& gpu : report.gpus) {
    Finding finding{"gpu", "GPU " + std::to_string(gpu.index), State::kGood, gpu.name, {}, {}};
    if (gpu.name.empty()) finding.value = "without a name";
    if (gpu.memory_used_mb.value && gpu.memory_total_mb.value) {
      *finding.value += ", " + gb(*gpu.memory_used_mb.value) + " of " + gb(*gpu.memory_total_mb.value) + " used";
    }
    finding.why = gpu.utilization_percent.value ? "busy " + text(*gpu.utilization_percent.value) + " %"
                                                : "utilisation " + gpu.utilization_percent.source;
    if (!nvml.driver().empty()) finding.why += "; driver " + nvml.driver();
    finding.advice = "needs a build against a libtorch with CUDA";
    report.findings.push_back(std::move(finding));
  }
}

Finding torch_program() {
  const auto path = sibling_program("keisei-torch");
  if (path) return {"programs", "keisei-torch", State::kGood, *path, {}, {}};
  return {"programs", "keisei-torch", State::kBad, "missing", path.error().message, path.error().hint};
}

/// Looked for in PATH and where Debian keeps games.
Finding optional_program(const std::string& name, const std::string& why, const std::string& advice) {
  const char* variable = std::getenv("PATH");
  std::istringstream directories(std::string(variable != nullptr ? variable : "") + ":/usr/games");
  for (std::string directory; std::getline(directories, directory, ':');) {
    if (directory.empty()) continue;
    const fs::path path = fs::path(directory) / name;
    std::error_code error;
    if (fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0) {
      return {"programs", name, State::kGood, path.string(), why, {}};
    }
  }
  return {"programs", name, State::kGood, "not installed", why, advice};
}

void thread_settings(Report& report) {
  for (const ThreadSetting& setting : torch_settings(cpu_features())) {
    const char* present = std::getenv(setting.name.c_str());
    Finding finding{"settings", setting.name, State::kGood, "will be " + setting.value, setting.because, {}};
    if (present != nullptr) {
      finding.value = present;
      finding.why = "set in the environment";
      if (present != setting.value) {
        finding.state = State::kNote;
        finding.advice = "unset it to get " + setting.value + ": " + setting.because;
      }
    }
    report.findings.push_back(std::move(finding));
  }
  const char* threads = std::getenv("OMP_NUM_THREADS");
  report.findings.push_back(
      {"settings", "OMP_NUM_THREADS", State::kGood, threads != nullptr ? threads : "unset", "left as it is", {}});
}

}  // namespace

const char* name(State state) {
  switch (state) {
    case State::kGood:
      return "ok";
    case State::kNote:
      return "note";
    case State::kBad:
      break;
  }
  return "problem";
}

Report examine(const std::string& savedir) {
  Report report;
  const SystemClock clock;
  guard::ResourceMonitor monitor(clock);
  const guard::Resources resources = monitor.sample();
  const guard::CoreMap map = guard::map_cores(guard::affinity(), resources.cpu_quota_cores);
  report.findings.push_back(processor());
  report.findings.push_back(cores(report, map));
  report.findings.push_back(memory(report, resources));
  report.findings.push_back(pressure(report, resources));
  report.findings.push_back(limits(report));
  report.findings.push_back(disk(report, savedir));
  for (const guard::Feature& one : guard::kernel_features()) report.findings.push_back(feature(one));
  gpus(report);
  report.findings.push_back(torch_program());
  report.findings.push_back(optional_program("fairy-stockfish", "only needed for matches against it",
                                             "apt-get install fairy-stockfish, to measure against a known engine"));
  thread_settings(report);
  examine_surroundings(report);
  return report;
}

}  // namespace keisei::app::doctor
