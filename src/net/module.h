// libtorch's side of a Network: parameters as leaf tensors that view one flat tensor, and the forward pass as a plain
// function of them. Several Leaves may view the same flat tensor with gradients of their own, which is how shards of a
// minibatch run side by side. Only net, selfplay and learner sources include this header (12 s a translation unit).
#pragma once

#include <torch/torch.h>

#include "net/network.h"

namespace keisei::net {

/// Parameters as tensors over one flat tensor; with gradients, `gradient` is flat as well and each leaf's .grad views
/// it.
struct Leaves {
  std::vector<torch::Tensor> tensors;
  torch::Tensor gradient;  ///< flat, or undefined

  Leaves(const torch::Tensor& flat, const std::vector<ParameterInfo>& layout, bool with_gradient);
};

struct Heads {
  torch::Tensor logits;    ///< [batch, kActions]
  torch::Tensor value;     ///< [batch], in [-1, 1]
  torch::Tensor material;  ///< [batch], in units of kMaterialUnit pawns
};
inline constexpr float kMaterialUnit = 10.0F;

/// `planes` is [batch, kPlanes, 9, 9] in channels-last memory.
[[nodiscard]] Heads forward(const Architecture& architecture, const Leaves& leaves, const torch::Tensor& planes);

/// A batch of positions as [batch, kPlanes, 9, 9] on the CPU, channels last.
[[nodiscard]] torch::Tensor to_planes(std::span<const Features> batch);

struct Network::Impl {
  Architecture architecture;
  std::vector<ParameterInfo> layout;
  torch::Device device{torch::kCPU};
  torch::Tensor flat;  ///< [parameter_count] float32
  Leaves acting;       ///< without gradients
  Impl(const Architecture& a, torch::Tensor flat_parameters, torch::Device d);
};

}  // namespace keisei::net
