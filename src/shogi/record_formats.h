// The reader of each format, behind read_records: a text that was checked for size, line lengths and NUL bytes goes in,
// its games come out. Internal; record_read.h is the door. Pure functions, thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "shogi/kif_words.h"
#include "shogi/record_read.h"
#include "shogi/record_source.h"

namespace keisei::shogi {

using ReadGames = Result<std::vector<ReadGame>>;

[[nodiscard]] ReadGames read_kif(RecordSource& source);
[[nodiscard]] ReadGames read_ki2(RecordSource& source);
[[nodiscard]] ReadGames read_csa(RecordSource& source);
[[nodiscard]] ReadGames read_usi(RecordSource& source);
[[nodiscard]] ReadGames read_jkf(std::string_view utf8, std::string_view file);

/// Plays the moves of a line; false where it is no line of moves.
using MoveLine = Result<bool> (*)(GameReader& reader, const KifHeader& header, std::string_view line);
/// What KIF and KI2 share: header, comments, closing line, variations, around lines of moves.
[[nodiscard]] ReadGames read_kif_lines(RecordSource& source, MoveLine move_line);
/// The square that 同 stands for at byte `at`; kBadData for a first move without one.
[[nodiscard]] Result<Square> same_square(const GameReader& reader, const KifHeader& header, std::size_t at);

}  // namespace keisei::shogi
