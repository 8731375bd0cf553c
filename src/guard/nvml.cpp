#include "guard/nvml.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace keisei::guard {
namespace {

using Device = void*;

// The library's own layouts, as its interface has had them since version 8.
struct Utilization {
  unsigned gpu;
  unsigned memory;
};
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
struct ProcessSample {
  unsigned pid;
  unsigned long long time_us;
  unsigned sm;
  unsigned memory;
  unsigned encoder;
  unsigned decoder;
};

constexpr int kSuccess = 0;
constexpr int kNotFound = 6;  ///< of process samples: none since the time asked for
constexpr int kInsufficientSize = 7;
constexpr unsigned kGpuTemperature = 0;
constexpr std::size_t kTextBytes = 96;
constexpr double kMbPerByte = 1e-6;

/// What the library wrote, without control characters: it goes to a terminal.
std::string clean(const char* text, std::size_t most = kTextBytes) {
  std::string out;
  for (std::size_t i = 0; i < most && text[i] != '\0'; ++i) {
    if (std::isprint(static_cast<unsigned char>(text[i]))) out += text[i];
  }
  return out;
}

Reading percent(int error, unsigned value, const std::string& source, const std::string& why) {
  if (error != kSuccess) return unknown(why);
  if (value > 100) return unknown(source + " said " + std::to_string(value) + " percent");
  return known(value, source);
}

}  // namespace

struct Nvml::Library {
  void* handle = nullptr;
  bool initialised = false;
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  const char* (*error_string)(int) = nullptr;
  int (*driver_version)(char*, unsigned) = nullptr;
  int (*device_count)(unsigned*) = nullptr;
  int (*device)(unsigned, Device*) = nullptr;
  int (*device_name)(Device, char*, unsigned) = nullptr;
  int (*utilization)(Device, Utilization*) = nullptr;
  int (*memory)(Device, Memory*) = nullptr;
  int (*temperature)(Device, unsigned, unsigned*) = nullptr;
  int (*power)(Device, unsigned*) = nullptr;
  int (*processes)(Device, ProcessSample*, unsigned*, unsigned long long) = nullptr;

