// A small trainer for the experiment on impact: steps of real computation on as many threads as training would use,
// joined by a barrier at each step as an update is. A share of each step can be wasted on purpose while the gate may
// open: an impact whose size is known. Owned by one thread, which is one of its workers. Seconds.
#pragma once

#include <barrier>
#include <cstdint>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace keisei::app::proof {

class PlantedTrainer {
 public:
  /// `threads` >= 1; a step takes about `step_s` where a thread has a core of its own.
  PlantedTrainer(int threads, double step_s, const Clock& clock);
  ~PlantedTrainer();
  PlantedTrainer(const PlantedTrainer&) = delete;
  PlantedTrainer& operator=(const PlantedTrainer&) = delete;

  /// One step; `waste` (0 … 1) is the share of its time that is lost, so that the rate falls by it.
  void step(double waste);
  [[nodiscard]] double wasted_s() const { return wasted_s_; }  ///< in all

 private:
  void compute() const;

  const Clock& clock_;
  std::uint64_t rounds_;
  double wasted_s_ = 0;
  std::barrier<> start_;
  std::barrier<> end_;
  bool stop_ = false;  ///< written before, read after the barrier
  std::vector<std::jthread> helpers_;
};

}  // namespace keisei::app::proof
