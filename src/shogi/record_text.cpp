#include "shogi/record_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "shogi/notation.h"
#include "shogi/record_words.h"

namespace keisei::shogi {
namespace {

struct FormatRow {
  RecordFormat format;
  std::string_view name;
  std::string_view extension;
};
constexpr std::array<FormatRow, 5> kFormats{{{RecordFormat::kKif, "kif", ".kifu"},
                                             {RecordFormat::kKi2, "ki2", ".ki2u"},
                                             {RecordFormat::kCsa, "csa", ".csa"},
                                             {RecordFormat::kUsi, "usi", ".usi"},
                                             {RecordFormat::kJkf, "jkf", ".jkf"}}};

const FormatRow& row_of(RecordFormat format) { return kFormats[static_cast<std::size_t>(format)]; }

/// Whether the rules let a game end so, with `side` to move, for `winner`.
bool is_possible(RecordEnd end, Winner winner, Color side) {
  switch (end) {
    case RecordEnd::kUnfinished:
    case RecordEnd::kRepetition:
    case RecordEnd::kImpasse:
    case RecordEnd::kMaxMoves:
      return winner == Winner::kNone;
    case RecordEnd::kPerpetualCheck:
      return winner != Winner::kNone;
    case RecordEnd::kDeclaration:
      return winner != winner_of(~side);
    case RecordEnd::kFoulBefore:
      return winner == winner_of(side);
    default:
      return winner == winner_of(~side);
  }
}

bool is_time(const std::optional<double>& time_s) {
  return !time_s || (std::isfinite(*time_s) && *time_s >= 0 && *time_s <= kMaxMoveSeconds);
}

/// Plays the game; the position at its end.
Result<Position> checked(const GameText& game, const Position& start) {
  if (game.moves.size() > kMaxRecordMoves) {
    return fail(Code::kBadData, "a record of " + std::to_string(game.moves.size()) + " moves is too long",
                "at most " + std::to_string(kMaxRecordMoves) + " moves");
  }
  if (game.start_utc_s && (*game.start_utc_s < 0 || *game.start_utc_s > kMaxStartUtcSeconds)) {
    return fail(Code::kBadData, "the record's start time is out of range", "seconds since 1970, up to the year 9999");
  }
  if (!is_time(game.end_time_s)) {
    return fail(Code::kBadData, "the time of the record's end is out of range", "0 to 10,000,000 seconds");
  }
  for (const HeaderLine& line : game.headers) {
    if (!is_header_key(line.key)) {
      return fail(Code::kBadData, "the record has a header line that no format could write",
                  "a key of 1 to 64 bytes without blanks and colons that is no word of a format");
    }
  }
  Position position = start;
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    const RecordedMove& played = game.moves[i];
    const std::string where = "move " + std::to_string(i + 1) + " of the record";
    if (!is_time(played.time_s)) {
      return fail(Code::kBadData, where + ": its time is out of range", "0 to 10,000,000 seconds");
    }
    if (auto legal = position.play(played.move); !legal) {
      return fail(Code::kBadData, where + ": " + legal.error().message, legal.error().hint);
    }
  }
  if (!is_possible(game.end, game.winner, position.side())) {
    return fail(Code::kBadData, "the record's end and its winner do not fit the side to move",
                "who resigns, is mated, runs out of time or breaks the rules is to move and loses");
  }
  return position;
}

std::string write_usi(const GameText& game, const Position& start) {
  std::string out = is_usual_start(start) ? "startpos" : "sfen " + start.sfen();
  if (!game.moves.empty()) out += " moves";
  for (const RecordedMove& played : game.moves) out += " " + to_usi(played.move);
  return out + "\n";
}

}  // namespace

Result<RecordFormat> parse_record_format(std::string_view name) {
  for (const FormatRow& row : kFormats) {
    if (row.name == name) return row.format;
  }
  constexpr std::size_t kMostShown = 32;
  return fail(Code::kUsage, "unknown record format '" + std::string(name.substr(0, kMostShown)) + "'",
              "kif, ki2, csa, usi or jkf");
}

std::string_view to_string(RecordFormat format) { return row_of(format).name; }
std::string_view file_extension(RecordFormat format) { return row_of(format).extension; }
bool holds_many_games(RecordFormat format) { return format == RecordFormat::kCsa || format == RecordFormat::kUsi; }

bool is_header_key(std::string_view key) {
  constexpr std::size_t kMostBytes = 64;
  constexpr std::string_view kNoFirst = "0123456789*#&|+-'/%$\"()[]{}";
  // What opens a line of another meaning in KIF or KI2, and what GameText has fields for.
  constexpr std::array<std::string_view, 8> kOpenings{"まで", "変化", "手数", "手合割", "▲", "△", "▽", "▼"};
  constexpr std::array<std::string_view, 13> kTaken{"先手",       "後手",       "下手",      "上手",   "棋戦",
                                                    "先手番",     "後手番",     "下手番",    "上手番", "先手の持駒",
                                                    "後手の持駒", "下手の持駒", "上手の持駒"};
  if (key.empty() || key.size() > kMostBytes || kNoFirst.find(key.front()) != std::string_view::npos) return false;
  for (const char c : key) {
    if ((c >= 0 && c <= ' ') || c == 0x7F || c == ':') return false;
  }
  if (key.find("：") != std::string_view::npos || key.find("　") != std::string_view::npos) return false;
  return std::none_of(kOpenings.begin(), kOpenings.end(), [&](std::string_view o) { return key.starts_with(o); }) &&
         std::none_of(kTaken.begin(), kTaken.end(), [&](std::string_view t) { return key == t; });
}

Result<std::string> export_record(const GameText& game, RecordFormat format) {
  const Result<Position> start = Position::from_sfen(game.start_sfen);
  if (!start) return tl::make_unexpected(start.error());
  if (const Result<Position> end = checked(game, *start); !end) return tl::make_unexpected(end.error());
  switch (format) {
    case RecordFormat::kKif:
      return write_kif(game, *start);
    case RecordFormat::kKi2:
      return write_ki2(game, *start);
    case RecordFormat::kCsa:
      return write_csa(game, *start);
    case RecordFormat::kJkf:
      return write_jkf(game, *start);
    case RecordFormat::kUsi:
      break;
  }
  return write_usi(game, *start);
}

Result<std::string> export_records(std::span<const GameText> games, RecordFormat format) {
  if (games.empty()) return fail(Code::kBadData, "there is no game to write", "at least one game");
  if (games.size() > 1 && !holds_many_games(format)) {
    return fail(Code::kBadData,
                "a " + std::string(to_string(format)) + " file holds one game, not " + std::to_string(games.size()),
                "csa and usi hold several");
  }
  std::string out;
  for (std::size_t i = 0; i < games.size(); ++i) {
    const Result<std::string> one = export_record(games[i], format);
    if (!one) {
      return fail(one.error().code, "game " + std::to_string(i + 1) + ": " + one.error().message, one.error().hint);
    }
    if (i > 0 && format == RecordFormat::kCsa) out += "/\n";
    out += *one;
  }
  return out;
}

}  // namespace keisei::shogi
