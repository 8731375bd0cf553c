// `keisei __actor`: the worker that the proof of the safeguards supervises in place of an evaluation. It talks through
// guard::WorkerChannel as every worker does and behaves, or breaks one rule, as the words of its request say. It is the
// program itself, so that what is proved is what runs. Its other modes are what a misbehaving worker starts. Each
// process ends by itself after kLongestLife_s at the latest. Single-threaded where its request does not say otherwise.
#pragma once

namespace keisei::app::proof {

inline constexpr unsigned kLongestLife_s = 900;

/// `__actor [--own-session] --channel-fd=N [--plain]` is a worker; `__actor --host WORDS MARK` owns a supervisor with a
/// busy worker and prints that worker's process id; `--escape`, `--linger` and `--hog` are started by workers. The exit
/// code; 2 for other arguments.
[[nodiscard]] int run_actor(int argc, char** argv);

}  // namespace keisei::app::proof
