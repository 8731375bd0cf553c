#include "app/torch/signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "dashboard/terminal_guard.h"

namespace keisei::app {
namespace {

std::atomic<int> g_received{0};
std::atomic<int> g_reload{0};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

void on_signal(int signal) {
  int none = 0;
  if (g_received.compare_exchange_strong(none, signal)) return;
  dashboard::restore_terminal();
  ::_exit(128 + signal);
}

void on_hangup(int) { g_reload = 1; }

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

ReloadSignal::ReloadSignal() {
  g_reload = 0;
  handle(SIGHUP, on_hangup);
}

ReloadSignal::~ReloadSignal() { handle(SIGHUP, SIG_DFL); }

bool ReloadSignal::take() const { return g_reload.exchange(0) != 0; }

}  // namespace keisei::app
