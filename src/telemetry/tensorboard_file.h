// The framing of a TensorBoard event file: length, masked CRC-32C of the length, record, masked CRC-32C of the record
// (the TFRecord format). Knows nothing of what a record holds. A batch is one write; a torn one is cut off. Faults are
// thrown. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "telemetry/append_file.h"

namespace keisei::telemetry {

class TensorboardFile {
 public:
  /// kFailure when it exists.
  [[nodiscard]] static Result<TensorboardFile> create(std::filesystem::path path);

  /// Adds a record to the batch.
  void add(std::string_view record);
  /// Writes the batch; throws when that fails, and the batch is then lost as a whole.
  void commit();
  void sync() { file_.sync(); }
  [[nodiscard]] std::uint64_t bytes() const { return file_.bytes() + batch_.size(); }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  explicit TensorboardFile(AppendFile file) : file_(std::move(file)) {}
  AppendFile file_;
  std::string batch_;
};

}  // namespace keisei::telemetry
