// The subcommands that need libtorch. Each returns the process's exit code.
#pragma once

#include "app/cli.h"

namespace keisei::app {

int run_train(const TrainArgs& args);
int run_evaluate(const EvaluateArgs& args);
int run_torch_bench(const BenchArgs& args);

}  // namespace keisei::app
