// How busy the GPUs are while jobs run: the mean utilisation of the busiest device between two marks, and the memory in
// use, asked of NVML by a thread of its own, because a driver in trouble may hold a call for seconds and neither a
// training nor the supervisor's thread, which owes its jobs their deadlines, must wait for one. The thread starts with
// the first job, asks only while jobs run, and ends at once where there is no GPU. One owner, whose thread makes the
// marks. Seconds; percent; MB are 10^6 bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "guard/reading.h"

namespace keisei::guard {

class GpuMeter {
 public:
  /// What had been seen when a job began.
  struct Mark {
    std::uint64_t samples = 0;
    std::uint64_t failures = 0;
    double sum_percent = 0;
  };

  /// `library` as of Nvml; it is loaded when the first job begins.
  GpuMeter(std::string library, double period_s);
  /// A thread that is stuck in the driver is left behind, with a state of its own.
  ~GpuMeter();
  GpuMeter(const GpuMeter&) = delete;
  GpuMeter& operator=(const GpuMeter&) = delete;

  /// A job begins: from here until its end() samples are taken.
  [[nodiscard]] Mark begin();
  /// The mean since the mark; unknown with the reason when a sample failed in between, or there was none.
  [[nodiscard]] Reading end(const Mark& mark);
  /// In use on all devices together when they were asked last; unknown with the reason.
  [[nodiscard]] Reading memory_used_mb() const;

 private:
  struct State;
  static void watch(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace keisei::guard
