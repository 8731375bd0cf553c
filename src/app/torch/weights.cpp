#include "app/torch/weights.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "store/run_index.h"
#include "store/sha256.h"

namespace keisei::app {
namespace {
constexpr int kMaxBlocks = 100;
constexpr int kMaxChannels = 1024;
}  // namespace

void add_network(store::TensorFile& file, const net::Architecture& a, std::span<const float> parameters) {
  file.metadata["network"] = nlohmann::json{{"model", "resnet"},      {"blocks", a.blocks},
                                            {"channels", a.channels}, {"se_channels", a.se_channels},
                                            {"planes", net::kPlanes}, {"actions", net::kActions}}
                                 .dump();
  for (const net::ParameterInfo& p : net::parameter_layout(a))
    file.add_f32("net." + p.name, p.shape, parameters.subspan(p.offset, p.size));
}

Result<std::unique_ptr<net::Network>> read_network(const store::TensorFile& file, const std::string& device) {
  auto text = file.meta("network");
  if (!text) return tl::make_unexpected(text.error());
  const auto bad = [&](const std::string& why) {
    return fail(Code::kBadData, file.source + ": metadata 'network': " + why);
  };
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return bad("no JSON object");
  net::Architecture a;
  try {
    if (json.at("model") != "resnet") return bad("unknown model " + json.at("model").dump());
    if (json.at("planes") != net::kPlanes || json.at("actions") != net::kActions)
      return bad("made for " + json.at("planes").dump() + " planes and " + json.at("actions").dump() +
                 " actions; this program has " + std::to_string(net::kPlanes) + " and " +
                 std::to_string(net::kActions));
    a = {json.at("blocks").get<int>(), json.at("channels").get<int>(), json.at("se_channels").get<int>()};
  } catch (const nlohmann::json::exception& e) {
    return bad(e.what());
  }
  if (a.blocks < 1 || a.blocks > kMaxBlocks || a.channels < 1 || a.channels > kMaxChannels || a.se_channels < 0 ||
      a.se_channels > a.channels)
    return bad("blocks, channels or se_channels out of range");
  std::vector<float> parameters;
  for (const net::ParameterInfo& p : net::parameter_layout(a)) {
    const std::string name = "net." + p.name;
    if (auto found = file.expect(name, store::DType::kF32, p.shape); !found) return tl::make_unexpected(found.error());
    auto values = file.f32(name);
    if (!values) return tl::make_unexpected(values.error());
    if (!std::ranges::all_of(*values, [](float x) { return std::isfinite(x); }))
      return fail(Code::kBadData, file.source + ": section '" + name + "' has weights that are not finite");
    parameters.insert(parameters.end(), values->begin(), values->end());
  }
  return net::Network::create(a, std::move(parameters), device);
}

void add_play_mode(store::TensorFile& file, PlayMode mode) {
  file.metadata["play"] = nlohmann::json{{"mate_in_one", mode.mate_in_one}}.dump();
}

Result<PlayMode> read_play_mode(const store::TensorFile& file) {
  const auto found = file.metadata.find("play");
  if (found == file.metadata.end()) return PlayMode{};
  const auto json = nlohmann::json::parse(found->second, nullptr, false);
  if (!json.is_object() || !json.contains("mate_in_one") || !json["mate_in_one"].is_boolean())
    return fail(Code::kBadData, file.source + ": metadata 'play' does not say how the network plays");
  return PlayMode{json["mate_in_one"].get<bool>()};
}

std::string weights_sha256(std::span<const float> parameters) { return store::sha256(std::as_bytes(parameters)); }
std::string weights_id(std::span<const float> parameters) { return weights_sha256(parameters).substr(0, 16); }

Weights encode_weights(const net::Network& network, PlayMode mode) {
  const std::vector<float> parameters = network.parameters();
  store::TensorFile file;
  add_network(file, network.architecture(), parameters);
  add_play_mode(file, mode);
  return {store::encode(file), weights_id(parameters)};
}

Result<Weights> load_weights(const std::string& checkpoint_or_run, const std::filesystem::path& savedir) {
  auto loaded = store::open_checkpoint(checkpoint_or_run, savedir);
  if (!loaded) return tl::make_unexpected(loaded.error());
  auto network = read_network(loaded->file, "cpu");
  if (!network) return tl::make_unexpected(network.error());
  auto mode = read_play_mode(loaded->file);
  if (!mode) return tl::make_unexpected(mode.error());
  return encode_weights(**network, *mode);
}

ReadWeights weights_reader(std::filesystem::path savedir) {
  return [savedir = std::move(savedir)](
             const evaluation::PlayerSpec& spec) -> Result<std::pair<std::string, std::vector<std::byte>>> {
    auto weights = load_weights(spec.path, savedir);
    if (!weights) return tl::make_unexpected(weights.error());
    return std::pair(std::move(weights->id), std::move(weights->bytes));
  };
}

}  // namespace keisei::app
