#include "guard/gpu_meter.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "guard/nvml.h"

namespace keisei::guard {
namespace {

constexpr std::chrono::seconds kLongestCall{3};  ///< of the driver, at the end

}  // namespace

struct GpuMeter::State {
  State(std::string name, double period) : library(std::move(name)), period_s(period) {}
  const std::string library;
  const std::chrono::duration<double> period_s;

  std::mutex mutex;
  std::condition_variable changed;
  int jobs = 0;
  Mark seen;
  std::string why = "unknown: the GPU was not asked yet";  ///< of the last failure
  Reading memory_used_mb{std::nullopt, why};
  bool available = true;
  bool stop = false;
  bool ended = false;
};

GpuMeter::GpuMeter(std::string library, double period_s)
    : state_(std::make_shared<State>(std::move(library), period_s)) {}

GpuMeter::~GpuMeter() {
  if (!thread_.joinable()) return;
  std::unique_lock lock(state_->mutex);
  state_->stop = true;
  state_->changed.notify_all();
  const bool ended = state_->changed.wait_for(lock, kLongestCall, [&] { return state_->ended; });
  lock.unlock();
  ended ? thread_.join() : thread_.detach();
}

void GpuMeter::watch(const std::shared_ptr<State>& state) {
  Nvml nvml(state->library);
  std::unique_lock lock(state->mutex);
  state->available = nvml.available();
  if (!nvml.available()) state->memory_used_mb.source = state->why = nvml.why();
  while (nvml.available() && !state->stop) {
    state->changed.wait(lock, [&] { return state->stop || state->jobs > 0; });
    if (state->changed.wait_for(lock, state->period_s, [&] { return state->stop || state->jobs == 0; })) continue;
    lock.unlock();
    Reading busiest = nvml.busiest();
    Reading used = nvml.memory_used_mb();
    lock.lock();
    state->memory_used_mb = std::move(used);
    if (busiest.value) {
      ++state->seen.samples;
      state->seen.sum_percent += *busiest.value;
    } else {
      ++state->seen.failures;
      state->why = std::move(busiest.source);
    }
  }
  state->ended = true;
  state->changed.notify_all();
}

GpuMeter::Mark GpuMeter::begin() {
  const std::lock_guard lock(state_->mutex);
  ++state_->jobs;
  state_->changed.notify_all();
  if (!thread_.joinable()) thread_ = std::thread([state = state_] { watch(state); });
  return state_->seen;
}

Reading GpuMeter::end(const Mark& mark) {
  const std::lock_guard lock(state_->mutex);
  --state_->jobs;
  state_->changed.notify_all();
  const std::uint64_t samples = state_->seen.samples - mark.samples;
  if (!state_->available || state_->seen.failures > mark.failures) return {std::nullopt, state_->why};
  if (samples == 0) return unknown("the job ended before the GPU was asked");
  return known((state_->seen.sum_percent - mark.sum_percent) / static_cast<double>(samples),
               "NVML, busiest device, mean of " + std::to_string(samples) + (samples == 1 ? " sample" : " samples"));
}

Reading GpuMeter::memory_used_mb() const {
  const std::lock_guard lock(state_->mutex);
  return state_->memory_used_mb;
}

}  // namespace keisei::guard
