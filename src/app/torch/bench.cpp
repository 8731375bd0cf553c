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
constexpr int kEvaluateGames = 400;
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

/// How fast evaluation games are on one thread beside what the network alone would allow.
struct GamesRate {
  double games_per_s = 0;      ///< of the network against itself, policy only
  double positions_per_s = 0;  ///< answered in these games
  double forward_per_s = 0;    ///< of the bare forward pass, in batches of as many positions as games run side by side
  double random_20_s = 0;      ///< for 20 games against `random`
};

Result<GamesRate> evaluation_games(const config::Config& c, int runs) {
  auto state = fresh_state(c, "cpu");
  if (!state) return tl::make_unexpected(state.error());
  evaluation::Request request;
  request.agent = *evaluation::parse_player("live");
  request.opponent = request.agent;
  request.num_games = kEvaluateGames;
  request.rules.max_moves = kEvaluatePlies;
  const auto plan = evaluation::make_plan(request);
  if (!plan) return tl::make_unexpected(plan.error());
  request.opponent = *evaluation::parse_player("random");
  request.num_games = 20;
  const auto against_random = evaluation::make_plan(request);
  if (!against_random) return tl::make_unexpected(against_random.error());
  const std::shared_ptr<const net::Evaluator> network = std::move(state->network);
  net::NetworkPlayer agent(network, "net", net::PlayOptions{});
  auto opponent = shogi::make_builtin("random", request.rules);
  if (!opponent) return tl::make_unexpected(opponent.error());
  const SystemClock clock;
  const int side_by_side = request.max_concurrent_games;
  std::int64_t plies = 0;
  const auto play = [&] {
    plies = 0;
    for (const auto& record : evaluation::play_pairing(*plan, 0, agent, agent, {side_by_side, 0}, clock))
      plies += record.plies();
    return static_cast<double>(kEvaluateGames);
  };
  const auto batch = positions(static_cast<std::size_t>(side_by_side));
  std::vector<float> logits(batch.size() * net::kActions), values(batch.size());
  const auto forward = [&] {
    for (int i = 0; i < kInferenceBatches; ++i) network->evaluate(batch, logits, values, {});
    return static_cast<double>(kInferenceBatches * side_by_side);
  };
  GamesRate rate;
  std::vector<double> games, forwards;  // taken in turns: a busy machine disturbs both alike
  for (int run = 0; run < runs; ++run) {
    forwards.push_back(rate_of(1, forward));
    games.push_back(rate_of(1, play));
  }
  rate.games_per_s = median(games);
  rate.positions_per_s = rate.games_per_s * static_cast<double>(plies) / kEvaluateGames;
  rate.forward_per_s = median(forwards);
  rate.random_20_s = 1.0 / rate_of(runs, [&] {
                       (void)evaluation::play_pairing(*against_random, 0, agent, **opponent, {20, 0}, clock);
                       return 1.0;
                     });
  return rate;
}

int bench_evaluate(const BenchArgs& args) {
  ordered_json rows = ordered_json::array();
  for (const char* name : std::span<const char* const>(kPresets).first(kTrainedPresets)) {
    auto c = preset(name);
    if (!c) return report(c.error());
    auto rate = evaluation_games(*c, args.runs);
    if (!rate) return report(rate.error());
    rows.push_back({{"preset", name},
                    {"games_per_s", rate->games_per_s},
                    {"positions_per_s", rate->positions_per_s},
                    {"forward_positions_per_s", rate->forward_per_s},
                    {"share_of_forward", rate->positions_per_s / rate->forward_per_s},
                    {"random_20_games_s", rate->random_20_s}});
  }
  if (args.json) {
    std::printf("%s\n", ordered_json{{"schema", "keisei.bench.evaluate/1"},
                                     {"runs", args.runs},
                                     {"games", kEvaluateGames},
                                     {"max_plies", kEvaluatePlies},
                                     {"threads", 1},
                                     {"presets", rows}}
                            .dump()
                            .c_str());
    return 0;
  }
  std::printf("%-8s %10s %14s %14s %8s %18s\n", "preset", "games/s", "positions/s", "forward/s", "share",
              "20 x random, s");
  for (const auto& row : rows)
    std::printf("%-8s %10.1f %14.0f %14.0f %8.2f %18.2f\n", row["preset"].get<std::string>().c_str(),
                row["games_per_s"].get<double>(), row["positions_per_s"].get<double>(),
                row["forward_positions_per_s"].get<double>(), row["share_of_forward"].get<double>(),
                row["random_20_games_s"].get<double>());
  std::printf("median of %d; %d games of at most %d plies of an untrained network against itself, one thread\n",
              args.runs, kEvaluateGames, kEvaluatePlies);
  return 0;
}

}  // namespace

int run_torch_bench(const BenchArgs& args) {
  net::set_compute_threads(1);
  if (args.name == "evaluate") return bench_evaluate(args);
  if (args.name == "impact") return bench_impact(args);
  if (args.name == "step") return bench_step(args);
  const bool is_train = args.name == "train";
  const bool is_learner = args.name == "learner";
  const bool is_inference = args.name == "inference";
  if (!is_train && !is_learner && !is_inference)
    return report({Code::kUsage, "bench " + args.name + " is not in this build",
                   "rules, playout, step, inference, learner, train, evaluate or impact"});
  const char* unit = is_train ? "plies_per_s" : is_learner ? "samples_per_s" : "positions_per_s";
  const double peak = net::measure_peak_gflops(static_cast<int>(std::thread::hardware_concurrency()), SystemClock());
  ordered_json rows = ordered_json::array();
  const std::span<const char* const> presets(kPresets);
  for (const char* name : is_train || is_learner ? presets.first(kTrainedPresets) : presets) {
    auto c = preset(name);
    if (!c) return report(c.error());
    auto rate = is_inference ? inference(*c, args.runs) : training(*c, args.runs, is_train);
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
