// Every setting as a plain checked value. The option tables (config/table.h) hold one row per field: name in the file,
// range, unit, help, pointer to the field. Section and key names follow the Python Keisei where it had them, so that
// its files keep their meaning; the defaults here are its own, and a preset (config/presets.h) changes some of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace keisei::config {

struct Env {
  std::string device = "cpu";           ///< cpu | cuda | cuda:N | auto
  std::int64_t seed = 42;               ///< every random stream is derived from it
  int max_moves_per_game = 500;         ///< plies; a longer game is truncated
  std::string declaration_rule = "27";  ///< 27 | 24 | none
};

struct Training {
  std::string algorithm = "ppo";
  std::int64_t total_timesteps = 500000;  ///< plies of self-play in all
  int steps_per_epoch = 2048;             ///< plies per update (games x plies each)
  int ppo_epochs = 10;
  int minibatch_size = 64;
  double learning_rate = 3e-4;
  double gamma = 0.99;
  double lambda_gae = 0.95;
  double clip_epsilon = 0.2;
  double value_loss_coeff = 0.5;
  double entropy_coef = 0.01;
  double gradient_clip_max_norm = 0.5;
  double weight_decay = 0.0;
  double target_kl = 0.0;  ///< 0 = no early stop
  bool normalize_advantages = true;
  bool enable_value_clipping = false;
  std::string lr_schedule_type = "none";  ///< none | linear | cosine | exponential | step
  double lr_schedule_final_fraction = 0.1;
  double lr_schedule_decay = 0.95;  ///< factor per step of exponential, per step_size of step
  int lr_schedule_step_size = 10;
  std::string lr_schedule_step_on = "update";  ///< epoch (= PPO epoch) | update (= minibatch step)
  std::string model_type = "resnet";
  std::string input_features = "core46";
  int tower_depth = 9;               ///< residual blocks
  int tower_width = 256;             ///< channels
  double se_ratio = 0.25;            ///< squeeze-and-excitation; 0 = none
  double material_coef = 0.0;        ///< weight of the material advantage per pawn at the start; 0 = wins alone
  double material_coef_final = 0.0;  ///< ... at the end (linear)
  double material_gamma = 0.95;
  double material_lambda = 0.9;
  std::int64_t checkpoint_interval_timesteps = 10000;
  int shards = 2;   ///< fixed parts of every batch; results depend on it, not on threads
  int threads = 0;  ///< 0 = as many as there are cores, at most `shards`
};

struct SelfPlay {
  int games = 32;                      ///< games in lock-step
  double opponent_fraction = 0.2;      ///< share of games against an earlier snapshot
  int pool_size = 5;                   ///< snapshots kept for league games
  int snapshot_interval_updates = 20;  ///< updates between snapshots
  int opening_plies = 0;               ///< 0..n uniformly random plies at the start of a game
  bool mate_in_one = false;            ///< a mate in one is played when there is one
};

struct Evaluation {
  bool enable_periodic_evaluation = true;
  double rollout_fraction = 1;        ///< share of runs, by name, in which the switch above counts
  int rollback_after_violations = 3;  ///< of one clause in a row until it is switched off; 0 = never
  std::int64_t evaluation_interval_timesteps = 50000;
  std::string strategy = "single_opponent";
  int num_games = 20;
  int max_moves_per_game = 500;
  std::string opponent_type = "random";  ///< random | greedy | heuristic | ppo | checkpoint:PATH ...
  std::string opponent_checkpoint;
  double temperature = 0.0;                 ///< 0 = argmax
  bool randomize_positions = true;          ///< balanced openings by seed, each played with both colours
  int opening_plies = 4;                    ///< random plies of a built-in opening
  std::optional<std::int64_t> random_seed;  ///< default: env.seed
  bool save_games = true;
  std::string save_path;
  std::string opponents;                  ///< several players, parted by ';'; "" = opponent_type alone
  std::string opponent_source = "named";  ///< named | pool
  int num_games_per_opponent = 0;         ///< of each pairing; 0 = num_games spread over the pairings
  bool between_opponents = false;         ///< tournament: the opponents meet each other too
  double rating_match_range = 400;        ///< ladder: Elo to either side
  int num_opponents_per_evaluation = 5;   ///< ladder, pool
  int num_games_per_match = 2;            ///< ladder
  std::string suite_path;                 ///< benchmark
  std::string custom_plan = "round_robin";
  std::string custom_sequence;  ///< "1:2; 2:4": pairings and games
  std::string stop_when;        ///< "", "ci<25", "decided", "sprt", ...
  int previous_model_pool_size = 5;
  std::string pool_sampling = "prioritised";  ///< prioritised | uniform
  double pool_milestone_ratio = 4;            ///< 0 = no milestones
  bool wandb_log_eval = false;
  bool update_elo = true;
  int max_concurrent_games = 64;  ///< games of one evaluation played side by side
  // safeguards
  bool enable_performance_safeguards = true;
  bool enable_performance_monitoring = true;
  int max_concurrent_evaluations = 0;  ///< 0 = 4, or 1 where there are 4 cores or fewer
  double evaluation_timeout_seconds = 300;
  double timeout_per_game = 0;   ///< seconds; 0 = off
  double memory_limit_mb = 500;  ///< MB (10^6 bytes), sum over all evaluation processes
  double latency_limit_ms = 5000;
  double training_impact_limit_percent = 5;
  double cpu_limit_percent = 80;
  double gpu_limit_percent = 80;
  double duty_percent = 3;              ///< share of wall time training pauses for evaluation bursts
  double burst_ms = 20;                 ///< length of one pause
  double max_stall_ms = 100;            ///< longest single pause that is ever asked for
  int process_restart_threshold = 100;  ///< games a worker plays before it is replaced
};

struct Logging {
  std::string savedir = "runs";
  std::string run_name;            ///< empty = keisei-<UTC time>
  std::string log_level = "INFO";  ///< DEBUG | INFO | WARNING | ERROR | CRITICAL
  int keep_checkpoints = 3;
  bool tensorboard = true;  ///< event files in the run
};

struct Wandb {
  bool enabled = false;
  std::string project = "keisei-shogi-rl";
  std::string entity;
  std::string run_name_prefix = "keisei";
  std::string mode = "offline";  ///< disabled | offline | live
  std::string directory;         ///< empty = the run's own
  std::string run_name;          ///< empty = run_name_prefix and the run's name
  std::string group;             ///< empty = the run's name
  std::string tags;              ///< parted by ','
  std::string notes;
  std::string run_id;            ///< empty = the one kept in the run, or a new one
  std::string resume = "allow";  ///< allow | must | never
};

struct Display {
  bool plain = false;  ///< lines instead of a live panel
  bool quiet = false;
  bool full_screen = true;  ///< the whole terminal where it has 80x24 or more
  double refresh_per_second = 4;
  double elo_initial_rating = 1500;  ///< sequential Elo of the ladder's matchmaking
  double elo_k_factor = 32;
};

struct Config {
  Env env;
  Training training;
  SelfPlay selfplay;
  Evaluation evaluation;
  Logging logging;
  Wandb wandb;
  Display display;
};

}  // namespace keisei::config
