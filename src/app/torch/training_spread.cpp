#include "app/torch/training_spread.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace keisei::app {
namespace {

using Numbers = std::span<const float>;

void add(telemetry::Event& event, std::string name, Numbers numbers) {
  telemetry::Distribution found = telemetry::distribution_of(numbers);
  if (!found.counts.empty()) event.distributions.emplace_back(std::move(name), std::move(found));
}

/// Of the plies at which the learner moved.
std::vector<float> own(const selfplay::Rollout& rollout, const std::vector<float>& column) {
  std::vector<float> numbers;
  numbers.reserve(column.size());
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (rollout.learner_moved[i] != 0) numbers.push_back(column[i]);
  }
  return numbers;
}

}  // namespace

void add_spread(telemetry::Event& event, const selfplay::Rollout& rollout, const learner::Ppo& learner,
                const net::Network& network) {
  add(event, "selfplay/entropy_per_move", own(rollout, rollout.entropy));
  add(event, "selfplay/value_per_move", own(rollout, rollout.value));
  const learner::UpdateDetail detail = learner.detail();
  add(event, "ppo/advantage_per_move", detail.advantage);
  add(event, "ppo/return_per_move", detail.value_target);
  const std::vector<float> weights = network.parameters();
  const std::vector<net::ParameterInfo> layout = net::parameter_layout(network.architecture());
  for (std::size_t i = 0; i < std::min(layout.size(), kMaxLayersShown); ++i) {
    const net::ParameterInfo& layer = layout[i];
    add(event, "weights/" + layer.name, Numbers(weights).subspan(layer.offset, layer.size));
    if (detail.gradient.size() == weights.size()) {
      add(event, "gradients/" + layer.name, Numbers(detail.gradient).subspan(layer.offset, layer.size));
    }
  }
}

}  // namespace keisei::app
