// keisei bench rules|playout: how fast the rules are here. Rules: perft of four positions, counted both ways (leaves
// from the length of the move list, and every leaf made and taken back). Playouts: games of uniformly random legal
// moves with exact repetition. One thread; medians over `runs`; nothing is judged.
#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "base/clock.h"
#include "base/random.h"
#include "shogi/perft.h"

namespace keisei::app {
namespace {

using Json = nlohmann::ordered_json;

struct Item {
  const char* name;
  std::string_view sfen;
  int depth;
};
// Opening, many captures and drops, a crowded hand, and a king in a tight spot.
constexpr std::array<Item, 4> kItems{{
    {"start", shogi::Position::kStartSfen, 5},
    {"matsuri", "l6nl/5+P1gk/2np1S3/p1p4Pp/3P2Sp1/1PPb2P1P/P5GS1/R8/LN4bKL w RGgsn5p 1", 3},
    {"middlegame", "6n1l/2+S1k4/2lp4p/1np1B2b1/3PP4/1N1S3rP/1P2+pPP+p1/1p1G5/3KG2r1 b GSN2L4Pgs2p 1", 3},
    {"endgame", "8l/1l+R2P3/p2pBG1pp/kps1p4/Nn1P2G2/P1P1P2PP/1PS6/1KSG3+r1/LN2+p3L w Sbgn3p 124", 3},
}};
constexpr int kPlayoutGames = 1000;
constexpr int kPlayoutMaxPlies = 512;
constexpr std::uint64_t kPlayoutSeed = 1;

struct Rates {
  std::vector<double> per_s;  ///< one a run
  std::uint64_t units = 0;    ///< of work in each run
  [[nodiscard]] double median() const {
    std::vector<double> sorted = per_s;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
};

/// Times one run of `work`, which returns its units.
template <class Work>
void run_once(Rates& rates, const Work& work) {
  const SystemClock clock;
  const double start_s = clock.monotonic_s();
  rates.units = work();
  rates.per_s.push_back(static_cast<double>(rates.units) / std::max(clock.monotonic_s() - start_s, 1e-9));
}

/// Plies of seeded games by uniformly random legal moves.
std::uint64_t play_out() {
  std::uint64_t plies = 0;
  shogi::Rules rules;
  rules.max_moves = kPlayoutMaxPlies;
  shogi::MoveList moves;
  for (int game = 0; game < kPlayoutGames; ++game) {
    Random random(kPlayoutSeed, Purpose::kBench, static_cast<std::uint64_t>(game));
    shogi::Position position = shogi::Position::start();
    for (position.legal_moves(moves); !position.outcome(rules, !moves.empty()); position.legal_moves(moves)) {
      position.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
      ++plies;
    }
  }
  return plies;
}

/// The keys that every measurement of one rate has.
Json head(const BenchArgs& args, const char* unit, const Rates& rates) {
  Json out;
  out["schema"] = "keisei.bench." + args.name + "/1";
  out[unit] = rates.median();
  out["runs"] = args.runs;
  out["rates"] = rates.per_s;
  out["units_per_run"] = rates.units;
  out["threads"] = 1;
  out["peer"] = nullptr;
  return out;
}

}  // namespace

int run_bench_rules(const BenchArgs& args) {
  std::array<Rates, kItems.size()> bulk;
  std::array<Rates, kItems.size()> made;
  for (int run = 0; run < args.runs; ++run) {
    for (std::size_t i = 0; i < kItems.size(); ++i) {
      const auto position = shogi::Position::from_sfen(kItems[i].sfen);
      if (!position) return report(position.error());
      run_once(bulk[i], [&] { return shogi::perft(*position, kItems[i].depth); });
      run_once(made[i], [&] { return shogi::perft_made(*position, kItems[i].depth); });
    }
  }
  Json out = head(args, "leaves_per_s", bulk[0]);
  out["positions"] = Json::array();
  for (std::size_t i = 0; i < kItems.size(); ++i) {
    out["positions"].push_back(Json{{"name", kItems[i].name},
                                    {"sfen", kItems[i].sfen},
                                    {"depth", kItems[i].depth},
                                    {"leaves", bulk[i].units},
                                    {"bulk_per_s", bulk[i].median()},
                                    {"bulk_rates", bulk[i].per_s},
                                    {"made_per_s", made[i].median()},
                                    {"made_rates", made[i].per_s}});
  }
  if (args.json) {
    std::printf("%s\n", out.dump().c_str());
    return 0;
  }
  std::printf("rules: million leaves per second on one thread (median of %d)\n", args.runs);
  std::printf("%-12s %5s %10s %10s %10s\n", "position", "depth", "leaves", "bulk", "made");
  for (const Json& row : out["positions"]) {
    std::printf("%-12s %5d %10llu %10.1f %10.1f\n", row["name"].get<std::string>().c_str(), row["depth"].get<int>(),
                row["leaves"].get<unsigned long long>(), row["bulk_per_s"].get<double>() * 1e-6,
                row["made_per_s"].get<double>() * 1e-6);
  }
  return 0;
}

int run_bench_playout(const BenchArgs& args) {
  Rates rates;
  for (int run = 0; run < args.runs; ++run) run_once(rates, play_out);
  Json out = head(args, "plies_per_s", rates);
  out["games"] = kPlayoutGames;
  out["max_plies"] = kPlayoutMaxPlies;
  out["mean_plies"] = static_cast<double>(rates.units) / kPlayoutGames;
  if (args.json) {
    std::printf("%s\n", out.dump().c_str());
  } else {
    std::printf("playout: %.0f plies_per_s on one thread (median of %d)\n", rates.median(), args.runs);
  }
  return 0;
}

}  // namespace keisei::app
