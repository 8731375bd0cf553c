// Reading KIF: what it shares with KI2, and its own lines of one move each.
#include <string>

#include "shogi/illegal.h"
#include "shogi/notation.h"
#include "shogi/record_formats.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kMoveAllowed = "a line like: 1 ７六歩(77) ( 0:05/00:00:05)";
constexpr int kMostNumberDigits = 6;

/// "( 0:05/00:00:05)", "(1:00:05)" or nothing; the rest of a move line.
Result<void> read_time(GameReader& reader, Scan& scan) {
  constexpr std::string_view kAllowed = "( minutes:seconds/ the side's sum ), at most 10,000,000 seconds";
  constexpr int kMostDigits = 8;
  scan.skip_blanks();
  scan.take("+");
  scan.skip_blanks();
  if (scan.take("(")) {
    const std::size_t at = scan.at();
    scan.skip_blanks();
    double time_s = 0;
    int parts = 0;
    do {
      const std::optional<int> part = scan.number(kMostDigits);
      if (!part) return reader.last_fault(at, "the time is not understood", kAllowed);
      time_s = 60 * time_s + *part;
      ++parts;
      scan.skip_blanks();
    } while (parts < 3 && scan.take(":"));
    const std::size_t close = scan.rest().find(')');
    const bool ends_well = scan.rest().starts_with(')') || scan.rest().starts_with('/');
    if (parts < 2 || close == std::string_view::npos || !ends_well || time_s > kMaxMoveSeconds) {
      return reader.last_fault(at, "the time is not understood", kAllowed);
    }
    scan.seek(scan.at() + close + 1);
    reader.spent(time_s);
  }
  scan.skip_blanks();
  scan.take("+");
  scan.skip_blanks();
  if (!scan.done()) {
    return reader.last_fault(scan.at(), quoted_part(scan.rest()) + " is not understood", kMoveAllowed);
  }
  return {};
}

/// After the destination: piece, 成 or 不成, 打 or the origin.
Result<Move> read_piece_and_origin(const GameReader& reader, Scan& scan, Square to) {
  const std::size_t piece_at = scan.at();
  const Kind kind = take_piece(scan);
  if (kind == Kind::kNone) {
    return reader.move_fault(piece_at, quoted_part(first_character(scan.rest())) + " is no piece", kMoveAllowed);
  }
  const bool promotes = scan.take("成");
  if (!promotes && !scan.take("不成")) scan.take("生");
  scan.skip_blanks();
  if (scan.take("打")) {
    if (index(kind) > kHandKinds || promotes) {
      return reader.move_fault(piece_at, "a " + std::string(kind_name(kind)) + " cannot be dropped like this",
                               "歩 香 桂 銀 金 角 飛 and 打");
    }
    return Move::drop(kind, to);
  }
  const std::size_t origin_at = scan.at();
  std::optional<Square> from;
  if (scan.take("(")) from = take_square(scan);
  if (!from || !scan.take(")")) return reader.move_fault(origin_at, "the origin is missing", kMoveAllowed);
  const Kind stands = reader.position().piece_on(*from).kind;
  if (stands != Kind::kNone && stands != kind) {
    return reader.move_fault(piece_at,
                             "the record moves a " + std::string(kind_name(kind)) + ", but " + to_usi(*from) +
                                 " holds a " + std::string(kind_name(stands)),
                             "the piece's name before the move");
  }
  if (*from == to) return reader.move_fault(origin_at, "origin and destination are the same square", kMoveAllowed);
  return Move::board(*from, to, promotes);
}

