// Reading USI and SFEN: one game a line, "startpos moves …", "sfen … moves …", with or without "position" before it, or
// a bare SFEN. Lines that begin with # are remarks.
#include <algorithm>
#include <string>

#include "shogi/notation.h"
#include "shogi/record_formats.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kAllowed = "startpos or [sfen] and an SFEN, then nothing or: moves 7g7f 3c3d";

/// Where the words of the line that begin at `at` end.
std::size_t end_of_word(std::string_view line, std::size_t at) { return std::min(line.find(' ', at), line.size()); }

Result<ReadGame> read_line(const RecordSource& source, std::size_t number) {
  GameReader reader(source, number);
  const std::string_view line = source.line().substr(0, source.line().find_last_not_of(" \t") + 1);
  Scan scan(line);
  scan.skip_blanks();
  if (scan.take("position ")) scan.skip_blanks();
  const std::size_t start_at = scan.at();
  std::size_t end = end_of_word(line, start_at);
  if (!scan.take("startpos")) {
    if (scan.take("sfen ")) scan.skip_blanks();
    constexpr int kFields = 4;
    end = scan.at();
    std::string sfen;
    for (int i = 0; i < kFields; ++i) {
      const std::size_t at = i == 0 ? end : std::min(end + 1, line.size());
      const std::string_view field = line.substr(at, end_of_word(line, at) - at);
      const bool is_number_left_out = i == kFields - 1 && (field.empty() || field == "moves") && !sfen.ends_with(' ');
      sfen += (i > 0 ? " " : "") + std::string(is_number_left_out ? "1" : field);
      if (!is_number_left_out) end = at + field.size();
    }
    sfen.erase(sfen.find_last_not_of(' ') + 1);
    const Result<Position> start = Position::from_sfen(sfen);
    if (!start) return reader.fault(start_at, start.error().message, start.error().hint);
    reader.start_from(*start);
  } else if (end != scan.at()) {
    return reader.fault(start_at, quoted_part(line.substr(start_at, end - start_at)) + " is no start", kAllowed);
  }
  scan.seek(end);
  scan.skip_blanks();
  if (scan.done()) return reader.take();
  if (!scan.take("moves") || (!scan.done() && !scan.rest().starts_with(' '))) {
    return reader.fault(scan.at(), quoted_part(scan.rest()) + " is not understood", kAllowed);
  }
  for (scan.skip_blanks(); !scan.done(); scan.skip_blanks()) {
    const std::size_t at = scan.at();
    if (auto ok = reader.expect_move(at, kAllowed); !ok) return tl::make_unexpected(ok.error());
    const std::string_view word = line.substr(at, end_of_word(line, at) - at);
    const Result<Move> move = parse_usi(word);
    if (!move) return reader.move_fault(at, move.error().message, move.error().hint);
    if (auto ok = reader.play(*move, at); !ok) return tl::make_unexpected(ok.error());
    scan.seek(at + word.size());
  }
  return reader.take();
}

}  // namespace

ReadGames read_usi(RecordSource& source) {
  std::vector<ReadGame> games;
  while (source.next()) {
    if (trimmed(source.line()).empty() || source.line().starts_with('#')) continue;
    if (games.size() >= kMaxGamesPerFile) {
      return source.fault(0, 0, 0, "there are too many games", "at most " + std::to_string(kMaxGamesPerFile));
    }
    Result<ReadGame> game = read_line(source, games.size() + 1);
    if (!game) return tl::make_unexpected(game.error());
    games.push_back(std::move(*game));
  }
  return games;
}

}  // namespace keisei::shogi
