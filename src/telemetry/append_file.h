// A file that only grows, for the formats of others (W&B, TensorBoard): created exclusively, so that no run ever writes
// into another's; what is appended is there whole or not at all, because a full disk may take a part of it and readers
// stop at the first torn record. One write(2) an append. Faults are thrown, as outlets report them. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace keisei::telemetry {

class AppendFile {
 public:
  /// kFailure when it exists already or cannot be made.
  [[nodiscard]] static Result<AppendFile> create(std::filesystem::path path);

  /// Throws std::runtime_error; the file then ends where it ended before.
  void append(std::string_view bytes);
  /// Everything appended is on the disk.
  void sync();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  AppendFile(std::filesystem::path path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  Fd fd_;
  std::uint64_t bytes_ = 0;
};

}  // namespace keisei::telemetry
