#include "dashboard/terminal_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace keisei::dashboard {
namespace {

constexpr std::array<int, 10> kFatal = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL, SIGABRT,
                                        SIGQUIT, SIGTERM, SIGINT, SIGHUP, SIGXCPU};
constexpr int kLeaveWait_ms = 200;              // for a terminal that takes nothing at the moment
constexpr std::size_t kMaxPartialBytes = 4096;  // of a line without an end
constexpr std::size_t kReadBytes = 16384;
constexpr int kMaxReads = 4;  // per call: a flood of lines must not hold the picture

/// What the handlers need. Written before `held` becomes true, read after it was seen true.
struct Held {
  std::atomic<bool> held{false};
  std::atomic<bool> suspended{false};
  std::atomic<bool> stopping{false};  ///< from Ctrl-Z until the process goes on
  int terminal = -1;                  ///< for writing the last bytes
  int nothing = -1;                   ///< /dev/null
  std::atomic<int> drawing{-1};       ///< the descriptor that frames go to; points to nothing afterwards
  int reading = -1;                   ///< the pipe's end
  int stream[2] = {-1, -1};           ///< 1 and 2 as they were
  termios modes{};
  std::array<char, kMaxLeaveBytes> leave{};
  std::atomic<std::size_t> leave_bytes{0};
  std::array<bool, kFatal.size()> caught{};
  bool stop_caught = false;
};
Held g_held;  // NOLINT: signal handlers reach nothing else
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::size_t>::is_always_lock_free);

