#include "net/module.h"

#include <ATen/Version.h>

#include <algorithm>
#include <cstring>

namespace keisei::net {
namespace {

/// Hands out the leaves in layout order, so that forward() reads like the layout.
struct Reader {
  const std::vector<torch::Tensor>& tensors;
  std::size_t next = 0;
  const torch::Tensor& operator()() { return tensors[next++]; }
};

torch::Tensor conv(Reader& take, const torch::Tensor& x, int padding) {
  const torch::Tensor& weight = take();
  const torch::Tensor& bias = take();
  return torch::conv2d(x, weight, bias, 1, padding);
}

torch::Tensor dense(Reader& take, const torch::Tensor& x) {
  const torch::Tensor& weight = take();
  const torch::Tensor& bias = take();
  return torch::linear(x, weight, bias);
}

/// Scale and shift of each channel from the means of all channels (Hu et al., 2018; with a shift, as Leela Chess Zero).
torch::Tensor squeeze_excite(Reader& take, const torch::Tensor& x) {
  const torch::Tensor hidden = dense(take, x.mean({2, 3})).relu();
  const auto parts = dense(take, hidden).chunk(2, 1);
  return x * (2.0 * torch::sigmoid(parts[0])).unsqueeze(-1).unsqueeze(-1) + parts[1].unsqueeze(-1).unsqueeze(-1);
}

}  // namespace

Leaves::Leaves(const torch::Tensor& flat, const std::vector<ParameterInfo>& layout, bool with_gradient) {
  const torch::NoGradGuard no_grad;
  if (with_gradient) gradient = torch::zeros_like(flat);
  for (const ParameterInfo& p : layout) {
    const auto offset = static_cast<std::int64_t>(p.offset);
    const auto size = static_cast<std::int64_t>(p.size);
    torch::Tensor leaf = flat.slice(0, offset, offset + size).view(p.shape).detach();
    if (with_gradient) {
      leaf.requires_grad_(true);
      leaf.mutable_grad() = gradient.slice(0, offset, offset + size).view(p.shape);
    }
    tensors.push_back(std::move(leaf));
  }
}

Heads forward(const Architecture& a, const Leaves& leaves, const torch::Tensor& planes) {
  Reader take{leaves.tensors};
  const std::int64_t batch = planes.size(0);
  torch::Tensor x = conv(take, planes, 1).relu_();
  for (int b = 0; b < a.blocks; ++b) {
    torch::Tensor y = conv(take, conv(take, x, 1).relu_(), 1);
    if (a.se_channels > 0) y = squeeze_excite(take, y);
    x = (x + y).relu_();
  }
  Heads heads;
  heads.logits = conv(take, x, 0).permute({0, 2, 3, 1}).reshape({batch, kActions});
  // Pooled over the board, so that the value counts instead of learning games by heart: a flattened board was measured
  // to predict nothing after 400,000 plies.
  const torch::Tensor value = conv(take, x, 0).relu_();
  const torch::Tensor hidden = dense(take, torch::cat({value.mean({2, 3}), value.amax({2, 3})}, 1)).relu_();
  heads.value = dense(take, hidden).tanh().view({batch});
  heads.material = dense(take, hidden).view({batch});
  return heads;
}

torch::Tensor to_planes(std::span<const Features> batch) {
  constexpr std::size_t kRow = static_cast<std::size_t>(shogi::kSquares) * kPlanes;
  const auto n = static_cast<std::int64_t>(batch.size());
  torch::Tensor rows = torch::empty({n, 9, 9, kPlanes});
  float* out = rows.data_ptr<float>();
  for (std::size_t i = 0; i < batch.size(); ++i) write_planes(batch[i], std::span<float, kRow>(out + i * kRow, kRow));
  return rows.permute({0, 3, 1, 2});
}

Network::Impl::Impl(const Architecture& a, torch::Tensor flat_parameters, torch::Device d)
    : architecture(a),
      layout(parameter_layout(a)),
      device(d),
      flat(std::move(flat_parameters)),
      acting(flat, layout, false) {}

Network::Network(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Network::~Network() = default;

Result<std::unique_ptr<Network>> Network::create(const Architecture& a, std::vector<float> parameters,
                                                 const std::string& device) {
  const std::size_t expected = parameter_count(a);
  if (parameters.size() != expected)
    return fail(Code::kBadData, "a network of " + std::to_string(a.blocks) + " blocks x " + std::to_string(a.channels) +
                                    " channels has " + std::to_string(expected) + " parameters, not " +
                                    std::to_string(parameters.size()));
  try {
    const torch::Device where(device);
    torch::Tensor flat = torch::empty({static_cast<std::int64_t>(expected)});
    std::memcpy(flat.data_ptr<float>(), parameters.data(), expected * sizeof(float));
    return std::unique_ptr<Network>(new Network(std::make_unique<Impl>(a, flat.to(where), where)));
  } catch (const std::exception& e) {
    return fail(Code::kDevice, "cannot build the network on " + device + ": " + e.what());
  }
}

void Network::evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                       std::span<float> material) const {
  if (batch.empty()) return;
  const torch::NoGradGuard no_grad;
  const Heads heads = forward(impl_->architecture, impl_->acting, to_planes(batch).to(impl_->device));
  const auto copy = [](const torch::Tensor& from, std::span<float> to) {
    const torch::Tensor source = from.to(torch::kCPU).contiguous();
    std::memcpy(to.data(), source.data_ptr<float>(), to.size_bytes());
  };
  copy(heads.logits, logits);
  copy(heads.value, values);
  if (!material.empty()) copy(heads.material * kMaterialUnit, material);
}

const Architecture& Network::architecture() const { return impl_->architecture; }

std::vector<float> Network::parameters() const {
  const torch::Tensor flat = impl_->flat.to(torch::kCPU);
  const float* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

void set_compute_threads(int threads) { at::set_num_threads(threads); }

double measure_peak_gflops(int threads, const Clock& clock) {
  constexpr std::int64_t kSize = 1024;
  constexpr int kRepetitions = 8;
  at::set_num_threads(threads);
  const torch::NoGradGuard no_grad;
  // As a 1x1 convolution, so that oneDNN runs it, as it runs the networks.
  const torch::Tensor x = torch::ones({kSize / 64, kSize, 8, 8}).contiguous(at::MemoryFormat::ChannelsLast);
  const torch::Tensor w = torch::ones({kSize, kSize, 1, 1});
  double best_s = 1e9;
  for (int i = 0; i < kRepetitions; ++i) {
    const double begin_s = clock.monotonic_s();
    (void)torch::conv2d(x, w);
    best_s = std::min(best_s, clock.monotonic_s() - begin_s);
  }
  at::set_num_threads(1);
  return 2e-9 * static_cast<double>(kSize * kSize * kSize) / best_s;
}

std::string library_description() {
  constexpr std::string_view kLevel = "CPU capability usage: ";
  const std::string all = at::show_config();
  const std::size_t found = all.find(kLevel);
  const std::string level = found == std::string::npos
                                ? "unknown"
                                : all.substr(found + kLevel.size(), all.find('\n', found) - found - kLevel.size());
  return "libtorch " + std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) +
         ", CPU level " + level;
}

Result<std::string> resolve_device(const std::string& device) {
  const bool cuda = torch::cuda::is_available();
  if (device == "auto") return std::string(cuda ? "cuda" : "cpu");
  if (device == "cpu") return device;
  if (device == "cuda" || device.starts_with("cuda:")) {
    if (!cuda)
      return fail(Code::kUsage, "device '" + device + "' is not available: this libtorch or machine has no CUDA",
                  "use cpu or auto");
    const std::string number = device == "cuda" ? "0" : device.substr(5);
    if (number.empty() || number.size() > 3 || number.find_first_not_of("0123456789") != std::string::npos ||
        std::stoi(number) >= static_cast<int>(torch::cuda::device_count()))
      return fail(Code::kUsage, "device '" + device + "' does not exist",
                  "cuda:0 to cuda:" + std::to_string(torch::cuda::device_count() - 1));
    return device;
  }
  return fail(Code::kUsage, "unknown device '" + device + "'", "cpu, cuda, cuda:N or auto");
}

}  // namespace keisei::net
