// An event as one plain line, for the consoles of others (W&B's log tab, TensorBoard's text tab): what a person wants
// to read of it, in English, without a time (the outlet's format has its own). Pure.
#pragma once

#include <string>

#include "telemetry/event.h"

namespace keisei::telemetry {

inline constexpr std::size_t kMaxConsoleBytes = 2000;  ///< longer ones are cut

/// Empty when the event has nothing to say to a person.
[[nodiscard]] std::string console_line(const Event& event);

}  // namespace keisei::telemetry
