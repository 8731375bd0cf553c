// A list of players in a file, one a line as parse_player() takes them, so that a ladder of many engines need not be
// written on a command line (and quoted for a shell). '#' at the start of a line or behind a blank begins a comment.
// Checked as a whole before anything is started. Plain values; any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxPlayersFileBytes = 1U << 20;

/// The players' canonical spellings, in order. kUsage with file and line for one that is none, and for an empty list.
[[nodiscard]] Result<std::vector<std::string>> read_players(const std::filesystem::path& path);

}  // namespace keisei::evaluation
