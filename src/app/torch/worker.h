// The evaluation worker: a process of its own that is given requests and sealed weights, plays the games, and sends one
// record a frame as each game ends. It knows no file and no run.
#pragma once

namespace keisei::app {

/// `keisei-torch __worker …`, started by the supervisor only.
int run_worker(int argc, const char* const* argv);

}  // namespace keisei::app
