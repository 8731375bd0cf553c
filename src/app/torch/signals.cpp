#include "app/torch/signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace keisei::app {
namespace {

std::atomic<int> g_received{0};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

void on_signal(int signal) {
  int none = 0;
  if (g_received.compare_exchange_strong(none, signal)) return;
  constexpr char kShowCursor[] = "\x1b[?25h\n";
  if (::isatty(2) != 0) (void)!::write(2, kShowCursor, sizeof kShowCursor - 1);
  ::_exit(128 + signal);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

StopSignals::StopSignals() {
  g_received = 0;
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN);  // a file over its limit is an error of the write, like a full disk
}

StopSignals::~StopSignals() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
}

int StopSignals::received() const { return g_received.load(); }

}  // namespace keisei::app
