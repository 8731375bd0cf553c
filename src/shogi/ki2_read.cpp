// Reading KI2: the origin is not written, so each move is the one among the pieces that reach the square that the words
// single out. A name alone means the piece on the board, and the one in hand only where none on the board gets there.
#include <algorithm>
#include <iterator>
#include <string>

#include "shogi/ki2_steps.h"
#include "shogi/notation.h"
#include "shogi/record_formats.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kMoveAllowed = "moves like ▲７六歩 △同　銀左上成, with 打 for a drop";

struct Words {
  Telling telling;
  bool drops = false;
  bool promotes = false;
};

Words take_words(Scan& scan) {
  Words words;
  for (bool more = true; more;) {
    more = true;
    if (scan.take("上") || scan.take("行") || scan.take("入")) {
      words.telling.forward = 1;
    } else if (scan.take("寄")) {
      words.telling.forward = 0;
    } else if (scan.take("引")) {
      words.telling.forward = -1;
    } else if (scan.take("右")) {
      words.telling.side = 1;
    } else if (scan.take("直")) {
      words.telling.side = 0;
    } else if (scan.take("左")) {
      words.telling.side = -1;
    } else if (scan.take("打")) {
      words.drops = true;
    } else if (scan.take("成")) {
      words.promotes = true;
    } else {
      more = scan.take("不成") || scan.take("生");
    }
  }
  return words;
}

Result<Move> resolve(const GameReader& reader, Kind kind, Square to, const Words& words, std::size_t at) {
  const Position& position = reader.position();
  const Color us = position.side();
  const std::vector<Square> there = reaching(position, kind, to);
  const auto is_legal = [&](Square s) { return position.is_legal(Move::board(s, to, words.promotes)); };
  const bool can_drop = index(kind) <= kHandKinds && position.hand(us, kind) > 0;
  const bool is_plain = !words.promotes && !words.telling.forward && !words.telling.side;
  if (is_plain && can_drop && std::none_of(there.begin(), there.end(), is_legal)) return Move::drop(kind, to);
  if (words.drops || (there.empty() && can_drop)) {
    if (index(kind) > kHandKinds || words.promotes) {
      return reader.move_fault(at, "a drop of what cannot be dropped", kMoveAllowed);
    }
    return Move::drop(kind, to);
  }
  std::vector<Square> from = meant(there, to, us, words.telling);
  if (from.size() > 1) {
    std::vector<Square> legal;
    std::copy_if(from.begin(), from.end(), std::back_inserter(legal), is_legal);
    if (!legal.empty()) from = legal;
  }
  const auto named = [](const std::vector<Square>& squares) {
    std::string text;
    for (const Square s : squares) text += (text.empty() ? "" : " or ") + to_usi(s);
    return text;
  };
  if (there.empty()) {
    return reader.move_fault(at, "no such piece gets to " + to_usi(to), "a piece of the side to move that reaches it");
  }
  if (from.empty()) {
    return reader.move_fault(at, "左 直 右 上 寄 引 do not fit a piece that gets to " + to_usi(to),
                             "the words for a move from " + named(there));
  }
  if (from.size() > 1) {
    return reader.move_fault(at, "the move can start from " + named(from), "左 直 右 上 寄 引 tell them apart");
  }
  return Move::board(from.front(), to, words.promotes);
}

Result<void> read_move(GameReader& reader, const KifHeader& header, Scan& scan) {
  const std::size_t at = scan.at();
  const std::optional<Color> mark = take_mark(scan);
  if (!mark) return reader.move_fault(at, quoted_part(scan.rest()) + " is no move", kMoveAllowed);
  if (auto ok = reader.expect_move(at, "変化 opens a variation"); !ok) return ok;
  if (*mark != reader.position().side()) {
    const bool black = *mark == Color::kBlack;
    return reader.move_fault(at, std::string(black ? "Black" : "White") + " moves out of turn",
                             black ? "△: White is to move" : "▲: Black is to move");
  }
  const std::size_t to_at = scan.at();
  std::optional<Square> to;
  if (scan.take("同")) {
    const Result<Square> same = same_square(reader, header, to_at);
    if (!same) return tl::make_unexpected(same.error());
    to = *same;
    scan.skip_blanks();
  } else {
    to = take_square(scan);
  }
  if (!to) return reader.move_fault(to_at, quoted_part(scan.rest()) + " is no square", kMoveAllowed);
  const Kind kind = take_piece(scan);
  if (kind == Kind::kNone) {
    return reader.move_fault(scan.at(), quoted_part(first_character(scan.rest())) + " is no piece", kMoveAllowed);
  }
  const Words words = take_words(scan);
  const Result<Move> move = resolve(reader, kind, *to, words, at);
  if (!move) return tl::make_unexpected(move.error());
  return reader.play(*move, at);
}

Result<bool> ki2_move_line(GameReader& reader, const KifHeader& header, std::string_view line) {
  Scan scan(line);
  scan.skip_blanks();
  Scan ahead = scan;
  if (!take_mark(ahead)) return false;
  for (; !scan.done(); scan.skip_blanks()) {
    if (auto ok = read_move(reader, header, scan); !ok) return tl::make_unexpected(ok.error());
  }
  return true;
}

}  // namespace

ReadGames read_ki2(RecordSource& source) { return read_kif_lines(source, ki2_move_line); }

}  // namespace keisei::shogi
