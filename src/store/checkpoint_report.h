// What `keisei checkpoint info|verify|diff` says, as text and as JSON (keisei.checkpoint/1, told apart by "action").
// Values in, strings out; nothing is printed or changed here.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/checkpoint.h"

namespace keisei::store {

/// The checkpoints that `path` means: itself, or all of a run's or of a checkpoint directory's, by rising step.
/// kBadData when there is none.
[[nodiscard]] Result<std::vector<std::filesystem::path>> checkpoints_at(const std::filesystem::path& path);

[[nodiscard]] std::string info_text(const LoadedCheckpoint& checkpoint);
[[nodiscard]] std::string info_json(std::span<const LoadedCheckpoint> checkpoints);

struct Verification {
  std::filesystem::path path;
  std::optional<Error> error;  ///< nothing: the file is whole
};
[[nodiscard]] std::string verify_text(std::span<const Verification> results);
[[nodiscard]] std::string verify_json(std::span<const Verification> results);

/// How one tensor differs. For numbers: the greatest and the root mean square difference, both null (nothing) where a
/// NaN is on one side only or the shapes differ.
struct TensorDifference {
  std::string name;
  std::string kind;          ///< only_first | only_second | shape | values
  std::size_t elements = 0;  ///< that differ; 0 unless kind is values
  std::optional<double> greatest, rms;
};
struct CheckpointDifference {
  std::filesystem::path first, second;
  std::vector<std::string> metadata;  ///< keys whose values differ
  std::vector<TensorDifference> tensors;
  [[nodiscard]] bool identical() const { return metadata.empty() && tensors.empty(); }
};
[[nodiscard]] CheckpointDifference difference(const LoadedCheckpoint& first, const LoadedCheckpoint& second);
[[nodiscard]] std::string diff_text(const CheckpointDifference& difference);
[[nodiscard]] std::string diff_json(const CheckpointDifference& difference);

}  // namespace keisei::store