void write_out(int fd, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(fd, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
}

/// Nothing that another thread still draws may follow the last bytes.
void cut_drawing_off() {
  if (g_held.drawing >= 0 && g_held.nothing >= 0) (void)::dup2(g_held.nothing, g_held.drawing);
}

void leave_screen() {
  (void)::tcflow(g_held.terminal, TCOON);  // a terminal stopped by Ctrl-S would never take the bytes
  pollfd waiting{g_held.terminal, POLLOUT, 0};
  if (::poll(&waiting, 1, kLeaveWait_ms) > 0) write_out(g_held.terminal, g_held.leave.data(), g_held.leave_bytes);
  (void)::tcsetattr(g_held.terminal, TCSANOW, &g_held.modes);
}

void give_streams_back() {
  for (int i = 0; i < 2; ++i) {
    if (g_held.stream[i] >= 0) (void)::dup2(g_held.stream[i], i + 1);
  }
}

void show_the_unread() {
  std::array<char, 1024> block{};
  for (;;) {
    const ssize_t count = ::read(g_held.reading, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    write_out(g_held.terminal, block.data(), static_cast<std::size_t>(count));
  }
}

void on_fatal(int signal) {
  restore_terminal();
  (void)::signal(signal, SIG_DFL);
  (void)::raise(signal);  // SA_NODEFER: it takes effect here
}

/// Ctrl-Z: the terminal is given back, the process stops, and is told when it goes on.
void on_stop(int) {
  const int error = errno;
  g_held.stopping = true;
  if (g_held.held && !g_held.suspended.exchange(true)) {
    cut_drawing_off();
    leave_screen();
  }
  (void)::signal(SIGTSTP, SIG_DFL);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  (void)::pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);  // it takes effect here, not when this handler is over
  (void)::raise(SIGTSTP);
  struct sigaction again {};
  again.sa_handler = on_stop;
  again.sa_flags = SA_RESTART | SA_NODEFER;
  (void)::sigaction(SIGTSTP, &again, nullptr);
  g_held.stopping = false;
  errno = error;
}

void on_resize(int) {}  // the size is asked for at every frame; the library's own handler would interrupt system calls

/// Puts a handler where nobody has one; true when it did.
bool catch_default(int signal, void (*handler)(int)) {
  struct sigaction before {};
  if (::sigaction(signal, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return false;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  return ::sigaction(signal, &action, nullptr) == 0;
}

bool same_terminal(int a, int b) {
  struct stat one = {};
  struct stat other = {};
  return ::isatty(a) == 1 && ::isatty(b) == 1 && ::fstat(a, &one) == 0 && ::fstat(b, &other) == 0 &&
         one.st_rdev == other.st_rdev;
}

Fd duplicate(int fd) { return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

}  // namespace

void restore_terminal() noexcept {
  if (!g_held.held.exchange(false)) return;
  const int error = errno;
  cut_drawing_off();
  if (!g_held.suspended) leave_screen();
  give_streams_back();
  show_the_unread();
  errno = error;
}

Result<std::unique_ptr<TerminalGuard>> TerminalGuard::take(int fd) {
  const auto refuse = [](const std::string& what) {
    return fail(Code::kFailure, what + ": " + std::strerror(errno), "run it in a terminal, or with --plain");
  };
  if (g_held.held) return fail(Code::kFailure, "the terminal is taken already", "one full screen at a time");
  if (::tcgetattr(fd, &g_held.modes) != 0) return refuse("the terminal's modes cannot be read");
  Fd ours = duplicate(fd), terminal = duplicate(fd);
  Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  int ends[2] = {-1, -1};
  if (!ours || !terminal || !nothing || ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    return refuse("descriptors for the full screen are not to be had");
  }
  Fd reading(ends[0]);
  const Fd writing(ends[1]);
  static const int registered = std::atexit([] { restore_terminal(); });
  if (registered != 0) return refuse("the end of the program cannot be watched");

  g_held.drawing = -1;
  g_held.reading = reading.get();
  g_held.terminal = terminal.release();
  g_held.nothing = nothing.release();
  g_held.suspended = false;
  g_held.leave_bytes = 0;
  bool same[2];
  for (int i = 0; i < 2; ++i) same[i] = same_terminal(i + 1, ours.get());
  for (int i = 0; i < 2; ++i) g_held.stream[i] = same[i] ? duplicate(i + 1).release() : -1;
  g_held.held = true;
  for (std::size_t i = 0; i < kFatal.size(); ++i) g_held.caught[i] = catch_default(kFatal[i], on_fatal);
  g_held.stop_caught = catch_default(SIGTSTP, on_stop);
  (void)catch_default(SIGWINCH, on_resize);
  for (int i = 0; i < 2; ++i) {
    if (g_held.stream[i] >= 0) (void)::dup2(writing.get(), i + 1);
  }
  return std::unique_ptr<TerminalGuard>(new TerminalGuard(std::move(ours), std::move(reading)));
}

TerminalGuard::TerminalGuard(Fd terminal, Fd reading) : terminal_(std::move(terminal)), reading_(std::move(reading)) {}

TerminalGuard::~TerminalGuard() {
  restore_terminal();
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    if (std::exchange(g_held.caught[i], false)) (void)::signal(kFatal[i], SIG_DFL);
  }
  if (std::exchange(g_held.stop_caught, false)) (void)::signal(SIGTSTP, SIG_DFL);
  for (int* fd : {&g_held.terminal, &g_held.nothing, &g_held.stream[0], &g_held.stream[1]}) {
    Fd(std::exchange(*fd, -1)).reset();
  }
  g_held.drawing = -1;
  g_held.reading = -1;
}

void TerminalGuard::set_drawing(int fd) { g_held.drawing = fd; }

void TerminalGuard::set_leave_sequence(std::string_view bytes) {
  const std::size_t count = std::min(bytes.size(), kMaxLeaveBytes);
  std::copy_n(bytes.data(), count, g_held.leave.data());
  g_held.leave_bytes = count;
}

std::vector<std::string> TerminalGuard::lines() {
  std::vector<std::string> complete;
  std::array<char, kReadBytes> block;
  for (int reads = 0; reads < kMaxReads; ++reads) {
    const ssize_t count = ::read(reading_.get(), block.data(), block.size());
    if (count <= 0) break;
    partial_.append(block.data(), static_cast<std::size_t>(count));
    for (std::size_t end = 0; (end = partial_.find('\n')) != std::string::npos;) {
      complete.push_back(partial_.substr(0, end));
      partial_.erase(0, end + 1);
    }
    if (partial_.size() > kMaxPartialBytes) complete.push_back(std::exchange(partial_, {}));
  }
  return complete;
}

bool TerminalGuard::suspended() const { return g_held.suspended; }

bool TerminalGuard::stopping() const { return g_held.stopping; }

void TerminalGuard::resumed() {
  g_held.suspended = false;
  if (g_held.held && g_held.drawing >= 0) (void)::dup2(g_held.terminal, g_held.drawing);
}

bool TerminalGuard::foreground() const { return ::tcgetpgrp(terminal_.get()) == ::getpgrp(); }

}  // namespace keisei::dashboard
