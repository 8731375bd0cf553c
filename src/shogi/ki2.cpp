// KI2: moves as newspapers print them. The origin is not written, so where several pieces of a kind reach a square a
// word tells which: first how it moves (上 寄 引), else from which side (左 直 右), else both. Pieces are counted by
// how they move, pinned or not: what is clear among those is clear among the legal ones.
#include "shogi/record_words.h"

namespace keisei::shogi {
namespace {

constexpr int kMovesPerLine = 6;
constexpr std::size_t kMoveColumns = 16;

/// A step seen by the mover: forward and to the right are positive; only the signs matter.
struct Step {
  int forward = 0;
  int from_right = 0;  ///< 1: the piece comes from the right of the destination, -1: from the left
};

int sign(int n) { return n > 0 ? 1 : n < 0 ? -1 : 0; }

Step step_of(Color c, Square from, Square to) {
  const int mine = c == Color::kBlack ? 1 : -1;
  return {mine * sign(rank_of(from) - rank_of(to)), mine * sign(file_of(to) - file_of(from))};
}

std::string_view forward_words(int forward) { return forward > 0 ? "上" : forward < 0 ? "引" : "寄"; }
std::string_view side_words_of(int from_right) { return from_right > 0 ? "右" : from_right < 0 ? "左" : "直"; }

/// The word for a piece whose step is `mine`, while others of its kind step as `others`.
std::string telling_words(Kind k, Step mine, const std::vector<Step>& others) {
  bool same_forward = false;
  bool same_side = false;
  bool from_left = false;
  bool from_right = false;
  for (const Step& other : others) {
    if (other.forward == mine.forward) same_forward = true;
    if (other.from_right == mine.from_right) same_side = true;
    if (other.from_right < 0) from_left = true;
    if (other.from_right > 0) from_right = true;
  }
  if (!same_forward) return std::string(forward_words(mine.forward));
  // 直 is not said of a horse or a dragon: of two, the straight one is the left or the right one.
  const bool is_major = k == Kind::kHorse || k == Kind::kDragon;
  if (mine.from_right == 0 && is_major && from_left != from_right) return from_left ? "右" : "左";
  if (mine.from_right == 0 || !same_side) return std::string(side_words_of(mine.from_right));
  return std::string(side_words_of(mine.from_right)) + std::string(forward_words(mine.forward));
}

std::string move_words(const Position& position, Move m, Move before) {
  const Color us = position.side();
  std::string out = us == Color::kBlack ? "▲" : "△";
  out += m.to() == before.to() && before != Move() ? "同　" : square_words(m.to());
  const Kind k = m.is_drop() ? m.dropped() : position.piece_on(m.from()).kind;
  out += piece_words(k);
  const Bitboard reaching = position.board().attackers(us, m.to(), position.occupied()) & position.pieces(us, k);
  if (m.is_drop()) return out + (reaching.any() ? "打" : "");
  std::vector<Step> others;
  reaching.for_each([&](Square s) {
    if (s != m.from()) others.push_back(step_of(us, s, m.to()));
  });
  if (!others.empty()) out += telling_words(k, step_of(us, m.from(), m.to()), others);
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
