// The terminal behind the panel. Screen is the seam (tests use a recording one); FdScreen writes to a descriptor.
// Repainter turns successive frames into the fewest bytes: unchanged lines are stepped over, a frame is one write, and
// the cursor is hidden and line wrap is off only within that write. So whatever ends the process, there is nothing
// left to restore.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dashboard/cells.h"

namespace keisei::dashboard {

class Screen {
 public:
  virtual ~Screen() = default;
  /// The size now; asked again for every frame, so that no signal handler is needed.
  [[nodiscard]] virtual Size size() const = 0;
  /// False when the terminal takes nothing at the moment (stopped by Ctrl-S): then the frame is skipped.
  [[nodiscard]] virtual bool ready() const = 0;
  /// Throws std::system_error when the descriptor fails.
  virtual void write(std::string_view bytes) = 0;
};

/// Writes to `fd`, which it does not own. Without a terminal the size is 80x24.
class FdScreen final : public Screen {
 public:
  explicit FdScreen(int fd) : fd_(fd) {}
  [[nodiscard]] Size size() const override;
  [[nodiscard]] bool ready() const override;
  void write(std::string_view bytes) override;

 private:
  const int fd_;
};

class Repainter {
 public:
  /// Bytes that turn the shown frame into `lines`; `above` are lines that stay for good, over the block.
  [[nodiscard]] std::string repaint(const std::vector<std::string>& lines, Size size,
                                    const std::vector<std::string>& above = {});

 private:
  std::vector<std::string> shown_;
  Size size_;  ///< of the terminal at that frame
};

/// Cells of a text that holds SGR colour sequences.
[[nodiscard]] int painted_width(std::string_view text);

}  // namespace keisei::dashboard