Result<bool> kif_move_line(GameReader& reader, const KifHeader& header, std::string_view line) {
  Scan scan(line);
  scan.skip_blanks();
  const std::size_t number_at = scan.at();
  const std::optional<int> number = scan.number(kMostNumberDigits);
  if (!number) return false;
  if (reader.ended()) return reader.move_fault(number_at, "a move after the end of the game", "変化 opens a variation");
  if (static_cast<std::size_t>(*number) != reader.recorded_plies() + 1) {
    return reader.move_fault(number_at, "this move has the number " + std::to_string(*number),
                             "numbers that rise by one from 1");
  }
  scan.skip_blanks();
  take_mark(scan);
  const std::size_t at = scan.at();
  std::optional<Square> to;
  if (scan.take("同")) {
    const Result<Square> same = same_square(reader, header, at);
    if (!same) return tl::make_unexpected(same.error());
    to = *same;
    scan.skip_blanks();
  } else {
    to = take_square(scan);
  }
  if (!to) {
    const std::string_view word = scan.rest().substr(0, scan.rest().find_first_of(" \t("));
    const std::string_view trimmed_word = trimmed(word.substr(0, word.find(kWideBlank)));
    if (trimmed_word.empty()) return reader.move_fault(at, "the move is missing after its number", kMoveAllowed);
    if (!end_by_kif(reader, trimmed_word)) {
      return reader.move_fault(at, quoted_part(trimmed_word) + " is neither a move nor an end",
                               std::string(kMoveAllowed) + "; or " + std::string(kKifEnds));
    }
    scan.seek(at + trimmed_word.size());
  } else {
    if (auto ok = reader.expect_move(at, kMoveAllowed); !ok) return tl::make_unexpected(ok.error());
    const Result<Move> move = read_piece_and_origin(reader, scan, *to);
    if (!move) return tl::make_unexpected(move.error());
    if (auto ok = reader.play(*move, at); !ok) return tl::make_unexpected(ok.error());
  }
  if (auto ok = read_time(reader, scan); !ok) return tl::make_unexpected(ok.error());
  return true;
}

}  // namespace

Result<Square> same_square(const GameReader& reader, const KifHeader& header, std::size_t at) {
  if (reader.plies() > 0) return reader.last_move().to();
  if (header.square_before()) return *header.square_before();
  return reader.move_fault(at, "同 has no move before it", "a square such as ７六");
}

ReadGames read_kif_lines(RecordSource& source, MoveLine move_line) {
  constexpr std::string_view kVariation = "変化";
  GameReader reader(source, 1);
  KifHeader header(reader);
  bool in_header = true;
  bool in_variation = false;
  while (source.next()) {
    const std::string_view line = source.line();
    const bool opens_variation = trimmed(line).starts_with(kVariation);
    if (in_variation && !opens_variation) continue;
    const bool is_closing = line.starts_with("まで");
    if (in_header && !opens_variation && !is_closing) {
      const Result<bool> taken = header.take(line);
      if (!taken) return tl::make_unexpected(taken.error());
      if (*taken) continue;
    }
    if (in_header) {
      in_header = false;
      if (auto ok = header.finish(); !ok) return tl::make_unexpected(ok.error());
    }
    if (opens_variation) {
      in_variation = true;
      if (!reader.count_variation()) {
        return reader.fault(0, "there are too many variations", "at most " + std::to_string(kMaxVariations));
      }
    } else if (is_closing) {
      if (auto ok = end_by_closing_line(reader, line); !ok) return tl::make_unexpected(ok.error());
    } else if (line.starts_with('*')) {
      reader.comment(line.substr(1));
    } else if (!trimmed(line).empty() && !line.starts_with('#') && !line.starts_with('&')) {
      const Result<bool> taken = move_line(reader, header, line);
      if (!taken) return tl::make_unexpected(taken.error());
      if (!*taken) {
        return reader.fault(0, "the line " + quoted_part(line) + " is not understood",
                            "a header line with a colon, a diagram, moves, * and a comment, or まで");
      }
    }
  }
  if (in_header) {
    if (auto ok = header.finish(); !ok) return tl::make_unexpected(ok.error());
  }
  if (!header.is_known() && reader.recorded_plies() == 0 && !reader.ended()) {
    return reader.fault(0, "there is no game in the file", "moves, or a header such as 手合割：平手");
  }
  std::vector<ReadGame> games;
  Result<ReadGame> game = reader.take();
  if (!game) return tl::make_unexpected(game.error());
  games.push_back(std::move(*game));
  return games;
}

ReadGames read_kif(RecordSource& source) { return read_kif_lines(source, kif_move_line); }

}  // namespace keisei::shogi
