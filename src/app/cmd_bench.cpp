// keisei bench: the fingerprint of the rules, and how fast they are here (cmd_bench_rules.cpp). Measurements of the
// network and of training belong to keisei-torch.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "shogi/bench.h"

namespace keisei::app {

int run_bench(const BenchArgs& args) {
  if (args.name == "rules") return run_bench_rules(args);
  if (args.name == "playout") return run_bench_playout(args);
  if (args.name == "statistics") return run_bench_statistics(args);
  if (args.name == "dashboard") return run_bench_dashboard(args);
  const std::uint64_t number = shogi::bench();
  if (args.json) {
    nlohmann::ordered_json out;
    out["schema"] = "keisei.bench/1";
    out["bench"] = number;
    std::cout << out.dump() << "\n";
  } else {
    std::cout << number << "\n";
  }
  return 0;
}

}  // namespace keisei::app
