#include "config/presets.h"

#include <array>

namespace keisei::config {
namespace {

constexpr std::string_view kTiny =
    R"yaml(# tiny: 2 blocks x 32 channels. For two cores and some minutes; what `keisei train` alone uses.
training:
  total_timesteps: 589824
  steps_per_epoch: 8192
  ppo_epochs: 3
  minibatch_size: 1024
  learning_rate: 0.001
  lr_schedule_type: linear
  lr_schedule_final_fraction: 0.1
  gamma: 0.998
  lambda_gae: 0.95
  clip_epsilon: 0.2
  entropy_coef: 0.01
  tower_depth: 2
  tower_width: 32
  se_ratio: 0
  material_coef: 0.03
  material_coef_final: 0.01
  checkpoint_interval_timesteps: 73728
env:
  max_moves_per_game: 320
selfplay:
  games: 128
  opening_plies: 8
  mate_in_one: true
evaluation:
  evaluation_interval_timesteps: 73728
  num_games: 40
)yaml";

constexpr std::string_view kSmall =
    R"yaml(# small: 4 blocks x 64 channels. Some hours on a few cores.
training:
  total_timesteps: 10000000
  steps_per_epoch: 8192
  ppo_epochs: 3
  minibatch_size: 1024
  learning_rate: 0.001
  lr_schedule_type: linear
  lr_schedule_final_fraction: 0.1
  gamma: 0.998
  lambda_gae: 0.95
  clip_epsilon: 0.2
  entropy_coef: 0.01
  tower_depth: 4
  tower_width: 64
  se_ratio: 0
  material_coef: 0.03
  material_coef_final: 0.01
  checkpoint_interval_timesteps: 1000000
env:
  max_moves_per_game: 320
selfplay:
  games: 128
  opening_plies: 8
  mate_in_one: true
evaluation:
  evaluation_interval_timesteps: 1000000
  num_games: 40
)yaml";

constexpr std::string_view kBase =
    R"yaml(# base: 6 blocks x 96 channels. A day and more on a many-core machine.
training:
  total_timesteps: 40000000
  steps_per_epoch: 16384
  ppo_epochs: 3
  minibatch_size: 1024
  learning_rate: 0.0007
  lr_schedule_type: linear
  lr_schedule_final_fraction: 0.1
  gamma: 0.998
  lambda_gae: 0.95
  clip_epsilon: 0.2
  entropy_coef: 0.01
  tower_depth: 6
  tower_width: 96
  se_ratio: 0
  material_coef: 0.03
  material_coef_final: 0.01
  checkpoint_interval_timesteps: 2000000
env:
  max_moves_per_game: 320
selfplay:
  games: 256
  opening_plies: 8
  mate_in_one: true
evaluation:
  evaluation_interval_timesteps: 2000000
  num_games: 100
)yaml";

constexpr std::string_view kLarge =
    R"yaml(# large: 10 blocks x 128 channels. Many cores or a GPU.
training:
  total_timesteps: 100000000
  steps_per_epoch: 16384
  ppo_epochs: 3
  minibatch_size: 1024
  learning_rate: 0.0005
  lr_schedule_type: linear
  lr_schedule_final_fraction: 0.1
  gamma: 0.998
  lambda_gae: 0.95
  clip_epsilon: 0.2
  entropy_coef: 0.01
  tower_depth: 10
  tower_width: 128
  se_ratio: 0
  material_coef: 0.03
  material_coef_final: 0.01
  checkpoint_interval_timesteps: 5000000
env:
  max_moves_per_game: 320
selfplay:
  games: 256
  opening_plies: 8
  mate_in_one: true
evaluation:
  evaluation_interval_timesteps: 5000000
  num_games: 100
)yaml";

constexpr std::string_view kXlarge =
    R"yaml(# xlarge: 20 blocks x 256 channels. For a GPU.
training:
  total_timesteps: 300000000
  steps_per_epoch: 32768
  ppo_epochs: 3
  minibatch_size: 2048
  learning_rate: 0.0003
  lr_schedule_type: linear
  lr_schedule_final_fraction: 0.1
  gamma: 0.998
  lambda_gae: 0.95
  clip_epsilon: 0.2
  entropy_coef: 0.01
  tower_depth: 20
  tower_width: 256
  se_ratio: 0
  material_coef: 0.03
  material_coef_final: 0.01
  checkpoint_interval_timesteps: 10000000
env:
  max_moves_per_game: 320
selfplay:
  games: 512
  opening_plies: 8
  mate_in_one: true
evaluation:
  evaluation_interval_timesteps: 10000000
  num_games: 200
)yaml";

constexpr std::array<Preset, 5> kPresets = {{
    {"tiny", kTiny},
    {"small", kSmall},
    {"base", kBase},
    {"large", kLarge},
    {"xlarge", kXlarge},
}};

}  // namespace

std::span<const Preset> presets() { return kPresets; }

std::optional<Preset> find_preset(std::string_view name) {
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return preset;
  }
  return std::nullopt;
}

}  // namespace keisei::config
