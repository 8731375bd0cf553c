// keisei bench step: what one step of self-play costs apart from the network, one thread: make the move, ask for the
// end of the game, list all legal moves, and write their action indices and the planes of the position into a batch of
// 64 games. Moves are drawn uniformly; a game that ends starts again.
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

constexpr std::size_t kGames = 64;
constexpr int kRounds = 10'000;  ///< steps of each game in a run
constexpr int kMaxPlies = 512;
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kRow = static_cast<std::size_t>(shogi::kSquares) * net::kPlanes;

/// Games side by side and the batch that they write.
struct Batch {
  std::vector<shogi::Position> games = std::vector<shogi::Position>(kGames);
  std::vector<shogi::MoveList> moves = std::vector<shogi::MoveList>(kGames);
  std::vector<float> planes = std::vector<float>(kGames * kRow);
  std::vector<net::Action> actions = std::vector<net::Action>(kGames * shogi::MoveList::kCapacity);
};

void write_row(Batch& batch, std::size_t game) {
  const shogi::Position& position = batch.games[game];
  net::write_planes(net::encode(position), std::span<float, kRow>(batch.planes.data() + game * kRow, kRow));
  net::Action* out = batch.actions.data() + game * shogi::MoveList::kCapacity;
  for (const shogi::Move m : batch.moves[game]) *out++ = net::action_of(m, position.side());
}

/// Steps made.
std::uint64_t step_games(Batch& batch) {
  const shogi::Rules rules{.max_moves = kMaxPlies};
  for (std::size_t game = 0; game < kGames; ++game) {
    batch.games[game] = shogi::Position::start();
    batch.games[game].legal_moves(batch.moves[game]);
  }
  Random random(kSeed, Purpose::kBench);
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t game = 0; game < kGames; ++game) {
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
  return kGames * kRounds;
}

}  // namespace

int bench_step(const BenchArgs& args) {
  const SystemClock clock;
  Batch batch;
  std::vector<double> rates;
  for (int run = 0; run < args.runs; ++run) {
    const double start_s = clock.monotonic_s();
    const auto steps = static_cast<double>(step_games(batch));
    rates.push_back(steps / std::max(clock.monotonic_s() - start_s, 1e-9));
  }
  std::vector<double> sorted = rates;
  std::ranges::sort(sorted);
  const double median = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
  if (args.json) {
    nlohmann::ordered_json out{
        {"schema", "keisei.bench.step/1"},   {"steps_per_s", median}, {"runs", args.runs}, {"rates", rates},
        {"units_per_run", kGames * kRounds}, {"games", kGames},       {"threads", 1},      {"peer", nullptr}};
    std::printf("%s\n", out.dump().c_str());
  } else {
    std::printf("step: %.0f steps_per_s on one thread (median of %d)\n", median, args.runs);
  }
  return 0;
}

}  // namespace keisei::app
