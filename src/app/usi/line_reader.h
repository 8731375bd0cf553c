// Lines from a file descriptor, read in blocks, each line bounded: what is longer is passed over to its end and
// counted, so that a flood costs time and no memory. Used by one thread. Sizes in bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace keisei::app::usi {

inline constexpr std::size_t kMaxGuiLineBytes = 1U << 18;  ///< a game of 40,000 moves

class LineReader {
 public:
  /// Reads `fd`, which stays the caller's; `before` comes first.
  explicit LineReader(int fd, std::string before = {}) : fd_(fd), buffer_(std::move(before)) {}

  /// The next line without its end; a last one without an end counts. Nothing at the end of input or on an error.
  [[nodiscard]] std::optional<std::string> next();
  /// What was read and not given out.
  [[nodiscard]] std::string rest() const { return buffer_.substr(begin_); }
  /// Lines that were too long.
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  [[nodiscard]] bool read_more();

  int fd_;
  std::string buffer_;
  std::size_t begin_ = 0;    ///< of the first line not given out
  std::size_t scanned_ = 0;  ///< no line end before this
  bool ended_ = false;
  bool skipping_ = false;  ///< within a line that is too long
  std::uint64_t passed_over_ = 0;
};

}  // namespace keisei::app::usi
