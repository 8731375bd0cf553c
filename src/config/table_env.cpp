// Rows of the sections env and selfplay.
#include "config/forms.h"
#include "config/table.h"

namespace keisei::config {

std::vector<Option> env_table() {
  return {
      {.section = "env",
       .key = "device",
       .slot = slot<&Config::env, &Env::device>,
       .help = "Where the network runs; auto takes a GPU where there is one.",
       .accepts = is_device,
       .allowed = "cpu, cuda, cuda:N, auto",
       .flag = "--device",
       .shapes_training = true},
      {.section = "env",
       .key = "seed",
       .slot = slot<&Config::env, &Env::seed>,
       .help = "Every random stream of the run is derived from it.",
       .range = {0, kMaxExactWhole},
       .flag = "--seed",
       .shapes_training = true},
      {.section = "env",
       .key = "max_moves_per_game",
       .slot = slot<&Config::env, &Env::max_moves_per_game>,
       .unit = "plies",
       .help = "A longer self-play game is cut (truncated): neither a draw nor a result to learn from.",
       .range = {1, kMaxPlies},
       .shapes_training = true},
      {.section = "env",
       .key = "declaration_rule",
       .slot = slot<&Config::env, &Env::declaration_rule>,
       .help = "Points needed to win by declaration (entering king).",
       .choices = {"27", "24", "none"},
       .shapes_training = true},
  };
}

std::vector<Option> selfplay_table() {
  return {
      {.section = "selfplay",
       .key = "games",
       .slot = slot<&Config::selfplay, &SelfPlay::games>,
       .help = "Games played in lock-step; training.steps_per_epoch is a multiple of it.",
       .range = {1, 65536},
       .flag = "--games",
       .shapes_training = true},
      {.section = "selfplay",
       .key = "opponent_fraction",
       .slot = slot<&Config::selfplay, &SelfPlay::opponent_fraction>,
       .help = "Share of the games that are played against an earlier snapshot of the network.",
       .range = {0, 1},
       .shapes_training = true},
      {.section = "selfplay",
       .key = "pool_size",
       .slot = slot<&Config::selfplay, &SelfPlay::pool_size>,
       .help = "Earlier snapshots kept as opponents.",
       .range = {1, 1000},
       .shapes_training = true},
      {.section = "selfplay",
       .key = "snapshot_interval_updates",
       .slot = slot<&Config::selfplay, &SelfPlay::snapshot_interval_updates>,
       .unit = "updates",
       .help = "A snapshot joins the pool every so many updates.",
       .range = {1, kMaxWhole},
       .shapes_training = true},
      {.section = "selfplay",
       .key = "opening_plies",
       .slot = slot<&Config::selfplay, &SelfPlay::opening_plies>,
       .unit = "plies",
       .help = "A game starts with 0 to this many uniformly random plies, so that games differ.",
       .range = {0, 200},
       .shapes_training = true},
      {.section = "selfplay",
       .key = "mate_in_one",
       .slot = slot<&Config::selfplay, &SelfPlay::mate_in_one>,
       .help = "Play a mate in one whenever there is one: more games end in a result to learn from.",
       .shapes_training = true},
  };
}

}  // namespace keisei::config
