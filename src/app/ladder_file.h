// The ratings that a ladder matches by, kept between evaluations in one small file: a table of sequential Elo by
// weights id for each protocol, because results of different protocols never mix. A file that is not ours or is damaged
// is refused by name and never written over: it may be all that is left of many evaluations. Any thread, one writer.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "base/result.h"

namespace keisei::app {

inline constexpr std::size_t kMaxLadderFileBytes = 8U << 20;

/// Ratings by weights id.
using LadderRatings = std::map<std::string, double>;

/// The table of `protocol` in the file; empty where there is no file yet. kBadData.
[[nodiscard]] Result<LadderRatings> read_ladder(const std::filesystem::path& file, const std::string& protocol);

/// Puts the table of `protocol` into the file, durably; tables of other protocols stay. kBadData, kFailure.
[[nodiscard]] Result<void> write_ladder(const std::filesystem::path& file, const std::string& protocol,
                                        const LadderRatings& ratings);

}  // namespace keisei::app
