// Openings from a file: one a line, as SFEN ("sfen …" or bare) or as a USI line ("startpos moves …"); '#' starts a
// comment. Every line is checked before the first game.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxOpeningFileBytes = 64U << 20;
inline constexpr std::size_t kMaxOpeningLineBytes = 16U << 10;

/// Canonical SFENs in the file's order; kUsage with file and line where one is illegal, too long or already over, where
/// there are more than kMaxOpenings (request.h), and where there is none.
[[nodiscard]] Result<std::vector<std::string>> read_openings(const std::filesystem::path& path);

}  // namespace keisei::evaluation
