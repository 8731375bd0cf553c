// NVIDIA's management library, loaded at run time: GPU figures where there is a driver, a reason where there is none.
// The library, each of its functions, each device and each figure may be missing; none of that is an error, and none of
// it is a zero. Prototypes are our own, so nothing of NVIDIA's is needed to build. One owner, one thread. MB are 10^6
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "guard/reading.h"

namespace keisei::guard {

inline constexpr const char* kNvmlLibrary = "libnvidia-ml.so.1";
inline constexpr unsigned kMaxGpus = 64;
inline constexpr unsigned kMaxGpuProcesses = 1024;

struct GpuProcess {
  std::int64_t pid = 0;  ///< as the driver counts: of the outermost pid namespace
  double utilization_percent = 0;
};

struct GpuSample {
  unsigned index = 0;
  std::string name;  ///< empty when it could not be read
  Reading utilization_percent;
  Reading memory_utilization_percent;  ///< share of time its memory was read or written
  Reading memory_used_mb;
  Reading memory_total_mb;
  Reading temperature_c;
  Reading power_w;
  std::vector<GpuProcess> processes;  ///< since the sample before; newest figure of each
  std::string processes_source;       ///< where they came from; "unknown: …" when they could not be read
};

class Nvml {
 public:
  /// Loads and initialises; never fails, but may have nothing to tell. `library` is a name or a path.
  explicit Nvml(const std::string& library = kNvmlLibrary);
  Nvml(Nvml&&) noexcept;
  Nvml& operator=(Nvml&&) noexcept;
  ~Nvml();

  /// True when there is at least one device to ask.
  [[nodiscard]] bool available() const { return why_.empty(); }
  /// Empty when available; else "unknown: …" with the library's own words.
  [[nodiscard]] const std::string& why() const { return why_; }
  /// "535.104.05"; empty when it cannot be read.
  [[nodiscard]] const std::string& driver() const { return driver_; }

  /// Every device, in the driver's order; empty when not available.
  [[nodiscard]] std::vector<GpuSample> sample();
  /// Utilisation of the busiest device and nothing else: what a job is watched with, a few microseconds a device.
  [[nodiscard]] Reading busiest();
  /// Memory in use on all devices together; unknown when any device's is.
  [[nodiscard]] Reading memory_used_mb();

 private:
  struct Library;
  std::unique_ptr<Library> library_;
  std::string why_;
  std::string driver_;
};

/// The busiest device's utilisation: what a limit is compared with. Unknown when any device's is, because the one not
/// seen may be the busy one. `why` is told when there is no device.
[[nodiscard]] Reading busiest_gpu(const std::vector<GpuSample>& gpus, const std::string& why);

}  // namespace keisei::guard
