// The subcommands that need libtorch: each takes its parsed arguments, prints results to stdout and progress to stderr,
// and returns the process's exit code. Called once, from main.
#pragma once

#include "app/cli.h"
#include "app/play_command.h"

namespace keisei::app {

int run_train(const TrainArgs& args);
int run_evaluate(const EvaluateArgs& args);
int run_torch_match(const MatchArgs& args);
[[nodiscard]] PlayHost network_play_host();  ///< of usi and play: reads weights
int run_torch_bench(const BenchArgs& args);
int bench_impact(const BenchArgs& args);  ///< run_torch_bench of `impact`
int bench_step(const BenchArgs& args);    ///< run_torch_bench of `step`

}  // namespace keisei::app
