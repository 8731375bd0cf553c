// KI2: moves as newspapers print them. The origin is not written, so where several pieces of a kind reach a square a
// word tells which: first how it moves (上 寄 引), else from which side (左 直 右), else both. Pieces are counted by
// how they move, pinned or not: what is clear among those is clear among the legal ones.
#include "shogi/ki2_steps.h"
#include "shogi/record_words.h"

namespace keisei::shogi {
namespace {

constexpr int kMovesPerLine = 6;
constexpr std::size_t kMoveColumns = 16;

std::string move_words(const Position& position, Move m, Move before) {
  const Color us = position.side();
  std::string out = us == Color::kBlack ? "▲" : "△";
  out += m.to() == before.to() && before != Move() ? "同　" : square_words(m.to());
  const Kind k = m.is_drop() ? m.dropped() : position.piece_on(m.from()).kind;
  out += piece_words(k);
  out += telling_words(position, m);
  if (m.is_drop()) return out;
  if (m.promotes()) return out + "成";
  const bool could_promote = promoted(k) != k && (camp(us).has(m.from()) || camp(us).has(m.to()));
  return out + (could_promote ? "不成" : "");
}

}  // namespace

std::string write_ki2(const GameText& game, const Position& start) {
  std::string out = header_lines(game, start) + "\n" + comment_lines(comment_at(game, std::nullopt), "*");
  Position position = start;
  int in_line = 0;
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    const Move m = game.moves[i].move;
    const std::string words = move_words(position, m, i == 0 ? Move() : game.moves[i - 1].move);
    const std::string comment = comment_lines(comment_at(game, i), "*");
    const bool ends_line = ++in_line == kMovesPerLine || !comment.empty() || i + 1 == game.moves.size();
    out += ends_line ? words + "\n" : padded(words, kMoveColumns);
    out += comment;
    if (ends_line) in_line = 0;
    position.make(m);
  }
  return out + ending_line(game, position.side());
}

}  // namespace keisei::shogi
