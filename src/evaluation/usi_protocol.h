// What USI engines say, taken apart: option lines, info lines, bestmove. Engines are foreign programs, so every
// function takes any bytes and bounds what it keeps. Pure; any thread. Scores are those of the side to move at the
// engine.
#pragma once

#include <optional>
#include <string_view>

#include "evaluation/engine_answer.h"
#include "evaluation/engine_options.h"

namespace keisei::evaluation {

/// Nothing when the line is no option line with a name and a known type.
[[nodiscard]] std::optional<EngineOption> parse_option(std::string_view line);

/// Takes an info line over into `info`; anything not understood leaves it as it is.
void read_info(std::string_view line, EngineInfo& info);

/// Nothing when the line does not begin with the word bestmove.
[[nodiscard]] std::optional<EngineAnswer> parse_bestmove(std::string_view line);

}  // namespace keisei::evaluation
