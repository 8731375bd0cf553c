// The learning rate as a pure function of how often the schedule was stepped. It is built for exactly the number of
// steps that training takes, so its last value is reached with the last update.
#pragma once

#include <cstdint>

#include "config/options.h"

namespace keisei::learner {

class Schedule {
 public:
  /// `updates` is the number of rollouts that will be learned from.
  Schedule(const config::Training& options, std::int64_t updates);

  /// Learning rate after `steps` steps; constant from total_steps() on.
  [[nodiscard]] double rate(std::int64_t steps) const;
  /// Steps in all: one per PPO epoch ("epoch") or one per minibatch ("update").
  [[nodiscard]] std::int64_t total_steps() const { return total_steps_; }
  /// The step that `minibatch` of `minibatches` in `epoch` of `update` is (all from 0). League games leave fewer
  /// minibatches than the schedule counts; they are spread over an epoch's steps, so that its last is the epoch's last.
  [[nodiscard]] std::int64_t steps_at(std::int64_t update, int epoch, std::size_t minibatch,
                                      std::size_t minibatches) const;

 private:
  config::Training options_;
  std::int64_t minibatches_;  ///< per epoch
  std::int64_t total_steps_;
};

}  // namespace keisei::learner
