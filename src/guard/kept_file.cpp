#include "guard/kept_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace keisei::guard {

KeptFile::KeptFile(std::string path, std::size_t max_bytes) : path_(std::move(path)), max_bytes_(max_bytes) {}

std::optional<std::size_t> KeptFile::fill() {
  constexpr std::size_t kFirstBytes = 1024;
  if (buffer_.empty()) buffer_.resize(std::min(kFirstBytes, max_bytes_));
  std::size_t length = 0;
  while (length < max_bytes_) {
    if (length == buffer_.size()) buffer_.resize(std::min(buffer_.size() * 2, max_bytes_));
    const ssize_t n = ::pread(fd_.get(), buffer_.data() + length, buffer_.size() - length, static_cast<off_t>(length));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    length += static_cast<std::size_t>(n);
  }
  return length;
}

std::optional<std::string_view> KeptFile::read() {
  const bool kept = static_cast<bool>(fd_);
  for (int attempt = kept ? 0 : 1; attempt < 2; ++attempt) {
    if (attempt == 1) fd_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd_) return std::nullopt;
    if (const auto length = fill()) return std::string_view(buffer_).substr(0, *length);
  }
  fd_.reset();
  return std::nullopt;
}

}  // namespace keisei::guard
