// Forms of text that a setting may take where no closed list fits, and the bounds that tables share. Pure.
#pragma once

#include <string_view>

namespace keisei::config {

inline constexpr double kMaxExactWhole = 9007199254740991.0;  ///< 2^53 - 1: exact in every JSON reader too
inline constexpr double kMaxWhole = 1e9;                      ///< fits an int
inline constexpr double kMaxPlies = 10000;
inline constexpr std::size_t kMaxTextChars = 4096;
inline constexpr std::size_t kMaxNameChars = 128;

/// cpu, cuda, cuda:N (N up to 2 digits), auto.
[[nodiscard]] bool is_device(std::string_view text);
/// Empty, or a name that is one path component.
[[nodiscard]] bool is_run_name(std::string_view text);
/// random, greedy, heuristic, ppo, live, material:D, checkpoint:PATH, usi:COMMAND, xboard:COMMAND.
[[nodiscard]] bool is_player(std::string_view text);
/// Any text that is not empty.
[[nodiscard]] bool is_given(std::string_view text);

}  // namespace keisei::config
