// keisei bench inference|learner|train|evaluate: how fast the network, the update, the whole loop and evaluation games
// are here, beside the machine's measured arithmetic peak. Medians over `runs`; nothing is judged.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "app/torch/commands.h"
#include "app/torch/training_state.h"
#include "base/clock.h"
#include "config/load.h"
#include "evaluation/game_loop.h"
#include "evaluation/plan.h"
#include "net/network_player.h"
#include "shogi/players.h"

namespace keisei::app {
namespace {
using nlohmann::ordered_json;

constexpr int kInferenceBatch = 64;
constexpr int kInferenceBatches = 20;
constexpr int kEvaluateGames = 20;
constexpr int kEvaluatePlies = 60;  ///< an untrained network does not end its games
constexpr const char* kPresets[] = {"tiny", "small", "base"};
constexpr std::size_t kTrainedPresets = 2;  ///< an update of the others takes minutes on two cores

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Units per second over `runs` repetitions of `work`, which returns its units; one repetition before is not counted.
template <class Work>
double rate_of(int runs, const Work& work) {
  const SystemClock clock;
  std::vector<double> rates;
  for (int run = -1; run < runs; ++run) {
    const double begin_s = clock.monotonic_s();
    const double units = work();
    if (run >= 0) rates.push_back(units / std::max(clock.monotonic_s() - begin_s, 1e-9));
  }
  return median(rates);
}

Result<config::Config> preset(const std::string& name) {
  config::Source source;
  source.preset = name;
  auto loaded = config::load(source);
  if (!loaded) return tl::make_unexpected(loaded.error());
  return loaded->config;
}

/// Multiplications and additions of one forward pass, border included.
double flops_of(const net::Architecture& a) {
  double flops = 0;
  for (const net::ParameterInfo& p : net::parameter_layout(a))
    flops += 2.0 * static_cast<double>(p.size) * (p.shape.size() == 4 ? shogi::kSquares : 1);
  return flops;
}

/// Positions of random games.
std::vector<net::Features> positions(std::size_t count) {
  std::vector<net::Features> features;
  shogi::MoveList legal;
  for (std::uint64_t game = 0; features.size() < count; ++game) {
    Random random(1, Purpose::kBench, game);
    shogi::Position position = shogi::Position::start();
    while (!position.outcome({.max_moves = 200, .declaration = shogi::DeclarationRule::kNone}) &&
           features.size() < count) {
      features.push_back(net::encode(position));
      position.legal_moves(legal);
      position.make(legal[random.below(static_cast<std::uint32_t>(legal.size()))]);
    }
  }
  return features;
}

Result<double> inference(const config::Config& c, int runs) {
  auto state = fresh_state(c, "cpu");
  if (!state) return tl::make_unexpected(state.error());
  const int threads = plan_of(c).threads;
  const auto batch = positions(kInferenceBatch);
  return rate_of(runs, [&] {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&] {
        net::set_compute_threads(1);
        std::vector<float> logits(batch.size() * net::kActions), values(batch.size());
        for (int i = 0; i < kInferenceBatches; ++i) state->network->evaluate(batch, logits, values, {});
      });
    workers.clear();
    return static_cast<double>(threads * kInferenceBatches * kInferenceBatch);
  });
}

/// Samples per second of the update (`whole` false) or plies per second of playing and learning (`whole` true).
Result<double> training(const config::Config& c, int runs, bool whole) {
  auto state = fresh_state(c, "cpu");
  if (!state) return tl::make_unexpected(state.error());
  const TrainingPlan plan = plan_of(c);
  selfplay::Rollout rollout;
  rollout.resize(plan.plies_per_update, c.selfplay.games, c.training.shards);
  state->arena->play(*state->network, *state->league, rollout);
  std::int64_t number = 0;
  std::optional<Error> error;
  const double rate = rate_of(runs, [&] {
    if (whole) state->arena->play(*state->network, *state->league, rollout);
    const auto stats = state->learner->update(rollout, number++, plan.threads);
    if (!stats) error = stats.error();
    return whole ? static_cast<double>(c.training.steps_per_epoch)
                 : static_cast<double>(c.training.steps_per_epoch) * c.training.ppo_epochs;
  });
  if (error) return tl::make_unexpected(*error);
  return rate;
}

/// Games per second of an untrained network against `random`, on one thread.
Result<double> evaluation_games(const config::Config& c, int runs) {
  auto state = fresh_state(c, "cpu");
  if (!state) return tl::make_unexpected(state.error());
  evaluation::Request request;
  request.agent = *evaluation::parse_player("live");
  request.opponent = *evaluation::parse_player("random");
  request.num_games = kEvaluateGames;
  request.rules.max_moves = kEvaluatePlies;
  const auto plan = evaluation::make_plan(request);
  if (!plan) return tl::make_unexpected(plan.error());
  net::NetworkPlayer agent(std::shared_ptr<const net::Evaluator>(std::move(state->network)), "net", net::PlayOptions{});
  auto opponent = shogi::make_builtin("random", request.rules);
  if (!opponent) return tl::make_unexpected(opponent.error());
  const SystemClock clock;
  return rate_of(runs, [&] {
    return static_cast<double>(
        evaluation::play_pairing(*plan, 0, agent, **opponent, {kEvaluateGames, 0}, clock).size());
  });
}

}  // namespace

int run_torch_bench(const BenchArgs& args) {
  net::set_compute_threads(1);
  const bool is_train = args.name == "train";
  const bool is_learner = args.name == "learner";
  const bool is_inference = args.name == "inference";
  if (!is_train && !is_learner && !is_inference && args.name != "evaluate")
    return report({Code::kUsage, "bench " + args.name + " is not in this build",
                   "rules, playout, inference, learner, train or evaluate"});
  const char* unit = is_train       ? "plies_per_s"
                     : is_learner   ? "samples_per_s"
                     : is_inference ? "positions_per_s"
                                    : "games_per_s";
  const double peak = net::measure_peak_gflops(static_cast<int>(std::thread::hardware_concurrency()), SystemClock());
  ordered_json rows = ordered_json::array();
  const std::span<const char* const> presets(kPresets);
  for (const char* name : is_train || is_learner ? presets.first(kTrainedPresets) : presets) {
    auto c = preset(name);
    if (!c) return report(c.error());
    auto rate = is_inference             ? inference(*c, args.runs)
                : is_train || is_learner ? training(*c, args.runs, is_train)
                                         : evaluation_games(*c, args.runs);
    if (!rate) return report(rate.error());
    const double flops = flops_of(architecture_of(c->training)) * (is_learner ? 3.0 : 1.0);
    ordered_json row = {{"preset", name}, {unit, *rate}};
    if (is_inference || is_learner) row["share_of_peak"] = *rate * flops * 1e-9 / peak;
    rows.push_back(row);
  }
  if (args.json) {
    const ordered_json out = {
        {"schema", "keisei.bench." + args.name + "/1"}, {"runs", args.runs}, {"peak_gflops", peak}, {"presets", rows}};
    std::printf("%s\n", out.dump().c_str());
    return 0;
  }
  for (const auto& row : rows)
    std::printf("%-8s %s %.1f\n", row["preset"].get<std::string>().c_str(), unit, row[unit].get<double>());
  std::printf("median of %d; the machine's matrix multiplication reaches %.0f GFLOP/s\n", args.runs, peak);
  return 0;
}

}  // namespace keisei::app
