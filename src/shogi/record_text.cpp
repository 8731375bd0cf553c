#include "shogi/record_text.h"

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
constexpr std::array<FormatRow, 4> kFormats{{{RecordFormat::kKif, "kif", ".kifu"},
                                             {RecordFormat::kKi2, "ki2", ".ki2u"},
                                             {RecordFormat::kCsa, "csa", ".csa"},
                                             {RecordFormat::kUsi, "usi", ".usi"}}};

const FormatRow& row_of(RecordFormat format) { return kFormats[static_cast<std::size_t>(format)]; }

/// Whether the rules let a game end so, with `side` to move, for `winner`.
bool is_possible(RecordEnd end, Winner winner, Color side) {
  switch (end) {
    case RecordEnd::kUnfinished:
    case RecordEnd::kRepetition:
    case RecordEnd::kMaxMoves:
      return winner == Winner::kNone;
    case RecordEnd::kPerpetualCheck:
      return winner != Winner::kNone;
    case RecordEnd::kDeclaration:
      return winner != winner_of(~side);
    default:
      return winner == winner_of(~side);
  }
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
  Position position = start;
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    const RecordedMove& played = game.moves[i];
    const std::string where = "move " + std::to_string(i + 1) + " of the record";
    if (played.time_s && !(std::isfinite(*played.time_s) && *played.time_s >= 0 && *played.time_s <= kMaxMoveSeconds)) {
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
              "kif, ki2, csa or usi");
}

std::string_view to_string(RecordFormat format) { return row_of(format).name; }
std::string_view file_extension(RecordFormat format) { return row_of(format).extension; }

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
    case RecordFormat::kUsi:
      break;
  }
  return write_usi(game, *start);
}

}  // namespace keisei::shogi
