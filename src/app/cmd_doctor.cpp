// keisei doctor: what this machine offers to training and to the safeguards of evaluation, each with what to do about
// it. Everything is tried, not guessed from version numbers; nothing is changed.
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <thread>

#include "app/cli.h"
#include "app/launch_torch.h"
#include "base/file.h"

namespace keisei::app {
namespace {

constexpr double kLittleMemoryGib = 2;
constexpr double kLittleDiskGib = 2;
constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;

enum class State { kGood, kNote, kBad };

struct Finding {
  std::string what;
  State state = State::kGood;
  std::optional<std::string> value;  ///< nothing = unknown
  std::string advice;
};

std::string_view name(State state) {
  static constexpr std::string_view kNames[] = {"ok", "note", "problem"};
  return kNames[static_cast<int>(state)];
}

std::optional<std::string> first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::string gib(double bytes) {
  std::ostringstream out;
  out.setf(std::ios::fixed);
  out.precision(1);
  out << bytes / kBytesPerGib << " GiB";
  return out.str();
}

/// A field of /proc/meminfo in bytes.
std::optional<double> memory_field(const std::string& field) {
  std::ifstream file("/proc/meminfo");
  std::string key;
  double kib = 0;
  std::string unit;
  while (file >> key >> kib) {
    std::getline(file, unit);
    if (key == field + ":") return kib * 1024;
  }
  return std::nullopt;
}

Finding processor() {
  const CpuFeatures features = cpu_features();
  if (features.avx512) return {"processor", State::kGood, "AVX-512", ""};
  if (features.avx2) return {"processor", State::kGood, "AVX2", ""};
  return {"processor", State::kNote, "neither AVX2 nor AVX-512",
          "the network will be several times slower; use preset tiny"};
}

Finding cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int usable = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
  if (usable == 0) return {"cores", State::kNote, std::nullopt, "the affinity mask cannot be read"};
  const std::string text = std::to_string(usable) + " usable";
  if (usable == 1) return {"cores", State::kNote, text, "evaluation and training will take turns on it"};
  return {"cores", State::kGood, text, usable <= 4 ? "one evaluation at a time; a larger preset wants more cores" : ""};
}

Finding memory() {
  const auto total = memory_field("MemTotal");
  const auto free = memory_field("MemAvailable");
  if (!total || !free) return {"memory", State::kNote, std::nullopt, "/proc/meminfo cannot be read"};
  const std::string text = gib(*total) + ", " + gib(*free) + " available";
  if (*free < kLittleMemoryGib * kBytesPerGib) {
    return {"memory", State::kNote, text, "close other programs, or keep to preset tiny"};
  }
  return {"memory", State::kGood, text, ""};
}

Finding disk() {
  const char* savedir = std::getenv("KEISEI_SAVEDIR");
  const std::string path = savedir && *savedir ? savedir : ".";
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) {
    return {"disk", State::kBad, std::nullopt, path + " cannot be looked at; set --savedir or KEISEI_SAVEDIR"};
  }
  const double free = static_cast<double>(info.f_bavail) * static_cast<double>(info.f_frsize);
  const std::string text = gib(free) + " free at " + path;
  if (::access(path.c_str(), W_OK) != 0) return {"disk", State::kBad, text, "not writable; set --savedir elsewhere"};
  if (free < kLittleDiskGib * kBytesPerGib)
    return {"disk", State::kNote, text, "make room, or set --savedir elsewhere"};
  return {"disk", State::kGood, text, ""};
}

Finding pidfd() {
  const Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
  if (fd) return {"pidfd", State::kGood, "works", ""};
  return {"pidfd", State::kBad, "refused",
          "the safeguards need Linux 5.3 or newer, or a sandbox that lets pidfd_open through"};
}

