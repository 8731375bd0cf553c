// The evaluation worker: a process of its own that is given requests and sealed weights, plays the games, and sends one
// record a frame as each game ends. It knows no file and no run.
#pragma once

#include <string_view>

namespace keisei::app {

/// An argument of the worker: threads that answer a batch of positions, 1 where it is not given.
inline constexpr std::string_view kWorkerThreads = "--threads=";

/// `keisei-torch __worker …`, started by the supervisor only.
int run_worker(int argc, const char* const* argv);

}  // namespace keisei::app
