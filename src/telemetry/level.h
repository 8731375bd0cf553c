// How important an event is, and which ones a log keeps. Levels go by kind, so that one noisy module can be turned
// down or up ("evaluation" = debug) while the rest stays; the longest matching prefix of the kind decides.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "telemetry/event.h"

namespace keisei::telemetry {

enum class Level { kDebug, kInfo, kWarning, kError };

/// "debug", "info", "warning", "error"
[[nodiscard]] std::string_view level_name(Level level);
[[nodiscard]] Result<Level> parse_level(std::string_view name);

/// The event's own level: its text "level" if it names one, else by kind (debug…, warning, error; info otherwise).
[[nodiscard]] Level level_of(const Event& event);

struct LevelFilter {
  Level least = Level::kInfo;
  std::vector<std::pair<std::string, Level>> least_by_prefix;  ///< kind prefix -> least level kept

  [[nodiscard]] bool keeps(const Event& event) const;
};

}  // namespace keisei::telemetry
