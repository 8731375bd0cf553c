// keisei bench step: what one step of self-play costs apart from the network, one thread: make the move, ask for the
// end of the game, list all legal moves, and write their action indices and the planes of the position into a batch,
// of few games and of many. Moves are drawn uniformly; a game that ends starts again.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/torch/commands.h"
#include "base/clock.h"
#include "base/random.h"
#include "net/actions.h"
#include "net/planes.h"

namespace keisei::app {
namespace {

constexpr std::size_t kBatches[] = {16, 64};  ///< games side by side: 0.2 MB of planes, and 1 MB
constexpr std::size_t kSteps = 640'000;       ///< of all games together in a run
constexpr int kMaxPlies = 512;
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kRow = static_cast<std::size_t>(shogi::kSquares) * net::kPlanes;

/// Games side by side and the batch that they write.
struct Batch {
  explicit Batch(std::size_t count)
      : games(count), moves(count), planes(count * kRow), actions(count * shogi::MoveList::kCapacity) {}

  std::vector<shogi::Position> games;
  std::vector<shogi::MoveList> moves;
  std::vector<float> planes;
  std::vector<net::Action> actions;
};

void write_row(Batch& batch, std::size_t game) {
  const shogi::Position& position = batch.games[game];
  net::write_planes(net::encode(position), std::span<float, kRow>(batch.planes.data() + game * kRow, kRow));
  const shogi::MoveList& moves = batch.moves[game];
  net::write_actions({moves.begin(), moves.end()}, position.side(),
                     batch.actions.data() + game * shogi::MoveList::kCapacity);
}

/// Makes kSteps steps.
void step_games(Batch& batch) {
  const shogi::Rules rules{.max_moves = kMaxPlies};
  for (std::size_t game = 0; game < batch.games.size(); ++game) {
    batch.games[game] = shogi::Position::start();
    batch.games[game].legal_moves(batch.moves[game]);
  }
  Random random(kSeed, Purpose::kBench);
  for (std::size_t round = 0; round < kSteps / batch.games.size(); ++round) {
    for (std::size_t game = 0; game < batch.games.size(); ++game) {
      shogi::Position& position = batch.games[game];
      shogi::MoveList& moves = batch.moves[game];
      position.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
      position.legal_moves(moves);
      if (position.outcome(rules, !moves.empty())) {
        position = shogi::Position::start();
        position.legal_moves(moves);
      }
      write_row(batch, game);
    }
  }
}

}  // namespace

int bench_step(const BenchArgs& args) {
  const SystemClock clock;
  std::vector<Batch> batches(std::begin(kBatches), std::end(kBatches));
  std::vector<std::vector<double>> rates(batches.size());
  for (int run = 0; run < args.runs; ++run) {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const double start_s = clock.monotonic_s();
      step_games(batches[i]);
      rates[i].push_back(static_cast<double>(kSteps) / std::max(clock.monotonic_s() - start_s, 1e-9));
    }
  }
  nlohmann::ordered_json out{{"schema", "keisei.bench.step/2"},
                             {"runs", args.runs},
                             {"units_per_run", kSteps},
                             {"threads", 1},
                             {"peer", nullptr},
                             {"batches", nullptr}};
  for (std::size_t i = 0; i < batches.size(); ++i) {
    std::vector<double> sorted = rates[i];
    std::ranges::sort(sorted);
    const double median = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
    out["batches"].push_back({{"games", kBatches[i]}, {"steps_per_s", median}, {"rates", rates[i]}});
    if (!args.json)
      std::printf("step, %zu games: %.0f steps_per_s on one thread (median of %d)\n", kBatches[i], median, args.runs);
  }
  if (args.json) std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace keisei::app
