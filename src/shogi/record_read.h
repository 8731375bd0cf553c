// Game records of other programs as values: KIF, KI2, CSA (2.2 and 3.0), JKF, and USI or SFEN lines. Every move is
// played on a position while it is read, so a game that comes out is legal from its start to its end; one that is not
// is refused with file:line:column, game and ply. What a record holds beyond GameText (variations, bookmarks, ends that
// are no result, the foul that ended the game) is left out and noted, never dropped in silence. Everything is bounded.
// Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shogi/record_text.h"

namespace keisei::shogi {

inline constexpr std::size_t kMaxRecordLineBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxGamesPerFile = 100'000;
inline constexpr std::size_t kMaxVariations = 10'000;
inline constexpr std::size_t kMaxVariationDepth = 64;
inline constexpr std::size_t kMaxHeaderLines = 200;

struct ReadGame {
  GameText game;
  std::vector<std::string> notes;  ///< what was left out, one sentence each
};

/// The games of a UTF-8 text (see decode_record), at least one; `file` is its name in messages. kBadData: the sentence
/// opens with file:line:column, then game and ply where they are known.
[[nodiscard]] Result<std::vector<ReadGame>> read_records(std::string_view utf8, RecordFormat format,
                                                         std::string_view file);

/// By a file name's extension, in any case: .kif .kifu .ki2 .ki2u .csa .jkf .json .sfen .usi
[[nodiscard]] std::optional<RecordFormat> format_of_file(std::string_view name);

}  // namespace keisei::shogi
