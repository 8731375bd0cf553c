#include "evaluation/engine.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace keisei::evaluation {
namespace {

constexpr double kPollS = 0.05;

}  // namespace

Engine::Engine(EngineStart start, std::unique_ptr<guard::Caged> process)
    : kennel_(std::move(start.kennel)),
      process_(std::move(process)),
      times_(start.times),
      clock_(*start.clock),
      lines_(*process_, clock_, std::move(start.keep_going)) {}

Engine::~Engine() { quit(); }

Result<void> Engine::tell(const std::string& text) {
  lines_.begin_answer();
  return lines_.send(text, clock_.monotonic_s() + times_.handshake_s);
}

void Engine::kill() { process_->end(); }

void Engine::quit() {
  const auto gone_within = [&](double longest_s) {
    const double deadline_s = clock_.monotonic_s() + longest_s;
    while (!process_->ended()) {
      const double left_s = deadline_s - clock_.monotonic_s();
      if (left_s <= 0) return false;
      (void)lines_.pending();  // one that still writes must not block on a full pipe
      pollfd fd{process_->pidfd(), POLLIN, 0};
      (void)::poll(&fd, 1, static_cast<int>(std::ceil(std::min(left_s, kPollS) * 1000)));
    }
    return true;
  };
  lines_.begin_answer();
  if (!process_->ended() && lines_.send("quit\n", clock_.monotonic_s() + times_.quit_s)) {
    process_->close_input();
    if (!gone_within(times_.quit_s)) {
      process_->signal(SIGTERM);
      (void)gone_within(times_.terminate_s);
    }
  }
  process_->end();
}

}  // namespace keisei::evaluation