Finding sealed_memory() {
  const Fd fd(::memfd_create("keisei-doctor", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (fd && ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0) {
    return {"sealed memory", State::kGood, "works", ""};
  }
  return {"sealed memory", State::kBad, "refused", "weights cross to evaluation in a sealed memfd; allow memfd_create"};
}

/// Tried on a thread of its own: a policy belongs to a thread.
Finding idle_policy() {
  bool works = false;
  std::thread([&works] {
    const sched_param none{};
    works = ::sched_setscheduler(0, SCHED_IDLE, &none) == 0;
  }).join();
  if (works) return {"SCHED_IDLE", State::kGood, "works", ""};
  return {"SCHED_IDLE", State::kBad, "refused", "evaluation would slow training down; allow sched_setscheduler"};
}

Finding autogroup() {
  const auto line = first_line("/proc/sys/kernel/sched_autogroup_enabled");
  if (!line) return {"autogroup", State::kGood, "not in this kernel", ""};
  if (*line == "1") {
    return {"autogroup", State::kGood, "on", "evaluation stays in the session of training, where idle policy counts"};
  }
  return {"autogroup", State::kGood, "off", ""};
}

Finding cgroup() {
  if (::access("/sys/fs/cgroup/cgroup.controllers", R_OK) == 0) {
    const bool writable = ::access("/sys/fs/cgroup/cgroup.procs", W_OK) == 0;
    return {"cgroup", State::kGood, writable ? "v2, writable" : "v2, read only",
            writable ? "" : "the memory limit of evaluation is held by RLIMIT_DATA and the watchdog alone"};
  }
  if (::access("/sys/fs/cgroup/memory", R_OK) == 0) {
    return {"cgroup", State::kGood, "v1",
            "the memory limit of evaluation is held by RLIMIT_DATA and the watchdog alone"};
  }
  return {"cgroup", State::kNote, std::nullopt, "limits of a container are not visible here"};
}

Finding gpu() {
  void* library = ::dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!library) return {"GPU", State::kGood, "none found (no libnvidia-ml.so.1)", "training runs on the processor"};
  ::dlclose(library);
  return {"GPU", State::kGood, "NVIDIA driver present", "needs a build against a libtorch with CUDA"};
}

Finding torch_program() {
  const auto path = sibling_program("keisei-torch");
  if (path) return {"keisei-torch", State::kGood, *path, ""};
  return {"keisei-torch", State::kBad, "missing", path.error().message + "; " + path.error().hint};
}

std::vector<Finding> thread_settings() {
  std::vector<Finding> findings;
  for (const ThreadSetting& setting : torch_settings(cpu_features())) {
    const char* present = std::getenv(setting.name.c_str());
    if (!present) {
      findings.push_back({setting.name, State::kGood, "will be " + setting.value, setting.because});
    } else if (present == setting.value) {
      findings.push_back({setting.name, State::kGood, present, "set in the environment"});
    } else {
      findings.push_back({setting.name, State::kNote, present,
                          "set in the environment; unset it to get " + setting.value + ": " + setting.because});
    }
  }
  const char* threads = std::getenv("OMP_NUM_THREADS");
  findings.push_back({"OMP_NUM_THREADS", State::kGood, threads ? threads : "unset", "left as it is"});
  return findings;
}

}  // namespace

int run_doctor(const DoctorArgs& args) {
  if (args.prove_safeguards) {
    return report({Code::kFailure, "doctor: --prove-safeguards is not part of this build",
                   "the tests of the guard room break every limit"});
  }
  std::vector<Finding> findings = {processor(),     cores(),       memory(),    disk(),   gpu(),          pidfd(),
                                   sealed_memory(), idle_policy(), autogroup(), cgroup(), torch_program()};
  const std::vector<Finding> settings = thread_settings();
  findings.insert(findings.end(), settings.begin(), settings.end());
  bool bad = false;
  for (const Finding& finding : findings) bad = bad || finding.state == State::kBad;
  if (args.json) {
    nlohmann::ordered_json out;
    out["schema"] = "keisei.doctor/1";
    out["version"] = version_text();
    out["ok"] = !bad;
    out["findings"] = nlohmann::ordered_json::array();
    for (const Finding& finding : findings) {
      nlohmann::ordered_json row;
      row["what"] = finding.what;
      row["state"] = name(finding.state);
      row["value"] = finding.value ? nlohmann::ordered_json(*finding.value) : nlohmann::ordered_json(nullptr);
      row["advice"] = finding.advice;
      out["findings"].push_back(row);
    }
    std::cout << out.dump(2) << "\n";
  } else {
    std::cout << version_text() << "\n";
    for (const Finding& finding : findings) {
      std::string left(name(finding.state));
      left.resize(9, ' ');
      std::string what = finding.what;
      what.resize(std::max<std::size_t>(what.size(), 24), ' ');
      std::cout << left << what << " " << finding.value.value_or("unknown");
      if (!finding.advice.empty()) std::cout << "  (" << finding.advice << ")";
      std::cout << "\n";
    }
  }
  return bad ? static_cast<int>(Code::kFailure) : 0;
}

}  // namespace keisei::app
