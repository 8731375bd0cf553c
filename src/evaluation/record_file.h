// Game records as a file of JSON lines: written whole or not at all, read back strictly. Any thread; one writer a path.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "base/result.h"
#include "evaluation/record.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxRecordFileBytes = 1U << 30;

[[nodiscard]] Result<void> write_records(const std::filesystem::path& path, std::span<const GameRecord> records);

/// kBadData names the line that is wrong.
[[nodiscard]] Result<std::vector<GameRecord>> read_records(const std::filesystem::path& path);

}  // namespace keisei::evaluation
