#include "dashboard/metric_unit.h"

#include <array>
#include <utility>

namespace keisei::dashboard {

std::string metric_unit(std::string_view name) {
  // The first that fits counts: "steps_per_second" before "_s".
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 21> kEndings = {
      {{"steps_per_second", "plies/s"},
       {"timesteps", "plies"},
       {"evaluation/step", "plies"},
       {"mean_plies", "plies"},
       {"avg_game_length", "plies"},
       {"_percent", "%"},
       {"bytes", "bytes"},
       {"_ms", "ms"},
       {"_mb", "MB"},
       {"_s", "s"},
       {"/elo", "Elo"},
       {"/elo_low", "Elo"},
       {"/elo_high", "Elo"},
       {"_rate", "share"},
       {"_share", "share"},
       {"_fraction", "share"},
       {"score", "share"},
       {"score_low", "share"},
       {"score_high", "share"},
       {"games", "games"},
       {"wins", "games"}}};
  if (name.ends_with("learning_rate")) return {};
  if (name.starts_with("time/share_")) return "share";
  for (const auto& [ending, unit] : kEndings) {
    if (name.ends_with(ending)) return std::string(unit);
  }
  return {};
}

}  // namespace keisei::dashboard
