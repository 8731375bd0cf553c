// Options that an engine lists, whatever protocol it speaks: found by name without regard to case, and checked before
// they are sent, because engines ignore what they do not understand and a match would then be of another player than
// its name says. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluation/usi_protocol.h"

namespace keisei::evaluation {

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Nothing when there is none of that name.
[[nodiscard]] const UsiOption* find_option(const std::vector<UsiOption>& options, std::string_view name);

/// kUsage that names the engine's options.
[[nodiscard]] tl::unexpected<Error> no_such_option(const std::vector<UsiOption>& options, std::string_view name);

/// kUsage when the option does not allow the value.
[[nodiscard]] Result<void> check_value(const UsiOption& option, std::string_view value);

}  // namespace keisei::evaluation
