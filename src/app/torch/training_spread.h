// Distributions of what a training has at hand at a checkpoint, for viewers that draw histograms (TensorBoard, W&B):
// entropy and value of each position played, advantage and return of each one learned from, weights and gradients of
// each layer. Passes over arrays that are there anyway, and only at a checkpoint, so no update pays for it. Pure.
#pragma once

#include "learner/ppo.h"
#include "net/network.h"
#include "selfplay/rollout.h"
#include "telemetry/event.h"

namespace keisei::app {

inline constexpr std::size_t kMaxLayersShown = 256;  ///< tensors, from the input on; further ones are left out

/// Adds selfplay/entropy_per_move, selfplay/value_per_move (the newest rollout, the learner's own moves),
/// ppo/advantage_per_move, ppo/return_per_move (the newest update), weights/LAYER and gradients/LAYER (the newest
/// minibatch). What there is nothing of is left out.
void add_spread(telemetry::Event& event, const selfplay::Rollout& rollout, const learner::Ppo& learner,
                const net::Network& network);

}  // namespace keisei::app
