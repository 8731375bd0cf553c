// Everything that training continues from, as one tensor file: network, optimiser, running games with their history,
// league snapshots, counters. All random streams are keyed by counters that are in here, so a resumed run is the
// unbroken one, bit for bit, on the same build, CPU level and number of shards.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/options.h"
#include "learner/ppo.h"
#include "net/network.h"
#include "selfplay/arena.h"
#include "store/tensor_file.h"

namespace keisei::app {

struct Counters {
  std::int64_t updates = 0;
  std::int64_t timesteps = 0;
  selfplay::GameStats games;  ///< of the whole run
};

/// The parts of a training that change while it runs.
struct TrainingState {
  std::unique_ptr<net::Network> network;
  std::unique_ptr<learner::Ppo> learner;
  std::unique_ptr<selfplay::Arena> arena;
  std::unique_ptr<selfplay::League> league;
  Counters counters;
};

/// Plies of one update, games of the arena and updates in all, as the configuration says.
struct TrainingPlan {
  int plies_per_update = 0;  ///< of each game
  std::int64_t updates = 0;
  int threads = 1;
};
[[nodiscard]] TrainingPlan plan_of(const config::Config& config);

[[nodiscard]] net::Architecture architecture_of(const config::Training& training);

/// A fresh start from the seed.
[[nodiscard]] Result<TrainingState> fresh_state(const config::Config& config, const std::string& device);

/// The state that a checkpoint holds; kBadData names what is missing or does not fit.
[[nodiscard]] Result<TrainingState> read_state(const store::TensorFile& file, const config::Config& config,
                                               const std::string& device);

/// `config_text` is the resolved configuration.
[[nodiscard]] store::TensorFile to_file(const TrainingState& state, const config::Config& config,
                                        const std::string& config_text);

/// What results depend on besides seed and configuration: program, libtorch, CPU level, shards.
[[nodiscard]] std::string compute_environment(const config::Config& config);

}  // namespace keisei::app
