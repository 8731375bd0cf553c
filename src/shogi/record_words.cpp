#include "shogi/record_words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "shogi/record_source.h"
#include "shogi/start_setup.h"

namespace keisei::shogi {
namespace {

constexpr std::array<std::string_view, 10> kWideDigits{"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
constexpr std::array<std::string_view, 10> kKanjiDigits{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
constexpr std::array<std::string_view, kKinds> kMoveNames{"",   "歩", "香",   "桂",   "銀",   "角", "飛", "金",
                                                          "玉", "と", "成香", "成桂", "成銀", "馬", "龍"};
constexpr std::array<std::string_view, kKinds> kBoardNames{"",   "歩", "香", "桂", "銀", "角", "飛", "金",
                                                           "玉", "と", "杏", "圭", "全", "馬", "龍"};
constexpr std::array<Kind, kHandKinds> kHandOrder{Kind::kRook,   Kind::kBishop, Kind::kGold, Kind::kSilver,
                                                  Kind::kKnight, Kind::kLance,  Kind::kPawn};

/// 1-99
std::string kanji_number(int n) {
  std::string out;
  if (n >= 20) out += kKanjiDigits[static_cast<std::size_t>(n / 10 % 10)];
  if (n >= 10) out += "十";
  return out += kKanjiDigits[static_cast<std::size_t>(n % 10)];
}

std::string hand_words(const Position& position, Color c) {
  std::string out;
  for (const Kind k : kHandOrder) {
    const int n = position.hand(c, k);
    if (n == 0) continue;
    out += kBoardNames[static_cast<std::size_t>(index(k))];
    if (n > 1) out += kanji_number(n);
    out += kWideBlank;
  }
  return out.empty() ? "なし" : out;
}

std::string board_diagram(const Position& position) {
  const std::string edge = "+---------------------------+\n";
  std::string out = "後手の持駒：" + hand_words(position, Color::kWhite) + "\n  ９ ８ ７ ６ ５ ４ ３ ２ １\n" + edge;
  for (int rank = 1; rank <= 9; ++rank) {
    out += "|";
    for (int file = 9; file >= 1; --file) {
      const Piece piece = position.piece_on(square(file, rank));
      out += piece.kind != Kind::kNone && piece.color == Color::kWhite ? "v" : " ";
      out += piece.kind == Kind::kNone ? "・" : kBoardNames[static_cast<std::size_t>(index(piece.kind))];
    }
    out += "|" + kanji_number(rank) + "\n";
  }
  return out + edge + "先手の持駒：" + hand_words(position, Color::kBlack) + "\n" +
         std::string(side_words(position.side())) + "番\n";
}

/// What the formats have no word for, said in the last comment.
std::string_view remark(RecordEnd end) {
  switch (end) {
    case RecordEnd::kNoLegalMoves:
      return "No legal move is left.";
    case RecordEnd::kPerpetualCheck:
      return "Perpetual check.";
    case RecordEnd::kMaxMoves:
      return "Cut by the move limit.";
    case RecordEnd::kIllegalDeclaration:
      return "Declared without the conditions.";
    default:
      return {};
  }
}

}  // namespace

std::string square_words(Square s) {
  return std::string(kWideDigits[static_cast<std::size_t>(file_of(s))]) + kanji_number(rank_of(s));
}

std::string_view piece_words(Kind k) { return kMoveNames[static_cast<std::size_t>(index(k))]; }
std::string_view side_words(Color c) { return c == Color::kBlack ? "先手" : "後手"; }

std::size_t columns(std::string_view utf8) {
  std::size_t n = 0;
  for (const char c : utf8) {
    if ((c & 0xC0) == 0x80) continue;
    n += (c & 0x80) == 0 ? 1 : 2;
  }
  return n;
}

std::string padded(std::string text, std::size_t width_columns) {
  const std::size_t used = columns(text);
  if (used < width_columns) text.append(width_columns - used, ' ');
  return text;
}

bool is_usual_start(const Position& position) { return position.board().same_position(Position::start().board()); }

std::string header_lines(const GameText& game, const Position& start) {
  std::string out;
  if (!game.event.empty()) out += "棋戦：" + one_line(game.event) + "\n";
  if (game.start_utc_s) out += "開始日時：" + date_and_time(*game.start_utc_s) + "\n";
  for (const HeaderLine& line : game.headers) out += line.key + "：" + one_line(line.value) + "\n";
  const Handicap* handicap = handicap_of(start);
  if (handicap != nullptr) out += "手合割：" + std::string(handicap->kif) + "\n";
  if (!game.black_name.empty()) out += "先手：" + one_line(game.black_name) + "\n";
  if (!game.white_name.empty()) out += "後手：" + one_line(game.white_name) + "\n";
  if (handicap == nullptr) out += board_diagram(start);
  return out;
}

std::string ending_line(const GameText& game, Color side) {
  const std::string us(side_words(side));
  const std::string them(side_words(~side));
  std::string how = "中断";
  switch (game.end) {
    case RecordEnd::kUnfinished:
    case RecordEnd::kMaxMoves:
      break;
    case RecordEnd::kResign:
    case RecordEnd::kNoLegalMoves:
      how = them + "の勝ち";
      break;
    case RecordEnd::kCheckmate:
      how = "詰み";
      break;
    case RecordEnd::kRepetition:
      how = "千日手";
      break;
    case RecordEnd::kPerpetualCheck:
    case RecordEnd::kFoulBefore:
      how = us + (game.winner == winner_of(side) ? "の反則勝ち" : "の反則負け");
      break;
    case RecordEnd::kImpasse:
      how = "持将棋";
      break;
    case RecordEnd::kDeclaration:
      how = game.winner == Winner::kNone ? "持将棋" : us + "の入玉勝ち";
      break;
    case RecordEnd::kIllegalMove:
    case RecordEnd::kIllegalDeclaration:
      how = us + "の反則負け";
      break;
    case RecordEnd::kTimeout:
      how = "時間切れにより" + them + "の勝ち";
      break;
  }
  return "まで" + std::to_string(game.moves.size()) + "手で" + how + "\n";
}

std::string date_and_time(std::int64_t utc_s) {
  const std::chrono::sys_seconds when{std::chrono::seconds(utc_s)};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<std::chrono::seconds> time(when - day);
  std::array<char, 64> text{};
  const int n = std::snprintf(text.data(), text.size(), "%04d/%02u/%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                              static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                              static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                              static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(n)};
}

std::optional<std::int64_t> seconds_of(std::string_view text) {
  constexpr std::size_t kLength = 19;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  const std::string terminated(text.substr(0, kLength + 1));
  if (std::sscanf(terminated.c_str(), "%4d/%2u/%2u %2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_seconds when = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                                        std::chrono::minutes(minute) + std::chrono::seconds(second);
  const std::int64_t utc_s = when.time_since_epoch().count();
  const bool is_exact = utc_s >= 0 && utc_s <= kMaxStartUtcSeconds && date_and_time(utc_s) == text;
  return is_exact ? std::optional(utc_s) : std::nullopt;
}

std::int64_t whole_seconds(const std::optional<double>& time_s) {
  return static_cast<std::int64_t>(time_s.value_or(0));
}

std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if ((c >= 0 && c < ' ') || c == 0x7F) c = ' ';
  }
  return out;
}

std::string comment_lines(std::string_view text, std::string_view prefix) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    out += std::string(prefix) + one_line(line) + "\n";
  }
  return out;
}

std::string comment_at(const GameText& game, std::optional<std::size_t> i) {
  std::string text = i ? game.moves[*i].comment : game.comment;
  const bool is_last = i ? *i + 1 == game.moves.size() : game.moves.empty();
  if (is_last && !remark(game.end).empty()) {
    if (!text.empty() && text.back() != '\n') text += '\n';
    text += remark(game.end);
  }
  return text;
}

void take_remark(GameText& game) {
  const auto without_empty_lines = [](std::string& text) {
    while (text.ends_with('\n')) text.pop_back();
  };
  without_empty_lines(game.comment);
  for (RecordedMove& played : game.moves) without_empty_lines(played.comment);
  std::string& last = game.moves.empty() ? game.comment : game.moves.back().comment;
  const std::size_t line_at = last.rfind('\n') == std::string::npos ? 0 : last.rfind('\n') + 1;
  const std::string_view line = std::string_view(last).substr(line_at);
  const auto told = [&](RecordEnd as_word, RecordEnd meant) {
    return game.end == as_word && !line.empty() && line == remark(meant);
  };
  const RecordEnd written = game.end;
  if (told(RecordEnd::kResign, RecordEnd::kNoLegalMoves)) game.end = RecordEnd::kNoLegalMoves;
  if (told(RecordEnd::kUnfinished, RecordEnd::kMaxMoves)) game.end = RecordEnd::kMaxMoves;
  if (told(RecordEnd::kIllegalMove, RecordEnd::kIllegalDeclaration)) game.end = RecordEnd::kIllegalDeclaration;
  if (told(RecordEnd::kIllegalMove, RecordEnd::kPerpetualCheck)) game.end = RecordEnd::kPerpetualCheck;
  if (told(RecordEnd::kFoulBefore, RecordEnd::kPerpetualCheck)) game.end = RecordEnd::kPerpetualCheck;
  if (game.end == written && !told(written, written)) return;
  last.erase(line_at);
  without_empty_lines(last);
}

}  // namespace keisei::shogi
