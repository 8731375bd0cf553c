// The policy over legal moves only: the logits of the legal actions are gathered and normalised; the other 2,100 never
// enter. The same function serves acting, playing and learning, so their probabilities agree.
#pragma once

#include <span>

#include "net/actions.h"

namespace keisei::net {

/// out[i] = log of the probability of actions[i] under softmax(logits[actions] / temperature). Natural logarithms.
/// `logits` has kActions entries; `actions` is not empty and as long as `out`. Returns the entropy in nats (>= 0).
double log_probabilities(std::span<const float> logits, std::span<const Action> actions, std::span<float> out,
                         float temperature = 1.0F);

/// The index whose cumulated probability passes u in [0, 1).
[[nodiscard]] std::size_t sample(std::span<const float> log_probabilities, double u);

/// The index of the greatest entry, the first of equals.
[[nodiscard]] std::size_t argmax(std::span<const float> values);

}  // namespace keisei::net
