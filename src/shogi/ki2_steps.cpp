#include "shogi/ki2_steps.h"

#include <algorithm>
#include <iterator>

namespace keisei::shogi {
namespace {

/// A step seen by the mover; only the signs matter.
struct Step {
  int forward = 0;     ///< 1: towards the other side
  int from_right = 0;  ///< 1: the piece comes from the right of the destination, -1: from the left
};

Step step_of(Color c, Square from, Square to) {
  const auto sign = [](int n) { return n > 0 ? 1 : n < 0 ? -1 : 0; };
  const int mine = c == Color::kBlack ? 1 : -1;
  return {mine * sign(rank_of(from) - rank_of(to)), mine * sign(file_of(to) - file_of(from))};
}

template <class Keep>
std::vector<Square> kept(const std::vector<Square>& from, Keep&& keep) {
  std::vector<Square> out;
  std::copy_if(from.begin(), from.end(), std::back_inserter(out), keep);
  return out;
}

std::string_view forward_word(int forward) { return forward > 0 ? "上" : forward < 0 ? "引" : "寄"; }
std::string_view side_word(int from_right) { return from_right > 0 ? "右" : from_right < 0 ? "左" : "直"; }

/// First how it moves, else from which side, else both.
Telling usual(Kind kind, Step mine, const std::vector<Step>& others) {
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
  if (!same_forward) return {.forward = mine.forward};
  // 直 is not said of a horse or a dragon: of two, the straight one is the left or the right one.
  const bool is_major = kind == Kind::kHorse || kind == Kind::kDragon;
  if (mine.from_right == 0 && is_major && from_left != from_right) return {.side = from_left ? 1 : -1};
  if (mine.from_right == 0 || !same_side) return {.side = mine.from_right};
  return {.forward = mine.forward, .side = mine.from_right};
}

}  // namespace

std::vector<Square> meant(std::vector<Square> from, Square to, Color us, const Telling& words) {
  if (words.forward) {
    from = kept(from, [&](Square s) { return step_of(us, s, to).forward == *words.forward; });
  }
  if (!words.side || from.empty()) return from;
  std::vector<Square> there = kept(from, [&](Square s) { return step_of(us, s, to).from_right == *words.side; });
  if (*words.side == 0 && there.size() > 1) {
    there = kept(there, [&](Square s) { return step_of(us, s, to).forward > 0; });
  }
  if (!there.empty() || *words.side == 0) return there;
  const int sign = us == Color::kBlack ? *words.side : -*words.side;
  const auto outer = [&](Square a, Square b) { return sign * file_of(a) < sign * file_of(b); };
  const int outermost = file_of(*std::min_element(from.begin(), from.end(), outer));
  return kept(from, [&](Square s) { return file_of(s) == outermost; });
}

Telling telling(const std::vector<Square>& reaching, Square from, Square to, Color us, Kind kind) {
  std::vector<Step> others;
  for (const Square s : reaching) {
    if (s != from) others.push_back(step_of(us, s, to));
  }
  if (others.empty()) return {};
  const Step mine = step_of(us, from, to);
  const Telling words = usual(kind, mine, others);
  if (meant(reaching, to, us, words) == std::vector<Square>{from}) return words;
  // Three or more of a kind in a composed position: direction and side together are always clear.
  return {.forward = mine.forward, .side = mine.from_right};
}

std::vector<Square> reaching(const Position& position, Kind kind, Square to) {
  const Color us = position.side();
  std::vector<Square> squares;
  (position.board().attackers(us, to, position.occupied()) & position.pieces(us, kind)).for_each([&](Square s) {
    squares.push_back(s);
  });
  return squares;
}

std::string telling_words(const Position& position, Move m) {
  const Kind kind = m.is_drop() ? m.dropped() : position.piece_on(m.from()).kind;
  const std::vector<Square> from = reaching(position, kind, m.to());
  if (m.is_drop()) return from.empty() ? "" : "打";
  const Telling words = telling(from, m.from(), m.to(), position.side(), kind);
  std::string out;
  if (words.side) out += side_word(*words.side);
  if (words.forward) out += forward_word(*words.forward);
  return out;
}

}  // namespace keisei::shogi
