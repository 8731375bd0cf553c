// A small kernel file that is read again and again: opened once, then one pread a time, because opening costs more than
// reading. A file that is absent is tried anew at every read; one that fails (its process or group went away) is opened
// once more. One owner, one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"

namespace keisei::guard {

inline constexpr std::size_t kSmallFileBytes = 8192;

class KeptFile {
 public:
  /// Of a longer file only the first `max_bytes` are read.
  explicit KeptFile(std::string path, std::size_t max_bytes = kSmallFileBytes);

  /// What it holds now, valid until the next call; nothing when it cannot be read.
  [[nodiscard]] std::optional<std::string_view> read();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  [[nodiscard]] std::optional<std::size_t> fill();

  std::string path_;
  std::size_t max_bytes_;
  Fd fd_;
  std::string buffer_;
};

}  // namespace keisei::guard
