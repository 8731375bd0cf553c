// KIF: one move a line with its origin and the time spent.
#include <array>
#include <cstdio>

#include "shogi/record_words.h"

namespace keisei::shogi {
namespace {

constexpr std::size_t kMoveColumns = 14;

std::string move_words(const Position& position, Move m, Move before) {
  std::string out = m.to() == before.to() && before != Move() ? "同　" : square_words(m.to());
  if (m.is_drop()) return out + std::string(piece_words(m.dropped())) + "打";
  out += piece_words(position.piece_on(m.from()).kind);
  if (m.promotes()) out += "成";
  return out + "(" + std::to_string(file_of(m.from())) + std::to_string(rank_of(m.from())) + ")";
}

/// "( 1:05/00:12:30)": of this move, and of the side so far.
std::string time_words(std::int64_t now_s, std::int64_t sum_s) {
  std::array<char, 96> text{};
  const int n =
      std::snprintf(text.data(), text.size(), "(%2lld:%02lld/%02lld:%02lld:%02lld)", static_cast<long long>(now_s / 60),
                    static_cast<long long>(now_s % 60), static_cast<long long>(sum_s / 3600),
                    static_cast<long long>(sum_s / 60 % 60), static_cast<long long>(sum_s % 60));
  return {text.data(), static_cast<std::size_t>(n)};
}

std::string line(std::size_t number, const std::string& what, const std::string& time) {
  std::array<char, 32> text{};
  const int n = std::snprintf(text.data(), text.size(), "%4zu ", number);
  const std::string head(text.data(), static_cast<std::size_t>(n));
  return head + (time.empty() ? what : padded(what, kMoveColumns) + time) + "\n";
}

std::string_view end_words(const GameText& game, Color side) {
  switch (game.end) {
    case RecordEnd::kUnfinished:
    case RecordEnd::kMaxMoves:
      break;
    case RecordEnd::kResign:
    case RecordEnd::kNoLegalMoves:
      return "投了";
    case RecordEnd::kCheckmate:
      return "詰み";
    case RecordEnd::kRepetition:
      return "千日手";
    case RecordEnd::kPerpetualCheck:
    case RecordEnd::kFoulBefore:
      return game.winner == winner_of(side) ? "反則勝ち" : "反則負け";
    case RecordEnd::kImpasse:
      return "持将棋";
    case RecordEnd::kDeclaration:
      return game.winner == Winner::kNone ? "持将棋" : "入玉勝ち";
    case RecordEnd::kIllegalMove:
    case RecordEnd::kIllegalDeclaration:
      return "反則負け";
    case RecordEnd::kTimeout:
      return "切れ負け";
  }
  return "中断";
}

}  // namespace

std::string write_kif(const GameText& game, const Position& start) {
  std::string out = "# KIF version=2.0 encoding=UTF-8\n" + header_lines(game, start);
  out += "手数----指手---------消費時間--\n" + comment_lines(comment_at(game, std::nullopt), "*");
  Position position = start;
  std::array<std::int64_t, 2> sums_s{};
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    const RecordedMove& played = game.moves[i];
    const std::int64_t now_s = whole_seconds(played.time_s);
    std::int64_t& sum_s = sums_s[static_cast<std::size_t>(index(position.side()))];
    sum_s += now_s;
    const Move before = i == 0 ? Move() : game.moves[i - 1].move;
    out += line(i + 1, move_words(position, played.move, before), played.time_s ? time_words(now_s, sum_s) : "");
    out += comment_lines(comment_at(game, i), "*");
    position.make(played.move);
  }
  const std::int64_t end_s = whole_seconds(game.end_time_s);
  const std::int64_t sum_s = sums_s[static_cast<std::size_t>(index(position.side()))] + end_s;
  out += line(game.moves.size() + 1, std::string(end_words(game, position.side())),
              game.end_time_s ? time_words(end_s, sum_s) : "");
  return out + ending_line(game, position.side());
}

}  // namespace keisei::shogi
