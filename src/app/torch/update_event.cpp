#include "app/torch/update_event.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "telemetry/game_events.h"

namespace keisei::app {
namespace {

double process_cpu_s() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double process_rss_mb() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  if (!(statm >> size >> resident)) return telemetry::kUnknown;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) * 1e-6;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? telemetry::kUnknown : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double ProcessorUse::percent_since_last(double now_s) {
  const double cpu_s = process_cpu_s();
  const double percent =
      last_s_ >= 0 ? 100.0 * (cpu_s - last_cpu_s_) / std::max(now_s - last_s_, 1e-9) : telemetry::kUnknown;
  last_s_ = now_s;
  last_cpu_s_ = cpu_s;
  return percent;
}

telemetry::Event update_event(const UpdateFacts& facts) {
  const auto& [counters, total, steps_here, elapsed_s, cpu_percent, phases, stats, games] = facts;
  const double rate = static_cast<double>(steps_here) / std::max(elapsed_s, 1e-9);
  const double update_s = std::max(phases.selfplay + phases.learn + phases.evaluate + phases.save, 1e-9);
  telemetry::Event event{.kind = "update", .step = counters.timesteps, .utc_ms = 0, .metrics = {}, .texts = {}};
  event.metrics = {
      {"progress/timesteps", static_cast<double>(counters.timesteps)},
      {"progress/total_timesteps", static_cast<double>(total)},
      {"progress/update", static_cast<double>(counters.updates)},
      {"time/steps_per_second", rate},
      {"time/elapsed_s", elapsed_s},
      {"time/eta_s", static_cast<double>(total - counters.timesteps) / std::max(rate, 1e-9)},
      {"time/share_selfplay", phases.selfplay / update_s},
      {"time/share_learn", phases.learn / update_s},
      {"time/share_evaluate", phases.evaluate / update_s},
      {"time/share_save", phases.save / update_s},
      {"ppo/policy_loss", stats.policy_loss},
      {"ppo/value_loss", stats.value_loss},
      {"ppo/material_loss", stats.material_loss},
      {"ppo/entropy", stats.entropy},
      {"ppo/kl_divergence_approx", stats.kl},
      {"ppo/clip_fraction", stats.clip_fraction},
      {"ppo/explained_variance", stats.explained_variance},
      {"ppo/learning_rate", stats.learning_rate},
      {"ppo/gradient_norm", stats.gradient_norm},
      {"ppo/first_ratio_error", stats.first_ratio_error},
      {"selfplay/games", static_cast<double>(games.finished)},
      {"selfplay/decisive_share", share(games.black_wins + games.white_wins, games.finished)},
      {"selfplay/truncated_share", share(games.truncated, games.finished)},
      {"selfplay/repetition_share", share(games.repetitions, games.finished)},
      {"selfplay/mean_plies", share(games.plies, games.finished)},
      {"selfplay/black_wins", static_cast<double>(games.black_wins)},
      {"selfplay/white_wins", static_cast<double>(games.white_wins)},
      {"selfplay/draws", static_cast<double>(games.draws)},
      {"selfplay/league_games", static_cast<double>(games.league_games)},
      {"selfplay/league_score",
       games.league_games == 0 ? telemetry::kUnknown : games.league_score / static_cast<double>(games.league_games)},
      {"system/cpu_percent", cpu_percent},
      {"system/rss_mb", process_rss_mb()},
  };
  return event;
}

telemetry::Event finished_game_event(std::int64_t step, const selfplay::FinishedGame& game, std::int64_t not_shown) {
  const std::string other = game.opponent < 0 ? "learner" : "snapshot " + std::to_string(game.opponent);
  const bool learner_is_black = game.learner == shogi::Color::kBlack;
  telemetry::Event event = telemetry::game_sample(step, {.sfen = game.sfen,
                                                         .last_move = game.last_move,
                                                         .black = learner_is_black ? "learner" : other,
                                                         .white = learner_is_black ? other : "learner",
                                                         .winner = std::string(to_string(game.outcome.winner)),
                                                         .reason = std::string(to_string(game.outcome.reason))});
  event.metrics.emplace_back("games/not_shown", static_cast<double>(not_shown));
  return event;
}

}  // namespace keisei::app
