// The terminal behind the full screen. CellScreen is the seam (tests use a recording one); the real one puts cells with
// ncurses, which writes only what changed, and reads keys without waiting. It owns a TerminalGuard, so the terminal is
// given back on every way out. Used by one thread: the outlet's own, never the training's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "dashboard/canvas.h"
#include "dashboard/frame.h"

namespace keisei::dashboard {

class CellScreen {
 public:
  virtual ~CellScreen() = default;
  /// The size now; asked again for every frame.
  [[nodiscard]] virtual Size size() const = 0;
  /// False when the terminal takes nothing at the moment (Ctrl-S), or the process is in the background.
  [[nodiscard]] virtual bool ready() const = 0;
  virtual void show(const Canvas& canvas) = 0;
  /// The next key that was pressed, kNone when there is none.
  [[nodiscard]] virtual Key key() = 0;
  /// Lines that others meanwhile wrote to stdout or stderr.
  [[nodiscard]] virtual std::vector<std::string> lines() = 0;
};

/// Whether `fd` is a terminal of kLeastFullScreen or more that this process may read keys from and is in front of.
[[nodiscard]] bool fits_full_screen(int fd);

/// Takes the terminal `fd`. kFailure when it is none, or its kind (TERM) is unknown or can do too little.
[[nodiscard]] Result<std::unique_ptr<CellScreen>> open_curses(int fd, Paint paint);

}  // namespace keisei::dashboard
