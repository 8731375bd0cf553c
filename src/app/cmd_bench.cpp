// keisei bench: the fingerprint of the rules, and how fast they are here. Measurements of the network and of training
// belong to keisei-torch.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "base/clock.h"
#include "base/random.h"
#include "shogi/bench.h"
#include "shogi/perft.h"

namespace keisei::app {
namespace {

constexpr int kPerftDepth = 5;
constexpr int kPlayoutGames = 200;
constexpr int kPlayoutMaxPlies = 320;
constexpr std::uint64_t kPlayoutSeed = 1;

/// Units of work done, counted by one repetition.
using Work = std::uint64_t (*)();

std::uint64_t count_leaves() { return shogi::perft(shogi::Position::start(), kPerftDepth); }

/// Plies of seeded games by uniformly random legal moves.
std::uint64_t play_out() {
  std::uint64_t plies = 0;
  shogi::Rules rules;
  rules.max_moves = kPlayoutMaxPlies;
  for (int game = 0; game < kPlayoutGames; ++game) {
    Random random(kPlayoutSeed, Purpose::kBench, static_cast<std::uint64_t>(game));
    shogi::Position position = shogi::Position::start();
    while (!position.outcome(rules)) {
      shogi::MoveList moves;
      position.legal_moves(moves);
      position.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
      ++plies;
    }
  }
  return plies;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

int run_bench(const BenchArgs& args) {
  if (args.name.empty()) {
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
  if (args.name == "statistics") return run_bench_statistics(args);
  const bool rules = args.name == "rules";
  const Work work = rules ? count_leaves : play_out;
  const char* unit = rules ? "leaves_per_s" : "plies_per_s";
  const SystemClock clock;
  std::vector<double> rates;
  std::uint64_t units = 0;
  for (int run = 0; run < args.runs; ++run) {
    const double start = clock.monotonic_s();
    units = work();
    rates.push_back(static_cast<double>(units) / std::max(clock.monotonic_s() - start, 1e-9));
  }
  if (args.json) {
    nlohmann::ordered_json out;
    out["schema"] = "keisei.bench." + args.name + "/1";
    out[unit] = median(rates);
    out["runs"] = args.runs;
    out["rates"] = rates;
    out["units_per_run"] = units;
    out["threads"] = 1;
    out["peer"] = nullptr;
    std::cout << out.dump() << "\n";
  } else {
    std::cout << args.name << ": " << static_cast<std::uint64_t>(median(rates)) << " " << unit
              << " on one thread (median of " << args.runs << ")\n";
  }
  return 0;
}

}  // namespace keisei::app
