// A growing file of records in somebody else's frame: TensorBoard's and W&B's differ in how a record is framed and in
// nothing else, so the frame is the parameter. Records are gathered in a batch, a batch is one write, and a torn write
// is cut off (append_file.h), so whoever follows the file sees whole records. Knows nothing of what a record holds.
// Faults are thrown, as outlets report them. One thread. A Framing has two static functions:
//   void begin(std::string& batch);   what stands before the first record
//   void add(std::string& batch, std::uint64_t begin, std::string_view record);   `begin`: bytes before the batch
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "telemetry/append_file.h"

namespace keisei::telemetry {

template <class Framing>
class FramedFile {
 public:
  /// Creates the file; what stands before the first record waits in the batch. kFailure when it exists.
  [[nodiscard]] static Result<FramedFile> create(std::filesystem::path path) {
    auto file = AppendFile::create(std::move(path));
    if (!file) return tl::make_unexpected(file.error());
    FramedFile made(std::move(*file));
    Framing::begin(made.batch_);
    return made;
  }

  /// Adds a record to the batch.
  void add(std::string_view record) { Framing::add(batch_, file_.bytes(), record); }
  /// Writes the batch; throws when that fails, and the batch is then lost as a whole.
  void commit() { file_.append(std::exchange(batch_, {})); }
  void sync() { file_.sync(); }
  /// On the disk and in the batch.
  [[nodiscard]] std::uint64_t bytes() const { return file_.bytes() + batch_.size(); }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  explicit FramedFile(AppendFile file) : file_(std::move(file)) {}
  AppendFile file_;
  std::string batch_;
};

}  // namespace keisei::telemetry
