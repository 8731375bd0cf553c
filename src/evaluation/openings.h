// Openings from a file: one a line, as SFEN ("sfen …" or bare) or as a USI line ("startpos moves …"); '#' starts a
// comment. Every line is checked before the first game.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxOpeningFileBytes = 64U << 20;

/// Canonical SFENs in the file's order; kUsage with file and line where one is missing, illegal or already over.
[[nodiscard]] Result<std::vector<std::string>> read_openings(const std::filesystem::path& path);

}  // namespace keisei::evaluation
