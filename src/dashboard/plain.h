// The same state as single lines, for pipes, CI and dumb terminals: one progress line every few seconds, and one line
// at once for what people wait for (start, evaluation, checkpoint, warning, end). Pure functions.
#pragma once

#include <optional>
#include <string>

#include "dashboard/cells.h"
#include "dashboard/state.h"

namespace keisei::dashboard {

/// "12:34:56Z  43.2 %  216k of 500k plies  12.3k plies/s  ETA 16m 10s  …"
[[nodiscard]] Line progress_line(const ProgressState& state, double now_s);
/// The line that an event deserves by itself; nothing for those that only change the state.
[[nodiscard]] std::optional<Line> event_line(const telemetry::Event& event);

}  // namespace keisei::dashboard
