// PPO on one page (ppo.cpp): rollout -> advantages -> minibatches in shards -> loss -> clipped gradient -> Adam. The
// learner owns the optimiser's state and changes the network it was given; it touches no file and no game. Gradients of
// the shards are added in fixed order, so the result depends on the number of shards, never on threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "config/options.h"
#include "learner/schedule.h"
#include "net/network.h"
#include "selfplay/rollout.h"

namespace keisei::learner {

struct UpdateStats {
  double policy_loss = 0, value_loss = 0, material_loss = 0;
  double entropy = 0;  ///< mean over samples, nats, >= 0
  double kl = 0;       ///< mean of the last epoch
  double clip_fraction = 0;
  double explained_variance = 0;  ///< of the value before the update
  double gradient_norm = 0;       ///< mean, before clipping
  double learning_rate = 0;       ///< of the last step
  double first_ratio_error = 0;   ///< greatest |ratio - 1| of the first minibatch
  int epochs = 0;                 ///< fewer than asked after an early stop on KL
  std::int64_t samples = 0;
};

/// What the newest update learned from and left behind, for whoever wants to see more of it than UpdateStats. Views
/// into the learner, valid until its next update; one entry a sample of the learner's own moves.
struct UpdateDetail {
  std::span<const float> advantage;     ///< as it was used: normalised where asked
  std::span<const float> value_target;  ///< the return
  std::vector<float> gradient;          ///< flat like the parameters, of the last minibatch, clipped; empty = none yet
};

/// The optimiser's state, flat like the parameters.
struct AdamState {
  std::vector<float> mean;      ///< first moment
  std::vector<float> variance;  ///< second moment
  std::int64_t steps = 0;
};

class Ppo {
 public:
  /// `updates` in all (for the schedules). The network must outlive the learner.
  Ppo(net::Network& network, const config::Training& options, std::uint64_t seed, std::int64_t updates);
  ~Ppo();

  /// Learns from one rollout; `update` counts from 0. `between` is called after each minibatch, on the calling thread.
  [[nodiscard]] Result<UpdateStats> update(const selfplay::Rollout& rollout, std::int64_t update, int threads,
                                           const std::function<void()>& between = {});

  [[nodiscard]] UpdateDetail detail() const;
  [[nodiscard]] AdamState state() const;
  [[nodiscard]] Result<void> restore(const AdamState& state);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace keisei::learner
