// The terminal as it was, so that whatever ends the process gives it back: the destructor, exit(), a fatal signal, a
// handler that calls _exit (it calls restore_terminal() first). Meanwhile what anybody writes to stdout or stderr goes
// into a pipe and is handed out line by line, because one stray line would break the picture; a full pipe refuses
// rather than makes the writer wait. Signals and exit are the process's, so this is its one global state besides the
// session's. One guard at a time; used by one thread, restore_terminal() from anywhere.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace keisei::dashboard {

inline constexpr std::size_t kMaxLeaveBytes = 256;

/// Gives the terminal and the streams back if a guard holds them, and shows what was written to them and not yet handed
/// out. Async-signal-safe; a second call does nothing.
void restore_terminal() noexcept;

class TerminalGuard {
 public:
  /// Takes the terminal that `fd` is: keeps its modes, catches the fatal signals nobody else catches, and the streams 1
  /// and 2 where they are the same terminal. kFailure when `fd` is no terminal or a guard exists already.
  [[nodiscard]] static Result<std::unique_ptr<TerminalGuard>> take(int fd);
  /// Gives everything back.
  ~TerminalGuard();
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;

  /// The terminal, whatever stands behind 1 and 2 now.
  [[nodiscard]] int fd() const { return terminal_.get(); }
  /// The descriptor that frames are written to: it leads to nothing once the terminal was given back.
  void set_drawing(int fd);
  /// Bytes that leave the full screen, for the paths on which nothing else can be called.
  void set_leave_sequence(std::string_view bytes);
  /// Complete lines written to the caught streams since the last call.
  [[nodiscard]] std::vector<std::string> lines();
  /// Whether the process was stopped (Ctrl-Z) and goes on: the terminal then was given back meanwhile. resumed() says
  /// that it is taken again.
  [[nodiscard]] bool suspended() const;
  void resumed();
  /// Whether it is about to stop: nothing may be drawn.
  [[nodiscard]] bool stopping() const;
  /// Whether this process may write and set modes: false in the background.
  [[nodiscard]] bool foreground() const;

 private:
  TerminalGuard(Fd terminal, Fd reading);
  Fd terminal_;
  Fd reading_;
  std::string partial_;
};

}  // namespace keisei::dashboard
