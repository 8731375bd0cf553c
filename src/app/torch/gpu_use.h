// What the GPUs of this machine do beside a training, as metrics of its updates. Asked by a thread of the meter's own
// (guard/gpu_meter.h), so training never waits for a driver. Where no GPU was ever seen the metrics are absent; one
// that was seen and cannot be read any more is unknown. Never 0 for want of a figure. Owned by the session; its thread.
#pragma once

#include <optional>

#include "guard/gpu_meter.h"
#include "telemetry/event.h"

namespace keisei::app {

inline constexpr double kGpuPeriod_s = 0.25;  ///< between two looks at the devices

class GpuUse {
 public:
  GpuUse();

  /// Adds system/gpu_percent (busiest device, mean since the last call) and system/gpu_memory_mb (all devices).
  void add_metrics(telemetry::Event& event);

 private:
  guard::GpuMeter meter_;
  guard::GpuMeter::Mark since_;
  std::optional<double> percent_;  ///< as published last
  bool seen_ = false;
};

}  // namespace keisei::app
