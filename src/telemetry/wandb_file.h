// The framing of a Weights & Biases run file (run-ID.wandb): a 7-byte header, then blocks of 32 KiB in which records
// lie in chunks of checksum, length and type, like a LevelDB log but with plain CRC-32. A reader that follows the
// growing file (`wandb beta sync --live`) sees whole records, because a batch is one write and a torn one is cut off.
// Knows nothing of what a record holds. Faults are thrown. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "telemetry/append_file.h"

namespace keisei::telemetry {

class WandbFile {
 public:
  /// Creates the file with its header; kFailure when it exists.
  [[nodiscard]] static Result<WandbFile> create(std::filesystem::path path);

  /// Adds a record to the batch.
  void add(std::string_view record);
  /// Writes the batch; throws when that fails, and the batch is then lost as a whole.
  void commit();
  void sync() { file_.sync(); }
  /// On the disk and in the batch.
  [[nodiscard]] std::uint64_t bytes() const { return file_.bytes() + batch_.size(); }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  explicit WandbFile(AppendFile file) : file_(std::move(file)) {}
  AppendFile file_;
  std::string batch_;
};

}  // namespace keisei::telemetry
