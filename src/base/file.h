// Files that are whole or absent. write_durably: temporary name -> write -> fsync -> rename -> fsync(directory); after
// any fault the old file is intact and no temporary file is left. read_file refuses more than the caller's bound.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei {

/// Owns a file descriptor (move-only); -1 means none.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
  [[nodiscard]] int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

/// Replaces `path` durably. An fsync error is final: the new bytes are dropped, never retried on the same file.
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& path, std::span<const std::byte> bytes);
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& path, std::string_view text);

/// The whole file; an error when it is missing, no regular file, or longer than `max_bytes`.
[[nodiscard]] Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes);
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path, std::size_t max_bytes);

/// Writes all bytes to a descriptor, through EINTR and short writes.
[[nodiscard]] Result<void> write_all(int fd, std::span<const std::byte> bytes, const std::string& name);

}  // namespace keisei
