// The words of CSA that CSA and JKF share, both ways: pieces, special moves, keywords of the header. Internal to the
// readers and writers of records; record_text.h and record_read.h are the doors. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shogi/game_reader.h"
#include "shogi/position.h"
#include "shogi/record_text.h"

namespace keisei::shogi {

/// "FU"; "" for kNone.
[[nodiscard]] std::string_view csa_piece(Kind k);
/// kNone for any other text.
[[nodiscard]] Kind kind_of_csa(std::string_view name);

/// How the game ended, without '%': "TORYO".
[[nodiscard]] std::string csa_end(const GameText& game);
/// Ends the game as `word` (without '%') says; false where it is unknown. Notes ends that are no result.
[[nodiscard]] bool end_by_csa(GameReader& reader, std::string_view word);
/// The words that end_by_csa takes, for a message.
inline constexpr std::string_view kCsaEnds =
    "TORYO, TSUMI, SENNICHITE, JISHOGI, HIKIWAKE, KACHI, TIME_UP, ILLEGAL_MOVE, +ILLEGAL_ACTION, -ILLEGAL_ACTION, "
    "CHUDAN, MAX_MOVES, FUZUMI, MATTA or ERROR";

/// SITE -> 場所 and so on; the keyword itself where Japanese records have no word for it.
[[nodiscard]] std::string_view header_of_csa(std::string_view keyword);
/// The way back; empty where CSA can only say it in a comment.
[[nodiscard]] std::string_view csa_keyword(std::string_view key, std::string_view value);

}  // namespace keisei::shogi
