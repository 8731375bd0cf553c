// The words that the record writers share: Japanese names of squares and pieces, the board diagram, how a game ended,
// dates, times, comments. Internal to the writers; record_text.h is the door. UTF-8 throughout. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shogi/position.h"
#include "shogi/record_text.h"

namespace keisei::shogi {

/// "７六"
[[nodiscard]] std::string square_words(Square s);
/// As in a move: "歩", "成銀", "龍".
[[nodiscard]] std::string_view piece_words(Kind k);
/// 先手 | 後手
[[nodiscard]] std::string_view side_words(Color c);
/// Columns on a fixed grid: 1 for ASCII, 2 for anything else.
[[nodiscard]] std::size_t columns(std::string_view utf8);
/// `text` followed by blanks up to so many columns.
[[nodiscard]] std::string padded(std::string text, std::size_t width_columns);

/// Whether `position` is the usual start with Black to move.
[[nodiscard]] bool is_usual_start(const Position& position);
/// The header lines of KIF and KI2: event, date, names, and the start as a handicap name or a board diagram.
[[nodiscard]] std::string header_lines(const GameText& game, const Position& start);
/// The last line of KIF and KI2, "まで…手で…"; `side` is to move at the end.
[[nodiscard]] std::string ending_line(const GameText& game, Color side);

/// "2026/03/01 12:00:00"
[[nodiscard]] std::string date_and_time(std::int64_t utc_s);
/// The way back, for exactly this form and a date that exists.
[[nodiscard]] std::optional<std::int64_t> seconds_of(std::string_view text);
/// Whole seconds, rounded down; 0 where none are known.
[[nodiscard]] std::int64_t whole_seconds(const std::optional<double>& time_s);
/// Control characters become blanks.
[[nodiscard]] std::string one_line(std::string_view text);
/// `text` split at line feeds, each line prefixed and ended; nothing for an empty text.
[[nodiscard]] std::string comment_lines(std::string_view text, std::string_view prefix);
/// The comment after move `i` (from 0), or before the first one for nothing, with a remark on an end that the formats
/// have no word for where it is the last.
[[nodiscard]] std::string comment_at(const GameText& game, std::optional<std::size_t> i);

/// The way back after reading: a remark that ends the last comment is taken out of it and tells the end; empty lines at
/// the end of a comment go.
void take_remark(GameText& game);

/// The writers; `start` is the game's, and every move is legal.
[[nodiscard]] std::string write_kif(const GameText& game, const Position& start);
[[nodiscard]] std::string write_ki2(const GameText& game, const Position& start);
[[nodiscard]] std::string write_csa(const GameText& game, const Position& start);
[[nodiscard]] std::string write_jkf(const GameText& game, const Position& start);

}  // namespace keisei::shogi
