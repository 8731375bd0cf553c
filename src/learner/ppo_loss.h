// The PPO loss of one batch and its gradient with respect to the network's outputs, written out by hand over legal
// moves only (Schulman et al., 2017). Pure functions over plain arrays: tests compare them with finite differences, and
// libtorch only carries the gradient on through the network.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "net/actions.h"

namespace keisei::learner {

struct LossOptions {
  double clip_epsilon = 0.2;
  double value_coef = 0.5;
  double material_coef = 0.5;  ///< of the auxiliary material loss
  double entropy_coef = 0.01;
  bool clip_value = false;  ///< per sample: the greater of the clipped and the plain squared error
};

/// One position to learn from. Values and returns are for the mover; material is in the head's unit.
struct LossSample {
  std::span<const net::Action> actions;  ///< legal, not empty
  std::size_t chosen = 0;
  float old_log_probability = 0;
  float advantage = 0;
  float old_value = 0;
  float value_target = 0;
  float material_target = 0;
  bool imitate = false;  ///< the move was not drawn from the policy: maximise advantage x log probability, unclipped
};

/// Sums over samples; divide by `samples`.
struct LossSums {
  double policy_loss = 0, value_loss = 0, material_loss = 0, entropy = 0;
  double kl = 0;               ///< (ratio - 1) - log ratio, the non-negative estimator (Schulman, 2020)
  double clipped = 0;          ///< samples whose ratio left the clip range
  double max_ratio_error = 0;  ///< greatest |ratio - 1|: a maximum, not a sum
  std::int64_t samples = 0;
  void add(const LossSums& other);
};

/// Writes d(loss)/d(output) times `weight` (usually 1 / minibatch size) and returns the sums. `logits` and
/// `logit_gradient` are [samples x kActions]; `logit_gradient` must be zero on entry.
LossSums ppo_loss(std::span<const LossSample> samples, std::span<const float> logits, std::span<const float> values,
                  std::span<const float> material, const LossOptions& options, double weight,
                  std::span<float> logit_gradient, std::span<float> value_gradient, std::span<float> material_gradient);

/// Subtracts the mean and divides by the standard deviation; leaves fewer than two or equal advantages as they are.
void normalize(std::span<float> advantages);

/// 1 - Var(target - prediction) / Var(target); 0 where the target does not vary.
[[nodiscard]] double explained_variance(std::span<const float> prediction, std::span<const float> target);

}  // namespace keisei::learner
