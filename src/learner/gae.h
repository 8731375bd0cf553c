// Generalised advantage estimation (Schulman et al., 2016) for games of two players who move in turn: what is good for
// the next mover is bad for this one, so both the bootstrap value and the carried term change sign at every ply.
//   delta_t = r_t - gamma V(t+1) - V(t)        A_t = delta_t - gamma lambda A_{t+1}
// A terminated ply has no successor. A truncated ply is followed by the value of the cut position, and nothing is
// carried over the cut. Pure function; arrays are [ply][game].
#pragma once

#include <span>
#include <vector>

#include "selfplay/rollout.h"

namespace keisei::learner {

struct GaeInput {
  int plies = 0;
  int games = 0;
  std::span<const float> reward;       ///< [plies * games] for the mover
  std::span<const float> value;        ///< [plies * games] before the move, for the mover
  std::span<const selfplay::Ply> end;  ///< [plies * games]
  std::span<const float> cut_value;    ///< [plies * games], read where end is kTruncated
  std::span<const float> last_value;   ///< [games] after the last row, for the side to move then
};

/// Advantages [plies * games] in the unit of the reward. `alternating` is false for an ordinary single agent.
[[nodiscard]] std::vector<float> gae(const GaeInput& input, double gamma, double lambda, bool alternating = true);

}  // namespace keisei::learner
