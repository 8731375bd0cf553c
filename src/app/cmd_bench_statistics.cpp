// keisei bench statistics: how often the sequential statistics err, by simulated matches of known strength. A match is
// looked at after each pair, so what is counted holds for every way to stop.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "evaluation/simulation.h"

namespace keisei::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<double, 5> kStrengthsElo{0, 20, 50, 100, 200};
constexpr std::array<double, 5> kDraws{0.05, 0.15, 0.3, 0.5, 0.05};  ///< between equals, one for each strength
constexpr double kOpeningElo = 60;
constexpr int kCoveragePairs = 1000;
constexpr int kSprtPairs = 200'000;  ///< beyond what any of the matches takes
constexpr std::uint64_t kSeed = 1;
constexpr double kCoverageNeeded = 0.945;

struct Hypotheses {
  double elo0;
  double elo1;
};
constexpr std::array<Hypotheses, 3> kHypotheses{{{0, 20}, {-10, 30}, {0, 60}}};

void add_coverage(Json& out, int matches, bool& good) {
  out["coverage"] = Json::array();
  for (std::size_t i = 0; i < kStrengthsElo.size(); ++i) {
    const auto odds = evaluation::pair_odds(kStrengthsElo[i], kDraws[i], kOpeningElo);
    const auto coverage = evaluation::simulate_coverage(odds, matches, kCoveragePairs, kSeed + i);
    out["coverage"].push_back(Json{{"elo", kStrengthsElo[i]},
                                   {"draws", kDraws[i]},
                                   {"score", evaluation::mean_score(odds)},
                                   {"matches", coverage.matches},
                                   {"missed", coverage.missed},
                                   {"coverage", coverage.share()}});
    good = good && coverage.share() >= kCoverageNeeded;
  }
}

void add_sprt(Json& out, int matches, bool& good) {
  out["sprt"] = Json::array();
  for (const Hypotheses& h : kHypotheses) {
    const evaluation::SprtOptions options{.elo0 = h.elo0, .elo1 = h.elo1, .alpha = 0.05, .beta = 0.05};
    for (const bool h1 : {false, true}) {
      const auto odds = evaluation::odds_of_normalised(h1 ? h.elo1 : h.elo0, kDraws[2], kOpeningElo);
      const auto runs = evaluation::simulate_sprt(odds, options, matches, kSprtPairs, kSeed);
      const int wrong = h1 ? runs.accepted_h0 : runs.accepted_h1;
      const double rate = static_cast<double>(wrong) / runs.matches;
      out["sprt"].push_back(Json{{"elo0", h.elo0},
                                 {"elo1", h.elo1},
                                 {"true_elo", h1 ? h.elo1 : h.elo0},
                                 {"matches", runs.matches},
                                 {"wrong", wrong},
                                 {"undecided", runs.undecided},
                                 {"error_rate", rate},
                                 {"allowed", h1 ? options.beta : options.alpha},
                                 {"mean_pairs", runs.mean_pairs}});
      good = good && rate <= (h1 ? options.beta : options.alpha);
    }
  }
}

void print_text(const Json& out) {
  std::printf("anytime 95 %% interval, looked at after each of %d pairs\n", kCoveragePairs);
  std::printf("%8s %7s %7s %9s %8s %10s\n", "Elo", "draws", "score", "matches", "missed", "coverage");
  for (const Json& row : out["coverage"]) {
    std::printf("%8.0f %7.2f %7.4f %9d %8d %9.2f%%\n", row["elo"].get<double>(), row["draws"].get<double>(),
                row["score"].get<double>(), row["matches"].get<int>(), row["missed"].get<int>(),
                100 * row["coverage"].get<double>());
  }
  std::printf("SPRT on normalised Elo\n");
  std::printf("%8s %8s %8s %9s %8s %9s %9s %11s\n", "elo0", "elo1", "true", "matches", "wrong", "rate", "allowed",
              "mean pairs");
  for (const Json& row : out["sprt"]) {
    std::printf("%8.0f %8.0f %8.0f %9d %8d %8.2f%% %8.2f%% %11.0f\n", row["elo0"].get<double>(),
                row["elo1"].get<double>(), row["true_elo"].get<double>(), row["matches"].get<int>(),
                row["wrong"].get<int>(), 100 * row["error_rate"].get<double>(), 100 * row["allowed"].get<double>(),
                row["mean_pairs"].get<double>());
  }
}

}  // namespace

int run_bench_statistics(const BenchArgs& args) {
  Json out;
  out["schema"] = "keisei.bench.statistics/1";
  out["runs"] = args.runs;
  bool good = true;
  add_coverage(out, args.runs, good);
  add_sprt(out, args.runs, good);
  out["pass"] = good;
  if (args.json) {
    std::printf("%s\n", out.dump().c_str());
  } else {
    print_text(out);
  }
  return good ? 0 : static_cast<int>(Code::kGate);
}

}  // namespace keisei::app
