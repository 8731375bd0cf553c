#include "app/torch/network_thinker.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "net/network.h"

namespace keisei::app {
namespace {

constexpr std::size_t kUsualBatch = 16;
constexpr std::uint64_t kMateNodes = 3'000;  ///< before planning; some milliseconds
constexpr std::size_t kMateShare = 4;        ///< of the memory, a quarter is the mate solver's
constexpr std::size_t kEdgeBytes = 24;

std::size_t mebibytes(std::int64_t n) { return static_cast<std::size_t>(n) << 20; }

search::TreeOptions tree_options(const usi::EngineOptions& options, std::size_t batch) {
  search::TreeOptions tree;
  tree.batch = batch;
  tree.most_edges = mebibytes(options.hash_mib) / kMateShare * (kMateShare - 1) / kEdgeBytes;
  tree.declaration = options.declaration;
  return tree;
}

usi::ThoughtLine line_of(const search::TreeFound& found, std::size_t rank) {
  const search::RootMove& move = found.moves[rank];
  return {.rank = static_cast<int>(rank) + 1,
          .depth = std::max(1, found.depth),
          .nodes = found.simulations + 1,
          .known_nodes = found.reused,
          .value = move.value,
          .mate_plies = move.mate_plies,
          .moves = move.line};
}

}  // namespace

std::size_t fitting_batch(const net::Evaluator& evaluator, const Clock& clock) {
  std::vector<net::Features> features(kUsualBatch, net::encode(shogi::Position::start()));
  std::vector<float> logits(kUsualBatch * net::kActions);
  std::vector<float> values(kUsualBatch);
  std::size_t batch = kUsualBatch;
  const auto seconds_of = [&](std::size_t n) {
    const double begin_s = clock.monotonic_s();
    evaluator.evaluate(std::span(features).first(n), std::span(logits).first(n * net::kActions),
                       std::span(values).first(n), {});
    return clock.monotonic_s() - begin_s;
  };
  (void)seconds_of(kUsualBatch);  // the first call also prepares
  while (batch > 1 && seconds_of(batch) > kMostBatchS) batch /= 2;
  return batch;
}

NetworkThinker::NetworkThinker(std::shared_ptr<const net::Evaluator> evaluator, std::string description,
                               const usi::EngineOptions& options, std::size_t batch)
    : description_(std::move(description)),
      threads_(static_cast<int>(options.threads)),
      mates_(mebibytes(options.hash_mib) / kMateShare >> 20),
      tree_(std::move(evaluator), tree_options(options, batch)) {}

usi::Thought NetworkThinker::think(const usi::ThinkRequest& request, const usi::Allowance& allowance,
                                   const usi::TellThought& tell) {
  net::set_compute_threads(threads_);
  if (request.only.empty() && request.most_nodes > 1) {
    const shogi::MateFound mate =
        mates_.search(request.position, {.most_nodes = kMateNodes, .stop = [&] { return allowance.over(); }});
    if (mate.verdict == shogi::TsumeVerdict::kMate) {
      const int plies = static_cast<int>(mate.line.size());
      tell({.rank = 1, .depth = plies, .nodes = mate.nodes, .value = 1, .mate_plies = plies, .moves = mate.line});
      return {.move = mate.line[0], .reply = plies > 1 ? mate.line[1] : shogi::Move(), .value = 1};
    }
  }
  int depth = 0;
  const auto tell_all = [&](const search::TreeFound& found) {
    depth = found.depth;
    const std::size_t lines = std::min(found.moves.size(), static_cast<std::size_t>(std::max(1, request.lines)));
    for (std::size_t rank = 0; rank < lines; ++rank) tell(line_of(found, rank));
  };
  search::TreeLimits limits;
  limits.most_simulations = request.most_nodes - 1;  // the root is the first node
  limits.only = request.only;
  limits.draw_value = request.draw_value;
  limits.reuse = true;
  limits.stop = [&] { return allowance.enough() || depth >= request.most_depth; };
  limits.progress = tell_all;
  const search::TreeFound found = tree_.search(request.position, limits);
  if (found.moves.empty()) return {.value = -1};
  tell_all(found);
  const search::RootMove& best = found.moves.front();
  return {.move = best.move, .reply = best.line.size() > 1 ? best.line[1] : shogi::Move(), .value = found.value};
}

}  // namespace keisei::app