  std::vector<std::optional<Device>> devices;  ///< nothing: its handle was refused
  std::vector<std::string> refusals;           ///< one a device; empty when it has a handle
  std::vector<unsigned long long> seen_us;     ///< newest process sample of each device

  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    if (initialised && shutdown != nullptr) shutdown();
    if (handle != nullptr) ::dlclose(handle);
  }

  template <class F>
  bool find(F& function, const char* name) {
    function = reinterpret_cast<F>(::dlsym(handle, name));
    return function != nullptr;
  }

  [[nodiscard]] std::string words(const char* function, int error) const {
    const char* text = error_string != nullptr ? error_string(error) : nullptr;
    return std::string(function) + ": " + (text != nullptr ? clean(text) : "error " + std::to_string(error));
  }

  /// Empty, or why nothing can be read.
  std::string open(const std::string& name) {
    handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      const char* text = ::dlerror();
      return text != nullptr ? clean(text, 400) : name + " cannot be loaded";
    }
    find(error_string, "nvmlErrorString");
    find(shutdown, "nvmlShutdown");
    find(driver_version, "nvmlSystemGetDriverVersion");
    find(device_name, "nvmlDeviceGetName");
    find(utilization, "nvmlDeviceGetUtilizationRates");
    find(memory, "nvmlDeviceGetMemoryInfo");
    find(temperature, "nvmlDeviceGetTemperature");
    find(power, "nvmlDeviceGetPowerUsage");
    find(processes, "nvmlDeviceGetProcessUtilization");
    if (!find(init, "nvmlInit_v2")) return name + " has no nvmlInit_v2";
    if (!find(device_count, "nvmlDeviceGetCount_v2")) return name + " has no nvmlDeviceGetCount_v2";
    if (!find(device, "nvmlDeviceGetHandleByIndex_v2")) return name + " has no nvmlDeviceGetHandleByIndex_v2";
    if (const int error = init(); error != kSuccess) return words("nvmlInit_v2", error);
    initialised = true;
    unsigned count = 0;
    if (const int error = device_count(&count); error != kSuccess) return words("nvmlDeviceGetCount_v2", error);
    if (count == 0) return "the driver shows no device";
    for (unsigned index = 0; index < std::min(count, kMaxGpus); ++index) {
      Device one = nullptr;
      const int error = device(index, &one);
      devices.push_back(error == kSuccess ? std::optional(one) : std::nullopt);
      refusals.push_back(error == kSuccess ? std::string() : words("nvmlDeviceGetHandleByIndex_v2", error));
      seen_us.push_back(0);
    }
    return {};
  }

  template <class F, class... Args>
  int call(F function, const char* name, std::string& why, Args... args) const {
    if (function == nullptr) {
      why = std::string("the library has no ") + name;
      return -1;
    }
    const int error = function(args...);
    if (error != kSuccess) why = words(name, error);
    return error;
  }

  void read_processes(Device one, GpuSample& gpu) {
    constexpr const char* kName = "nvmlDeviceGetProcessUtilization";
    unsigned count = 0;
    std::string why;
    int error = call(processes, kName, why, one, static_cast<ProcessSample*>(nullptr), &count, seen_us[gpu.index]);
    std::vector<ProcessSample> samples;
    if (error == kInsufficientSize && count > 0) {
      count = std::min(count, kMaxGpuProcesses);
      samples.resize(count);
      error = call(processes, kName, why, one, samples.data(), &count, seen_us[gpu.index]);
      samples.resize(std::min<std::size_t>(count, samples.size()));
    }
    if (error != kSuccess && error != kNotFound) {
      gpu.processes_source = "unknown: " + why;
      return;
    }
    if (error == kNotFound) samples.clear();
    gpu.processes_source = kName;
    std::sort(samples.begin(), samples.end(), [](const ProcessSample& a, const ProcessSample& b) {
      return a.pid != b.pid ? a.pid < b.pid : a.time_us < b.time_us;
    });
    for (const ProcessSample& sample : samples) {
      seen_us[gpu.index] = std::max(seen_us[gpu.index], sample.time_us);
      if (sample.sm > 100) continue;
      if (gpu.processes.empty() || gpu.processes.back().pid != sample.pid) gpu.processes.push_back({sample.pid, 0});
      gpu.processes.back().utilization_percent = sample.sm;
    }
  }

  Reading load(unsigned index, Utilization& load) {
    if (!devices[index]) return unknown(refusals[index]);
    std::string why;
    const int loaded = call(utilization, "nvmlDeviceGetUtilizationRates", why, *devices[index], &load);
    return percent(loaded, load.gpu, "nvmlDeviceGetUtilizationRates", why);
  }

  Reading used_mb(unsigned index) {
    if (!devices[index]) return unknown(refusals[index]);
    std::string why;
    Memory bytes{};
    if (call(memory, "nvmlDeviceGetMemoryInfo", why, *devices[index], &bytes) != kSuccess) return unknown(why);
    return known(static_cast<double>(bytes.used) * kMbPerByte, "nvmlDeviceGetMemoryInfo");
  }

  GpuSample read(unsigned index) {
    GpuSample gpu;
    gpu.index = index;
    if (!devices[index]) {
      const Reading refused = unknown(refusals[index]);
      gpu.utilization_percent = gpu.memory_utilization_percent = gpu.memory_used_mb = gpu.memory_total_mb =
          gpu.temperature_c = gpu.power_w = refused;
      gpu.processes_source = refused.source;
      return gpu;
    }
    Device const one = *devices[index];
    std::string why;
    std::array<char, kTextBytes> name{};
    if (call(device_name, "nvmlDeviceGetName", why, one, name.data(), static_cast<unsigned>(name.size())) == kSuccess) {
      gpu.name = clean(name.data());
    }
    Utilization load{};
    const int loaded = call(utilization, "nvmlDeviceGetUtilizationRates", why, one, &load);
    gpu.utilization_percent = percent(loaded, load.gpu, "nvmlDeviceGetUtilizationRates", why);
    gpu.memory_utilization_percent = percent(loaded, load.memory, "nvmlDeviceGetUtilizationRates", why);
    Memory bytes{};
    const bool sized = call(memory, "nvmlDeviceGetMemoryInfo", why, one, &bytes) == kSuccess;
    const auto size = [&](unsigned long long n) {
      return sized ? known(static_cast<double>(n) * kMbPerByte, "nvmlDeviceGetMemoryInfo") : unknown(why);
    };
    gpu.memory_used_mb = size(bytes.used);
    gpu.memory_total_mb = size(bytes.total);
    unsigned value = 0;
    gpu.temperature_c = call(temperature, "nvmlDeviceGetTemperature", why, one, kGpuTemperature, &value) == kSuccess
                            ? known(value, "nvmlDeviceGetTemperature")
                            : unknown(why);
    gpu.power_w = call(power, "nvmlDeviceGetPowerUsage", why, one, &value) == kSuccess
                      ? known(value * 1e-3, "nvmlDeviceGetPowerUsage")
                      : unknown(why);
    read_processes(one, gpu);
    return gpu;
  }
};

