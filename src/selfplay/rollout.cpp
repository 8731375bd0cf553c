#include "selfplay/rollout.h"

namespace keisei::selfplay {

void Rollout::resize(int plies_, int games_, int shards_) {
  plies = plies_;
  games = games_;
  shards = shards_;
  const std::size_t n = static_cast<std::size_t>(plies) * static_cast<std::size_t>(games);
  features.resize(n);
  legal_begin.resize(n);
  legal_count.resize(n);
  legal.resize(static_cast<std::size_t>(shards));
  chosen.resize(n);
  for (auto* column :
       {&log_probability, &entropy, &value, &material_value, &reward, &material_reward, &cut_value, &cut_material})
    column->assign(n, 0.0F);
  end.assign(n, Ply::kContinues);
  learner_moved.assign(n, 1);
  forced.assign(n, 0);
  last_value.assign(static_cast<std::size_t>(games), 0.0F);
  last_material.assign(static_cast<std::size_t>(games), 0.0F);
}

int Rollout::shard_of(int game) const {
  int shard = game * shards / games;
  while (shard + 1 < shards && shard_begin(shard + 1) <= game) ++shard;
  while (shard_begin(shard) > game) --shard;
  return shard;
}

std::span<const net::Action> Rollout::legal_actions(std::size_t sample) const {
  const int game = static_cast<int>(sample % static_cast<std::size_t>(games));
  const auto& pool = legal[static_cast<std::size_t>(shard_of(game))];
  return {pool.data() + legal_begin[sample], legal_count[sample]};
}

}  // namespace keisei::selfplay
