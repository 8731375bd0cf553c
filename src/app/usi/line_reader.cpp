#include "app/usi/line_reader.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace keisei::app::usi {
namespace {

constexpr std::size_t kBlockBytes = 1U << 14;

}  // namespace

bool LineReader::read_more() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
  }
  std::array<char, kBlockBytes> block;
  ssize_t got = 0;
  do {
    got = ::read(fd_, block.data(), block.size());
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  buffer_.append(block.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> LineReader::next() {
  for (;;) {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(begin_, end - begin_);
      begin_ = scanned_ = end + 1;
      const bool too_long = skipping_ || line.size() > kMaxGuiLineBytes;
      if (too_long && !skipping_) ++passed_over_;
      skipping_ = false;
      if (!too_long) return line;
      continue;
    }
    scanned_ = buffer_.size();
    if (scanned_ - begin_ > kMaxGuiLineBytes) {
      if (!skipping_) ++passed_over_;
      skipping_ = true;
      begin_ = scanned_;
    }
    if (!ended_ && read_more()) continue;
    ended_ = true;
    if (begin_ == buffer_.size() || skipping_) return std::nullopt;
    std::string last = buffer_.substr(begin_);
    begin_ = scanned_ = buffer_.size();
    return last;
  }
}

}  // namespace keisei::app::usi
