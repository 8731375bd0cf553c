#include "app/torch/gpu_use.h"

#include "guard/nvml.h"

namespace keisei::app {

GpuUse::GpuUse() : meter_(guard::kNvmlLibrary, kGpuPeriod_s), since_(meter_.begin()) {}

void GpuUse::add_metrics(telemetry::Event& event) {
  const guard::GpuMeter::Mark now = meter_.begin();
  const guard::Reading busy = meter_.end(since_);
  // Updates may be shorter than the meter's period: until it has asked again, the newest figure stands.
  if (now.samples != since_.samples || now.failures != since_.failures) {
    since_ = now;
    percent_ = busy.value;
  }
  const guard::Reading memory = meter_.memory_used_mb();
  seen_ = seen_ || percent_ || memory.value;
  if (!seen_) return;
  event.metrics.emplace_back("system/gpu_percent", percent_.value_or(telemetry::kUnknown));
  event.metrics.emplace_back("system/gpu_memory_mb", memory.value.value_or(telemetry::kUnknown));
}

}  // namespace keisei::app
