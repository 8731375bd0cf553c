// Options that an engine lists, whatever protocol it speaks: found by name without regard to case, and checked before
// they are sent, because engines ignore what they do not understand and a match would then be of another player than
// its name says. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxOptionLines = 1000;

/// What an engine lists; of USI: "option name N type T default D min A max B var V…".
struct EngineOption {
  enum class Type : std::uint8_t { kCheck, kSpin, kCombo, kButton, kString, kFilename };
  std::string name;
  Type type = Type::kString;
  std::string default_value;  ///< "" also for <empty>
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
  std::vector<std::string> values;  ///< of a combo
};

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Nothing when there is none of that name.
[[nodiscard]] const EngineOption* find_option(const std::vector<EngineOption>& options, std::string_view name);

/// kUsage that names the engine's options.
[[nodiscard]] tl::unexpected<Error> no_such_option(const std::vector<EngineOption>& options, std::string_view name);

/// kUsage when the option does not allow the value.
[[nodiscard]] Result<void> check_value(const EngineOption& option, std::string_view value);

}  // namespace keisei::evaluation
