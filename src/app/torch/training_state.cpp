#include "app/torch/training_state.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/cli.h"
#include "app/torch/weights.h"
#include "config/load.h"
#include "evaluation/request.h"

namespace keisei::app {
namespace {
using nlohmann::json;

json stats_json(const selfplay::GameStats& s) {
  return {{"finished", s.finished}, {"black_wins", s.black_wins},     {"white_wins", s.white_wins},
          {"draws", s.draws},       {"truncated", s.truncated},       {"repetitions", s.repetitions},
          {"plies", s.plies},       {"league_games", s.league_games}, {"league_score", s.league_score}};
}

selfplay::GameStats stats_from(const json& j) {
  selfplay::GameStats s;
  s.finished = j.at("finished");
  s.black_wins = j.at("black_wins");
  s.white_wins = j.at("white_wins");
  s.draws = j.at("draws");
  s.truncated = j.at("truncated");
  s.repetitions = j.at("repetitions");
  s.plies = j.at("plies");
  s.league_games = j.at("league_games");
  s.league_score = j.at("league_score");
  return s;
}

std::string snapshot_name(std::int64_t id) { return "league." + std::to_string(id); }

Result<selfplay::ArenaOptions> arena_options(const config::Config& c) {
  auto rule = evaluation::parse_declaration_rule(c.env.declaration_rule);
  if (!rule) return tl::make_unexpected(rule.error());
  return selfplay::ArenaOptions{.seed = static_cast<std::uint64_t>(c.env.seed),
                                .games = c.selfplay.games,
                                .shards = c.training.shards,
                                .threads = plan_of(c).threads,
                                .opponent_fraction = c.selfplay.opponent_fraction,
                                .opening_plies = c.selfplay.opening_plies,
                                .mate_in_one = c.selfplay.mate_in_one,
                                .rules = {c.env.max_moves_per_game, *rule}};
}

/// Everything around a network.
Result<TrainingState> assemble(std::unique_ptr<net::Network> network, const config::Config& c) {
  auto options = arena_options(c);
  if (!options) return tl::make_unexpected(options.error());
  TrainingState state;
  state.network = std::move(network);
  state.learner = std::make_unique<learner::Ppo>(*state.network, c.training, static_cast<std::uint64_t>(c.env.seed),
                                                 plan_of(c).updates);
  state.arena = std::make_unique<selfplay::Arena>(*options);
  state.league = std::make_unique<selfplay::League>(c.selfplay.pool_size);
  return state;
}

}  // namespace

TrainingPlan plan_of(const config::Config& c) {
  TrainingPlan plan;
  plan.plies_per_update = c.training.steps_per_epoch / c.selfplay.games;
  plan.updates = std::max<std::int64_t>(1, c.training.total_timesteps / c.training.steps_per_epoch);
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  plan.threads = std::min(c.training.shards, c.training.threads > 0 ? c.training.threads : cores);
  return plan;
}

net::Architecture architecture_of(const config::Training& t) {
  const int se = static_cast<int>(std::lround(t.se_ratio * t.tower_width));
  return {t.tower_depth, t.tower_width, t.se_ratio > 0 ? std::max(1, se) : 0};
}

Result<TrainingState> fresh_state(const config::Config& c, const std::string& device) {
  const net::Architecture architecture = architecture_of(c.training);
  auto network = net::Network::create(
      architecture, net::initial_parameters(architecture, static_cast<std::uint64_t>(c.env.seed)), device);
  if (!network) return tl::make_unexpected(network.error());
  return assemble(std::move(*network), c);
}

store::TensorFile to_file(const TrainingState& state, const config::Config& c, const std::string& config_text) {
  store::TensorFile file;
  file.metadata["step"] = std::to_string(state.counters.timesteps);
  file.metadata["config"] = config_text;
  file.metadata["config_hash"] = config::hash(c);
  file.metadata["environment"] = compute_environment(c);
  add_network(file, state.network->architecture(), state.network->parameters());
  add_play_mode(file, {c.selfplay.mate_in_one});
  const learner::AdamState adam = state.learner->state();
  const auto n = static_cast<std::int64_t>(adam.mean.size());
  file.add_f32("adam.mean", {n}, adam.mean);
  file.add_f32("adam.variance", {n}, adam.variance);

  std::vector<selfplay::Opponent> snapshots = state.league->opponents();
  json league = json::array();
  for (const auto& o : snapshots) league.push_back({{"id", o.id}, {"games", o.games}, {"score", o.score}});
  for (const auto& o : state.arena->opponents_in_play())
    if (std::ranges::none_of(snapshots, [&](const auto& s) { return s.id == o.id; })) snapshots.push_back(o);
  json kept = json::array();
  for (const auto& o : snapshots) {
    kept.push_back(o.id);
    file.add_f32(snapshot_name(o.id), {n}, o.network->parameters());
  }
  file.add_text("training.state", json{{"updates", state.counters.updates},
                                       {"timesteps", state.counters.timesteps},
                                       {"adam_steps", adam.steps},
                                       {"games", stats_json(state.counters.games)},
                                       {"league", league},
                                       {"snapshots", kept}}
                                      .dump());
  file.add_text("selfplay.games", state.arena->state());
  return file;
}

Result<TrainingState> read_state(const store::TensorFile& file, const config::Config& c, const std::string& device) {
  auto network = read_network(file, device);
  if (!network) return tl::make_unexpected(network.error());
  const net::Architecture architecture = (*network)->architecture();
  if (architecture != architecture_of(c.training))
    return fail(Code::kBadData,
                file.source + ": its network has " + std::to_string(architecture.blocks) + " blocks x " +
                    std::to_string(architecture.channels) + " channels, the configuration asks for " +
                    std::to_string(c.training.tower_depth) + " x " + std::to_string(c.training.tower_width),
                "resume with the configuration that the run was started with");
  auto state = assemble(std::move(*network), c);
  if (!state) return state;
  const auto mean = file.f32("adam.mean");
  if (!mean) return tl::make_unexpected(mean.error());
  const auto variance = file.f32("adam.variance");
  if (!variance) return tl::make_unexpected(variance.error());
  const auto text = file.text("training.state");
  if (!text) return tl::make_unexpected(text.error());
  const auto games = file.text("selfplay.games");
  if (!games) return tl::make_unexpected(games.error());
  try {
    const json j = json::parse(*text);
    state->counters = {j.at("updates"), j.at("timesteps"), stats_from(j.at("games"))};
    const learner::AdamState adam{
        {mean->begin(), mean->end()}, {variance->begin(), variance->end()}, j.at("adam_steps")};
    if (auto restored = state->learner->restore(adam); !restored) return tl::make_unexpected(restored.error());
    std::vector<selfplay::Opponent> snapshots;
    for (const auto& id : j.at("snapshots")) {
      const auto parameters = file.f32(snapshot_name(id));
      if (!parameters) return tl::make_unexpected(parameters.error());
      auto snapshot = net::Network::create(architecture, {parameters->begin(), parameters->end()}, device);
      if (!snapshot) return tl::make_unexpected(snapshot.error());
      snapshots.push_back({id.get<std::int64_t>(), std::move(*snapshot), 0, 0.0});
    }
    std::vector<selfplay::Opponent> league;
    for (const auto& entry : j.at("league"))
      for (const auto& snapshot : snapshots)
        if (snapshot.id == entry.at("id").get<std::int64_t>())
          league.push_back({snapshot.id, snapshot.network, entry.at("games"), entry.at("score")});
    state->league->restore(std::move(league));
    if (auto restored = state->arena->restore(std::string(*games), snapshots); !restored)
      return fail(restored.error().code, file.source + ": section 'selfplay.games': " + restored.error().message,
                  restored.error().hint);
  } catch (const json::exception& e) {
    return fail(Code::kBadData, file.source + ": section 'training.state': " + e.what());
  }
  return state;
}

std::string compute_environment(const config::Config& c) {
  return version_text() + "; " + net::library_description() + "; shards " + std::to_string(c.training.shards);
}

}  // namespace keisei::app
