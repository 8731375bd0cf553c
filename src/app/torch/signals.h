// SIGINT and SIGTERM as a request: the first asks the session to finish its update, save and leave (exit code 130 or
// 143); the second ends the process at once. SIGHUP asks it to read its configuration again. The only global state of
// the program, because signals are global.
#pragma once

namespace keisei::app {

/// Installs the handlers for the life of the object.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// The signal that asked to stop, or 0.
  [[nodiscard]] int received() const;
};

/// Takes SIGHUP as a request for the life of the object; without one it ends the process.
class ReloadSignal {
 public:
  ReloadSignal();
  ~ReloadSignal();
  ReloadSignal(const ReloadSignal&) = delete;
  ReloadSignal& operator=(const ReloadSignal&) = delete;

  /// True once after each SIGHUP (or several at once).
  [[nodiscard]] bool take() const;
};

}  // namespace keisei::app