Nvml::Nvml(const std::string& library) : library_(std::make_unique<Library>()) {
  if (const std::string fault = library_->open(library); !fault.empty()) {
    why_ = "unknown: " + fault;
    library_.reset();
    return;
  }
  std::array<char, kTextBytes> text{};
  std::string ignored;
  if (library_->call(library_->driver_version, "nvmlSystemGetDriverVersion", ignored, text.data(),
                     static_cast<unsigned>(text.size())) == kSuccess) {
    driver_ = clean(text.data());
  }
}

Nvml::Nvml(Nvml&&) noexcept = default;
Nvml& Nvml::operator=(Nvml&&) noexcept = default;
Nvml::~Nvml() = default;

std::vector<GpuSample> Nvml::sample() {
  std::vector<GpuSample> gpus;
  if (!library_) return gpus;
  for (unsigned index = 0; index < library_->devices.size(); ++index) gpus.push_back(library_->read(index));
  return gpus;
}

Reading Nvml::busiest() {
  std::vector<GpuSample> gpus(library_ ? library_->devices.size() : 0);
  for (unsigned index = 0; index < gpus.size(); ++index) {
    Utilization ignored{};
    gpus[index].index = index;
    gpus[index].utilization_percent = library_->load(index, ignored);
  }
  return busiest_gpu(gpus, why_);
}

Reading Nvml::memory_used_mb() {
  if (!available()) return {std::nullopt, why_};
  Reading all = known(0, {});
  for (unsigned index = 0; index < library_->devices.size(); ++index) {
    Reading one = library_->used_mb(index);
    if (!one.value) return {std::nullopt, one.source + " (device " + std::to_string(index) + ")"};
    all = known(*all.value + *one.value, one.source);
  }
  return all;
}

Reading busiest_gpu(const std::vector<GpuSample>& gpus, const std::string& why) {
  if (gpus.empty()) return {std::nullopt, why.starts_with("unknown: ") ? why : "unknown: " + why};
  const Reading* busiest = nullptr;
  for (const GpuSample& gpu : gpus) {
    const Reading& one = gpu.utilization_percent;
    if (!one.value) return {std::nullopt, one.source + " (device " + std::to_string(gpu.index) + ")"};
    if (busiest == nullptr || *one.value > *busiest->value) busiest = &one;
  }
  return *busiest;
}

}  // namespace keisei::guard
