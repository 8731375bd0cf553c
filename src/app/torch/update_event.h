// What one update of a training came to, as the event "update": progress, rates, losses, games, and what the process
// uses. The names are those of the Python Keisei where it had them. Plain values; the session's thread.
#pragma once

#include "app/torch/training_state.h"
#include "learner/ppo.h"
#include "selfplay/arena.h"
#include "telemetry/event.h"

namespace keisei::app {

/// Seconds spent in the phases of one update.
struct Phases {
  double selfplay = 0, learn = 0, evaluate = 0, save = 0;
};

/// This process's use of the processors between two looks.
class ProcessorUse {
 public:
  /// Of one core, since the last call; telemetry::kUnknown on the first. `now_s` is any clock that only grows.
  [[nodiscard]] double percent_since_last(double now_s);

 private:
  double last_s_ = -1;
  double last_cpu_s_ = 0;
};

struct UpdateFacts {
  const Counters& counters;
  std::int64_t total_timesteps = 0;
  std::int64_t steps_here = 0;  ///< plies of this process
  double elapsed_s = 0;         ///< of this process
  double cpu_percent = 0;
  const Phases& phases;
  const learner::UpdateStats& stats;
  const selfplay::GameStats& games;  ///< that ended in this update
};

[[nodiscard]] telemetry::Event update_event(const UpdateFacts& facts);

/// game.sample of a game that ended; `not_shown` others ended since the last one that was shown.
[[nodiscard]] telemetry::Event finished_game_event(std::int64_t step, const selfplay::FinishedGame& game,
                                                   std::int64_t not_shown);

}  // namespace keisei::app
