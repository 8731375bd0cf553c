// What a metric is measured in, as its name tells: names end with their unit (docs/telemetry.md), so no table has to be
// kept beside the code that measures. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace keisei::dashboard {

/// "s", "ms", "MB", "%", "bytes", "plies/s", "Elo", "share", "games"; empty where the name tells none.
[[nodiscard]] std::string metric_unit(std::string_view name);

}  // namespace keisei::dashboard
