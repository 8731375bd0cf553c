// The table of event metrics on the metrics page, and the rule for those that have no row.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "telemetry/prometheus_text.h"

namespace keisei::telemetry {
namespace {

using Type = PrometheusForm::Type;

constexpr auto kGauge = Type::kGauge;
constexpr auto kCounter = Type::kCounter;
constexpr double kMilli = 1e-3;
constexpr double kPercent = 1e-2;
constexpr double kMega = 1e6;

constexpr PrometheusRow kRows[] = {
    {"progress/timesteps", "keisei_training_steps_total", "Plies of self-play so far.", kCounter},
    {"progress/total_timesteps", "keisei_training_target_steps", "Plies of self-play in all."},
    {"progress/update", "keisei_training_updates_total", "Updates of the network so far.", kCounter},
    {"time/steps_per_second", "keisei_training_steps_per_second", "Plies a second since this process began."},
    {"time/elapsed_s", "keisei_training_elapsed_seconds", "Time since this process began to train."},
    {"time/eta_s", "keisei_training_eta_seconds", "Time left at this rate."},
    {"time/share_selfplay", "keisei_training_selfplay_time_ratio", "Share of the newest update spent playing."},
    {"time/share_learn", "keisei_training_learn_time_ratio", "Share of the newest update spent learning."},
    {"time/share_evaluate", "keisei_training_evaluate_time_ratio", "Share of the newest update paused for evaluation."},
    {"time/share_save", "keisei_training_save_time_ratio", "Share of the newest update spent saving."},
    {"ppo/policy_loss", "keisei_ppo_policy_loss", "Policy loss of the newest update."},
    {"ppo/value_loss", "keisei_ppo_value_loss", "Value loss of the newest update."},
    {"ppo/material_loss", "keisei_ppo_material_loss", "Material loss of the newest update."},
    {"ppo/entropy", "keisei_ppo_entropy", "Entropy of the policy over legal moves, in nats."},
    {"ppo/kl_divergence_approx", "keisei_ppo_kl_divergence", "Divergence from the policy that played."},
    {"ppo/clip_fraction", "keisei_ppo_clip_ratio", "Share of plies beyond the clip range."},
    {"ppo/explained_variance", "keisei_ppo_explained_variance_ratio", "Variance of returns that the value explains."},
    {"ppo/learning_rate", "keisei_ppo_learning_rate", "Learning rate of the newest update."},
    {"ppo/gradient_norm", "keisei_ppo_gradient_norm", "Norm of the gradient before clipping."},
    {"ppo/first_ratio_error", "keisei_ppo_first_ratio_error", "Greatest distance of the first ratio from 1."},
    {"selfplay/games", "keisei_selfplay_games", "Games finished in the newest update."},
    {"selfplay/decisive_share", "keisei_selfplay_decisive_ratio", "Share of them won by a side."},
    {"selfplay/truncated_share", "keisei_selfplay_truncated_ratio", "Share of them cut at the move limit."},
    {"selfplay/repetition_share", "keisei_selfplay_repetition_ratio", "Share of them ended by repetition."},
    {"selfplay/mean_plies", "keisei_selfplay_mean_plies", "Mean length of them."},
    {"selfplay/black_wins", "keisei_selfplay_black_wins", "Of them, won by Black."},
    {"selfplay/white_wins", "keisei_selfplay_white_wins", "Of them, won by White."},
    {"selfplay/draws", "keisei_selfplay_draws", "Of them, drawn."},
    {"selfplay/league_games", "keisei_selfplay_league_games", "Of them, against an earlier snapshot."},
    {"selfplay/league_score", "keisei_selfplay_league_score_ratio", "Points per game against earlier snapshots."},
    {"system/cpu_percent", "keisei_process_cpu_ratio", "Processor use of the training process; 1 = one core.", kGauge,
     kPercent},
    {"system/rss_mb", "keisei_process_resident_memory_bytes", "Resident memory of the training process.", kGauge,
     kMega},
    {"system/gpu_percent", "keisei_gpu_ratio", "Use of the busiest GPU.", kGauge, kPercent},
    {"system/gpu_memory_mb", "keisei_gpu_memory_bytes", "Memory in use on all GPUs.", kGauge, kMega},
    {"games/not_shown", "keisei_selfplay_games_not_shown", "Games that ended beside the newest one that is shown."},
    {"evaluation/enabled", "keisei_evaluation_enabled", "1 while periodic evaluation is on."},
    {"evaluation/rolled_back", "keisei_evaluation_rolled_back", "1 when repeated violations switched it off."},
    {"evaluation/breaker_open", "keisei_evaluation_breaker_open", "1 while worker deaths hold evaluations back."},
    {"evaluation/interval_timesteps", "keisei_evaluation_interval_steps", "Plies between two evaluations."},
    {"evaluation/queued", "keisei_evaluation_queued", "Evaluations waiting."},
    {"evaluation/running", "keisei_evaluation_running", "Evaluations running."},
    {"evaluation/credit_s", "keisei_evaluation_credit_seconds", "Pause that the ledger would pay for now."},
    {"evaluation/paused_s", "keisei_evaluation_paused_seconds_total", "Time training stood still for evaluation.",
     kCounter},
    {"evaluation/step", "keisei_evaluation_last_steps", "Step of the weights evaluated last."},
    {"evaluation/win_rate", "keisei_evaluation_win_ratio", "Share of games won in the newest evaluation."},
    {"evaluation/loss_rate", "keisei_evaluation_loss_ratio", "Share of games lost."},
    {"evaluation/draw_rate", "keisei_evaluation_draw_ratio", "Share of games drawn."},
    {"evaluation/score", "keisei_evaluation_score_ratio", "Points per game, draws half."},
    {"evaluation/score_low", "keisei_evaluation_score_low_ratio", "Lower end of its 95 % interval."},
    {"evaluation/score_high", "keisei_evaluation_score_high_ratio", "Upper end of its 95 % interval."},
    {"evaluation/wins", "keisei_evaluation_wins", "Games won in the newest evaluation."},
    {"evaluation/losses", "keisei_evaluation_losses", "Games lost."},
    {"evaluation/draws", "keisei_evaluation_draws", "Games drawn."},
    {"evaluation/faults", "keisei_evaluation_faults", "Games that could not be played to an end."},
    {"evaluation/total_games", "keisei_evaluation_games", "Games of the newest evaluation."},
    {"evaluation/avg_game_length", "keisei_evaluation_mean_plies", "Mean length of them."},
    {"evaluation/elo", "keisei_evaluation_elo", "Elo difference to the opponent."},
    {"evaluation/elo_low", "keisei_evaluation_elo_low", "Lower end of its 95 % interval."},
    {"evaluation/elo_high", "keisei_evaluation_elo_high", "Upper end of its 95 % interval."},
    {"evaluation/performance/evaluation_latency_ms", "keisei_evaluation_latency_seconds",
     "Admission to first result of the newest evaluation.", kGauge, kMilli},
    {"evaluation/performance/memory_overhead_mb", "keisei_evaluation_memory_bytes",
     "Peak memory of all evaluation processes.", kGauge, kMega},
    {"evaluation/performance/cpu_utilization_percent", "keisei_evaluation_cpu_ratio",
     "Processor use of the worker over all cores.", kGauge, kPercent},
    {"evaluation/performance/gpu_utilization_percent", "keisei_evaluation_gpu_ratio", "Use of the GPU.", kGauge,
     kPercent},
    {"evaluation/performance/training_impact_percent", "keisei_evaluation_training_impact_ratio",
     "Slowdown of training by evaluation, upper bound.", kGauge, kPercent},
    {"evaluation/sla/passed", "keisei_evaluation_sla_passed", "1 when every clause was met, 0 when one was violated."},
    {"evaluation/sla/violation_count", "keisei_evaluation_sla_violated_clauses", "Clauses violated."},
    {"evaluation/sla/limits/concurrency", "keisei_evaluation_concurrency_limit", "Evaluations that may run at once."},
    {"evaluation/sla/limits/timeout", "keisei_evaluation_timeout_limit_seconds", "Longest time of an evaluation."},
    {"evaluation/sla/limits/latency", "keisei_evaluation_latency_limit_seconds", "Longest wait for a first result.",
     kGauge, kMilli},
    {"evaluation/sla/limits/memory", "keisei_evaluation_memory_limit_bytes", "Most memory of all evaluations.", kGauge,
     kMega},
    {"evaluation/sla/limits/training_impact", "keisei_evaluation_training_impact_limit_ratio",
     "Most slowdown of training.", kGauge, kPercent},
    {"evaluation/sla/limits/cpu", "keisei_evaluation_cpu_limit_ratio", "Most processor use of the worker.", kGauge,
     kPercent},
    {"evaluation/sla/limits/gpu", "keisei_evaluation_gpu_limit_ratio", "Most use of the GPU.", kGauge, kPercent},
    {"evaluation/sla/unknown_count", "keisei_evaluation_sla_unknown_clauses", "Clauses not measured."},
    {"governor/duty_percent", "keisei_governor_duty_ratio", "Share of wall time the governor lets training pause.",
     kGauge, kPercent},
    {"governor/bank_s", "keisei_governor_bank_seconds", "Most credit that is saved up."},
    {"governor/lost_percent", "keisei_governor_lost_ratio", "Slowdown seen in the newest pair of windows.", kGauge,
     kPercent},
    {"governor/impact_percent", "keisei_governor_impact_ratio", "Measured slowdown of training.", kGauge, kPercent},
    {"governor/impact_low_percent", "keisei_governor_impact_low_ratio", "Lower end of its 95 % sequence.", kGauge,
     kPercent},
    {"governor/impact_high_percent", "keisei_governor_impact_high_ratio", "Upper end of its 95 % sequence.", kGauge,
     kPercent},
    {"governor/pairs", "keisei_governor_pairs_total", "Pairs of on and off windows used.", kCounter},
    {"governor/pairs_dropped", "keisei_governor_pairs_dropped_total", "Pairs dropped as disturbed.", kCounter},
    {"governor/gate_shut", "keisei_governor_gate_shut", "1 while the governor keeps the gate shut."},
    {"governor/tripped", "keisei_governor_tripped", "1 while the tripwire keeps it shut."},
    {"governor/longest_stall_ms", "keisei_governor_longest_stall_seconds", "Longest single pause.", kGauge, kMilli},
    {"governor/ledger_excess_s", "keisei_governor_ledger_excess_seconds",
     "Pause beyond what the ledger allows; at most 0."},
    {"checkpoint/bytes", "keisei_checkpoint_bytes", "Size of the newest checkpoint."},
    {"checkpoint/interval_timesteps", "keisei_checkpoint_interval_steps", "Plies between two checkpoints."},
};

struct Unit {
  std::string_view ending;
  std::string_view base;
  double scale;
};
constexpr std::array<Unit, 6> kUnits = {{{"_ms", "_seconds", kMilli},
                                         {"_s", "_seconds", 1},
                                         {"_mb", "_bytes", kMega},
                                         {"_percent", "_ratio", kPercent},
                                         {"_share", "_ratio", 1},
                                         {"_count", "s", 1}}};

PrometheusForm by_rule(std::string_view metric) {
  PrometheusForm form;
  form.name = "keisei_";
  for (const char c : metric) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && std::isalnum(byte) != 0;
    form.name += plain ? static_cast<char>(std::tolower(byte)) : '_';
  }
  for (const Unit& unit : kUnits) {
    if (!form.name.ends_with(unit.ending)) continue;
    form.name.replace(form.name.size() - unit.ending.size(), unit.ending.size(), unit.base);
    form.scale = unit.scale;
    break;
  }
  if (form.name.ends_with("_total")) form.type = kCounter;
  form.help = "Event metric " + std::string(metric) + ".";
  return form;
}

}  // namespace

std::span<const PrometheusRow> prometheus_rows() { return kRows; }

PrometheusForm prometheus_form(std::string_view event_metric) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const PrometheusRow& one) { return one.metric == event_metric; });
  if (row == std::end(kRows)) return by_rule(event_metric);
  return {std::string(row->name), std::string(row->help), row->type, row->scale};
}

}  // namespace keisei::telemetry
