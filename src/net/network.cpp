#include "net/network.h"

#include <cmath>
#include <numbers>

#include "base/random.h"

namespace keisei::net {
namespace {
constexpr int kValueChannels = 32;
constexpr int kValueHidden = 64;
}  // namespace

// The forward pass (module.cpp) takes the parameters in exactly this order.
std::vector<ParameterInfo> parameter_layout(const Architecture& a) {
  std::vector<ParameterInfo> layout;
  const auto add = [&layout](std::string name, std::vector<std::int64_t> shape, int fan_in) {
    ParameterInfo p{std::move(name), std::move(shape), 0, 1, fan_in};
    for (const std::int64_t n : p.shape) p.size *= static_cast<std::size_t>(n);
    p.offset = layout.empty() ? 0 : layout.back().offset + layout.back().size;
    layout.push_back(std::move(p));
  };
  const auto conv = [&add](const std::string& name, int in, int out, int kernel, bool zero = false) {
    add(name + ".weight", {out, in, kernel, kernel}, zero ? 0 : in * kernel * kernel);
    add(name + ".bias", {out}, 0);
  };
  const auto dense = [&add](const std::string& name, int in, int out, bool zero = false) {
    add(name + ".weight", {out, in}, zero ? 0 : in);
    add(name + ".bias", {out}, 0);
  };
  conv("stem", kPlanes, a.channels, 3);
  for (int b = 0; b < a.blocks; ++b) {
    const std::string block = "tower." + std::to_string(b);
    conv(block + ".conv1", a.channels, a.channels, 3);
    conv(block + ".conv2", a.channels, a.channels, 3, true);
    if (a.se_channels > 0) {
      dense(block + ".se1", a.channels, a.se_channels);
      dense(block + ".se2", a.se_channels, 2 * a.channels, true);
    }
  }
  conv("policy", a.channels, kMoveKinds, 1, true);
  conv("value.conv", a.channels, kValueChannels, 1);
  dense("value.hidden", 2 * kValueChannels, kValueHidden);
  dense("value.out", kValueHidden, 1, true);
  dense("material.out", kValueHidden, 1, true);
  return layout;
}

std::size_t parameter_count(const Architecture& architecture) {
  const auto layout = parameter_layout(architecture);
  return layout.back().offset + layout.back().size;
}

std::vector<float> initial_parameters(const Architecture& architecture, std::uint64_t seed) {
  const auto layout = parameter_layout(architecture);
  std::vector<float> parameters(layout.back().offset + layout.back().size, 0.0F);
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const ParameterInfo& p = layout[i];
    if (p.fan_in == 0) continue;
    const double deviation = std::sqrt(2.0 / p.fan_in);
    Random random(seed, Purpose::kWeights, i);
    for (std::size_t k = 0; k < p.size; ++k) {  // Box and Muller, 1958
      const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
      parameters[p.offset + k] =
          static_cast<float>(deviation * radius * std::cos(2.0 * std::numbers::pi * random.uniform()));
    }
  }
  return parameters;
}

}  // namespace keisei::net
