#include "learner/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace keisei::learner {

Schedule::Schedule(const config::Training& options, std::int64_t updates)
    : options_(options), minibatches_(std::max(1, options.steps_per_epoch / options.minibatch_size)) {
  const std::int64_t epochs = updates * options.ppo_epochs;
  total_steps_ = std::max<std::int64_t>(1, options.lr_schedule_step_on == "epoch" ? epochs : epochs * minibatches_);
}

double Schedule::rate(std::int64_t steps) const {
  const double progress = std::min(1.0, static_cast<double>(steps) / static_cast<double>(total_steps_));
  const double base = options_.learning_rate;
  const double last = base * options_.lr_schedule_final_fraction;
  if (options_.lr_schedule_type == "linear") return base + (last - base) * progress;
  if (options_.lr_schedule_type == "cosine")
    return last + (base - last) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  const double whole = static_cast<double>(std::min(steps, total_steps_));
  if (options_.lr_schedule_type == "exponential") return base * std::pow(options_.lr_schedule_decay, whole);
  if (options_.lr_schedule_type == "step")
    return base * std::pow(options_.lr_schedule_decay,
                           std::floor(whole / static_cast<double>(options_.lr_schedule_step_size)));
  return base;
}

std::int64_t Schedule::steps_at(std::int64_t update, int epoch, std::size_t minibatch, std::size_t minibatches) const {
  const std::int64_t epochs = update * options_.ppo_epochs + epoch;
  if (options_.lr_schedule_step_on == "epoch") return epochs;
  const auto reached = static_cast<std::int64_t>(minibatch + 1) * minibatches_ / static_cast<std::int64_t>(minibatches);
  return epochs * minibatches_ + std::max<std::int64_t>(reached - 1, 0);
}

}  // namespace keisei::learner
