#include "net/policy.h"

#include <algorithm>
#include <cmath>

namespace keisei::net {

double log_probabilities(std::span<const float> logits, std::span<const Action> actions, std::span<float> out,
                         float temperature) {
  const float scale = 1.0F / temperature;
  float highest = logits[actions[0]] * scale;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    out[i] = logits[actions[i]] * scale;
    highest = std::max(highest, out[i]);
  }
  float sum = 0;
  for (const float x : out) sum += std::exp(x - highest);
  const float shift = highest + std::log(sum);
  double entropy = 0;
  for (float& x : out) {
    x -= shift;
    entropy -= static_cast<double>(x) * static_cast<double>(std::exp(x));
  }
  return std::max(entropy, 0.0);
}

std::size_t sample(std::span<const float> log_probabilities, double u) {
  double sum = 0;
  for (std::size_t i = 0; i < log_probabilities.size(); ++i) {
    sum += static_cast<double>(std::exp(log_probabilities[i]));
    if (u < sum) return i;
  }
  return argmax(log_probabilities);
}

std::size_t argmax(std::span<const float> values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace keisei::net
