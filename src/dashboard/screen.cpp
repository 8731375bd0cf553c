#include "dashboard/screen.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace keisei::dashboard {
namespace {

constexpr std::string_view kBegin = "\x1b[?25l\x1b[?7l";  // cursor off, no wrap
constexpr std::string_view kEnd = "\x1b[?7h\x1b[?25h";
constexpr std::string_view kClearBelow = "\x1b[J";
constexpr std::string_view kClearRight = "\x1b[K";
constexpr int kMaxColumns = 1000, kMaxRows = 1000;  // of a terminal that says nonsense
constexpr int kWritePoll_ms = 1000;

}  // namespace

Size FdScreen::size() const {
  winsize window{};
  if (::ioctl(fd_, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return {};
  return {std::min<int>(window.ws_col, kMaxColumns), std::min<int>(window.ws_row, kMaxRows)};
}

bool FdScreen::ready() const {
  pollfd poll_fd{fd_, POLLOUT, 0};
  // POLLERR and POLLHUP count as ready: the write then says what is wrong.
  return ::poll(&poll_fd, 1, 0) > 0;
}

void FdScreen::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EAGAIN) {  // somebody made the descriptor non-blocking
      pollfd poll_fd{fd_, POLLOUT, 0};
      (void)::poll(&poll_fd, 1, kWritePoll_ms);
    } else if (count < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "writing to the terminal");
    }
  }
}

int painted_width(std::string_view text) {
  int cells = 0;
  while (!text.empty()) {
    const std::size_t escape = text.find('\x1b');
    cells += cell_width(text.substr(0, escape));
    if (escape == std::string_view::npos) break;
    const std::size_t end = text.find('m', escape);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return cells;
}

std::string Repainter::repaint(const std::vector<std::string>& lines, Size size,
                               const std::vector<std::string>& above) {
  const bool resized = size.columns != size_.columns || size.rows != size_.rows;
  if (lines == shown_ && above.empty() && !resized) return {};
  // A terminal that was made narrower has wrapped the old lines: the block then takes more rows than it has lines.
  int up = 0;
  for (const std::string& line : shown_) {
    up += resized ? std::max(1, (painted_width(line) + size.columns - 1) / std::max(size.columns, 1)) : 1;
  }
  std::string bytes(kBegin);
  if (up > 0) bytes += "\x1b[" + std::to_string(up) + "A";
  bytes += '\r';
  const bool afresh = resized || !above.empty() || shown_.empty();
  if (afresh) bytes += kClearBelow;
  if (!above.empty()) {
    bytes += "\x1b[?7h";
    for (const std::string& line : above) bytes.append(line).append("\r\n");
    bytes += "\x1b[?7l";
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (afresh || i >= shown_.size() || lines[i] != shown_[i]) bytes.append(lines[i]).append(kClearRight);
    bytes += "\r\n";
  }
  if (lines.size() < shown_.size() && !afresh) bytes += kClearBelow;
  bytes += kEnd;
  shown_ = lines;
  size_ = size;
  return bytes;
}

}  // namespace keisei::dashboard
