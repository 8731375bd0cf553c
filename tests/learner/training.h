// A small training, for tests that need rollouts and updates of the real thing.
#pragma once

#include <memory>

#include "learner/ppo.h"
#include "selfplay/arena.h"

namespace keisei::learner {

struct SmallTraining {
  config::Training options;
  selfplay::ArenaOptions arena_options;
  std::unique_ptr<net::Network> network;
  std::unique_ptr<Ppo> ppo;
  std::unique_ptr<selfplay::Arena> arena;
  selfplay::League league{2};
  selfplay::Rollout rollout;

  explicit SmallTraining(int updates = 4, int shards = 2) {
    options.learning_rate = 1e-3;
    options.ppo_epochs = 2;
    options.minibatch_size = 64;
    options.steps_per_epoch = 256;
    options.material_coef = 0.03;
    options.material_coef_final = 0.01;
    options.shards = shards;
    arena_options.seed = 7;
    arena_options.games = 16;
    arena_options.shards = shards;
    arena_options.threads = shards;
    arena_options.opponent_fraction = 0.5;
    arena_options.opening_plies = 4;
    arena_options.mate_in_one = true;
    arena_options.rules = {.max_moves = 40, .declaration = shogi::DeclarationRule::k27};
    const net::Architecture a{1, 8, 0};
    network = *net::Network::create(a, net::initial_parameters(a, 7));
    ppo = std::make_unique<Ppo>(*network, options, 7, updates);
    arena = std::make_unique<selfplay::Arena>(arena_options);
    rollout.resize(16, 16, shards);
  }

  Result<UpdateStats> step(std::int64_t number, int threads = 2) {
    arena->play(*network, league, rollout);
    auto stats = ppo->update(rollout, number, threads);
    league.add((number + 1) * 256, *net::Network::create(network->architecture(), network->parameters()));
    return stats;
  }
};

}  // namespace keisei::learner
