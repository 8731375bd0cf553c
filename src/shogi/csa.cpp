// CSA V2.2: the standard of computer shogi; a move names the piece as it stands after the move.
#include "shogi/csa_words.h"
#include "shogi/record_words.h"

namespace keisei::shogi {
namespace {

std::string name(Kind k) { return std::string(csa_piece(k)); }
std::string sign(Color c) { return c == Color::kBlack ? "+" : "-"; }
std::string digits(Square s) { return std::to_string(file_of(s)) + std::to_string(rank_of(s)); }

std::string start_lines(const Position& start) {
  if (is_usual_start(start)) return "PI\n+\n";
  std::string out;
  for (int rank = 1; rank <= 9; ++rank) {
    out += "P" + std::to_string(rank);
    for (int file = 9; file >= 1; --file) {
      const Piece piece = start.piece_on(square(file, rank));
      out += piece.kind == Kind::kNone ? " * " : sign(piece.color) + name(piece.kind);
    }
    out += "\n";
  }
  for (const Color c : {Color::kBlack, Color::kWhite}) {
    std::string hand;
    for (int k = kHandKinds; k >= 1; --k) {
      for (int n = start.hand(c, static_cast<Kind>(k)); n > 0; --n) hand += "00" + name(static_cast<Kind>(k));
    }
    if (!hand.empty()) out += "P" + sign(c) + hand + "\n";
  }
  return out + sign(start.side()) + "\n";
}

std::string move_words(const Position& position, Move m) {
  const std::string us = sign(position.side());
  if (m.is_drop()) return us + "00" + digits(m.to()) + name(m.dropped());
  const Kind k = position.piece_on(m.from()).kind;
  return us + digits(m.from()) + digits(m.to()) + name(m.promotes() ? promoted(k) : k);
}

}  // namespace

std::string write_csa(const GameText& game, const Position& start) {
  std::string out = "V2.2\n";
  if (!game.black_name.empty()) out += "N+" + one_line(game.black_name) + "\n";
  if (!game.white_name.empty()) out += "N-" + one_line(game.white_name) + "\n";
  if (!game.event.empty()) out += "$EVENT:" + one_line(game.event) + "\n";
  if (game.start_utc_s) out += "$START_TIME:" + date_and_time(*game.start_utc_s) + "\n";
  for (const HeaderLine& line : game.headers) {
    const std::string_view keyword = csa_keyword(line.key, line.value);
    out += (keyword.empty() ? "'" + line.key : "$" + std::string(keyword)) + ":" + one_line(line.value) + "\n";
  }
  out += start_lines(start) + comment_lines(comment_at(game, std::nullopt), "'*");
  Position position = start;
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    const RecordedMove& played = game.moves[i];
    out += move_words(position, played.move) + "\n";
    if (played.time_s) out += "T" + std::to_string(whole_seconds(played.time_s)) + "\n";
    out += comment_lines(comment_at(game, i), "'*");
    position.make(played.move);
  }
  out += "%" + csa_end(game) + "\n";
  if (game.end_time_s) out += "T" + std::to_string(whole_seconds(game.end_time_s)) + "\n";
  return out;
}

}  // namespace keisei::shogi
