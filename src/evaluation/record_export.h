// Game records as files of other programs: KIF, KI2, CSA and USI, one file a game. Derived from the records, so they
// can be written again at any time. Values in, files out; one thread a directory.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluation/record.h"
#include "shogi/record_text.h"

namespace keisei::evaluation {

/// "kif,csa" -> the formats, each once. kUsage for an unknown name.
[[nodiscard]] Result<std::vector<shogi::RecordFormat>> parse_record_formats(std::string_view text);

/// The game as a text of another format's writer. kBadData for a record that does not decode into legal moves.
[[nodiscard]] Result<shogi::GameText> game_text(const GameRecord& record);

/// Writes game-000012.kifu and so on, durably; makes the directory. The first error ends it.
[[nodiscard]] Result<void> export_records(const std::filesystem::path& directory, std::span<const GameRecord> games,
                                          std::span<const shogi::RecordFormat> formats);

}  // namespace keisei::evaluation
