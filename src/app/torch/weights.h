// Networks in and out of tensor files: the same sections serve a checkpoint on disk and a snapshot that crosses to an
// evaluation worker, so a checkpoint always builds the network that it describes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/evaluation_job.h"
#include "base/result.h"
#include "net/network.h"
#include "store/tensor_file.h"

namespace keisei::app {

/// Metadata "network" (architecture as JSON) and one tensor "net.<parameter>" for each parameter.
void add_network(store::TensorFile& file, const net::Architecture& architecture, std::span<const float> parameters);

/// How the network of a file plays: as it was trained. Metadata "play"; the policy alone where there is none.
struct PlayMode {
  bool mate_in_one = false;  ///< a mate in one is played when there is one
};
void add_play_mode(store::TensorFile& file, PlayMode mode);
[[nodiscard]] Result<PlayMode> read_play_mode(const store::TensorFile& file);

/// Builds the network that the file describes. kBadData names the section that is missing, of another shape or not
/// finite.
[[nodiscard]] Result<std::unique_ptr<net::Network>> read_network(const store::TensorFile& file,
                                                                 const std::string& device);

/// SHA-256 of the parameters: the identity of weights in ratings, records and summaries.
[[nodiscard]] std::string weights_sha256(std::span<const float> parameters);

/// The first 16 digits, which people and ratings use.
[[nodiscard]] std::string weights_id(std::span<const float> parameters);

/// A network alone, encoded for a worker.
struct Weights {
  std::vector<std::byte> bytes;
  std::string id;  ///< weights_id
};
[[nodiscard]] Weights encode_weights(const net::Network& network, PlayMode mode);

/// The network of a checkpoint file or of a run's newest valid checkpoint; verified and built once, so that what a
/// worker is given is known to be good.
[[nodiscard]] Result<Weights> load_weights(const std::string& checkpoint_or_run, const std::filesystem::path& savedir);
/// load_weights for the players of a request.
[[nodiscard]] ReadWeights weights_reader(std::filesystem::path savedir);

}  // namespace keisei::app
