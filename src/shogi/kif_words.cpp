#include "shogi/kif_words.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace keisei::shogi {
namespace {

constexpr std::array<std::string_view, 9> kWideDigits{"１", "２", "３", "４", "５", "６", "７", "８", "９"};
constexpr std::array<std::string_view, 9> kKanjiDigits{"一", "二", "三", "四", "五", "六", "七", "八", "九"};

struct PieceRow {
  std::string_view word;
  Kind kind;
};
// Words of two characters first.
constexpr std::array<PieceRow, 22> kPieces{
    {{"成香", Kind::kProLance}, {"成桂", Kind::kProKnight}, {"成銀", Kind::kProSilver}, {"歩", Kind::kPawn},
     {"香", Kind::kLance},      {"桂", Kind::kKnight},      {"銀", Kind::kSilver},      {"金", Kind::kGold},
     {"角", Kind::kBishop},     {"飛", Kind::kRook},        {"玉", Kind::kKing},        {"王", Kind::kKing},
     {"と", Kind::kProPawn},    {"杏", Kind::kProLance},    {"圭", Kind::kProKnight},   {"全", Kind::kProSilver},
     {"馬", Kind::kHorse},      {"龍", Kind::kDragon},      {"竜", Kind::kDragon},      {"仝", Kind::kProLance},
     {"今", Kind::kProKnight},  {"个", Kind::kProPawn}}};

struct EndRow {
  std::string_view word;
  EndWord end;
  bool is_said_whole;  ///< nothing is lost by it
};
constexpr std::array<EndRow, 18> kEnds{{{"投了", EndWord::kResign, true},
                                        {"詰み", EndWord::kCheckmate, true},
                                        {"詰", EndWord::kCheckmate, true},
                                        {"千日手", EndWord::kRepetition, true},
                                        {"持将棋", EndWord::kImpasse, true},
                                        {"引き分け", EndWord::kDeclarationDraw, true},
                                        {"引分", EndWord::kDeclarationDraw, true},
                                        {"入玉勝ち", EndWord::kDeclarationWin, true},
                                        {"切れ負け", EndWord::kTimeout, true},
                                        {"反則負け", EndWord::kFoulOfMover, true},
                                        {"反則勝ち", EndWord::kFoulOfOther, true},
                                        {"中断", EndWord::kInterrupted, true},
                                        {"最大手数", EndWord::kMaxMoves, true},
                                        {"封じ手", EndWord::kInterrupted, false},
                                        {"不詰", EndWord::kInterrupted, false},
                                        {"不戦勝", EndWord::kInterrupted, false},
                                        {"不戦敗", EndWord::kInterrupted, false},
                                        {"時間切れ", EndWord::kTimeout, true}}};

std::optional<int> take_one_of(Scan& scan, std::span<const std::string_view> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (scan.take(words[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

std::optional<int> take_digit(Scan& scan) {
  const char next = scan.done() ? '\0' : scan.rest().front();
  if (next >= '1' && next <= '9') {
    scan.seek(scan.at() + 1);
    return next - '0';
  }
  return take_one_of(scan, kWideDigits);
}

/// 先手 and 下手 are Black, 後手 and 上手 White.
std::optional<Color> take_side(Scan& scan) {
  if (scan.take("先手") || scan.take("下手")) return Color::kBlack;
  if (scan.take("後手") || scan.take("上手")) return Color::kWhite;
  return std::nullopt;
}

/// Where the key of "key：value" ends; npos for none.
std::size_t colon_of(std::string_view line, std::size_t& length) {
  constexpr std::string_view kWideColon = "：";
  const std::size_t wide = line.find(kWideColon);
  const std::size_t narrow = line.find(':');
  length = wide < narrow ? kWideColon.size() : 1;
  return std::min(wide, narrow);
}

}  // namespace

std::optional<Square> take_square(Scan& scan) {
  const std::size_t before = scan.at();
  const std::optional<int> file = take_digit(scan);
  std::optional<int> rank;
  if (file) rank = take_one_of(scan, kKanjiDigits);
  if (file && !rank) rank = take_digit(scan);
  if (rank) return square(*file, *rank);
  scan.seek(before);
  return std::nullopt;
}

Kind take_piece(Scan& scan) {
  for (const PieceRow& row : kPieces) {
    if (scan.take(row.word)) return row.kind;
  }
  return Kind::kNone;
}

std::optional<int> take_count(Scan& scan) {
  const std::size_t before = scan.at();
  int tens = 0;
  int ones = 0;
  if (const auto kanji = take_one_of(scan, kKanjiDigits)) ones = *kanji;
  if (scan.take("十")) {
    tens = ones == 0 ? 1 : ones;
    ones = take_one_of(scan, kKanjiDigits).value_or(0);
  }
  if (scan.at() != before) return 10 * tens + ones;
  const std::optional<int> first = take_digit(scan);
  if (!first) return std::nullopt;
  if (scan.take("0") || scan.take("０")) return 10 * *first;
  const std::optional<int> second = take_digit(scan);
  return second ? 10 * *first + *second : *first;
}

std::optional<Color> take_mark(Scan& scan) {
  for (const std::string_view mark : {"▲", "☗", "▼"}) {
    if (scan.take(mark)) return Color::kBlack;
  }
  for (const std::string_view mark : {"△", "☖", "▽"}) {
    if (scan.take(mark)) return Color::kWhite;
  }
  return std::nullopt;
}

bool end_by_kif(GameReader& reader, std::string_view word) {
  const auto found = std::find_if(kEnds.begin(), kEnds.end(), [&](const EndRow& row) { return row.word == word; });
  if (found == kEnds.end()) return false;
  reader.end(found->end);
  if (!found->is_said_whole) reader.note("the end " + std::string(word) + " is kept as an interruption");
  return true;
}

Result<void> end_by_closing_line(GameReader& reader, std::string_view line) {
  Scan scan(line);
  scan.take("まで");
  scan.take("、");
  constexpr int kMostDigits = 6;
  const std::optional<int> count = scan.number(kMostDigits);
  if (count && !scan.take("手で") && !scan.take("手")) {
    return reader.fault(scan.at(), "the closing line is not understood", "まで99手で and how the game ended");
  }
  if (count && static_cast<std::size_t>(*count) != reader.recorded_plies()) {
    reader.note("the closing line counts " + std::to_string(*count) + " moves, " +
                std::to_string(reader.recorded_plies()) + " were read");
  }
  const std::size_t word_at = scan.at();
  const bool on_time = scan.take("時間切れ");
  if (on_time) scan.take("により");
  const std::optional<Color> who = take_side(scan);
  if (!who) {
    if (reader.ended()) return {};
    if (end_by_kif(reader, trimmed(line.substr(word_at)))) return {};
    return reader.fault(word_at, "there is no end " + quoted_part(line.substr(word_at)), kKifEnds);
  }
  scan.take("の");
  const std::string_view how = trimmed(scan.rest());
  const bool loses = how.ends_with("負け");
  if (reader.ended()) {
    const Winner winner = winner_of(loses ? ~*who : *who);
    if ((loses || how.ends_with("勝ち")) && reader.game().winner != winner)
      reader.note("the closing line says that " + std::string(winner == Winner::kBlack ? "Black" : "White") + " wins");
    return {};
  }
  const bool is_mover = *who == reader.side_to_move();
  if (how == "勝ち" && !is_mover) {
    reader.end(on_time ? EndWord::kTimeout : EndWord::kResign);
  } else if ((how == "切れ負け" || how == "時間切れ負け") && is_mover) {
    reader.end(EndWord::kTimeout);
  } else if (how == "入玉勝ち" && is_mover && !on_time) {
    reader.end(EndWord::kDeclarationWin);
  } else if (how == "反則負け" || how == "反則勝ち") {
    reader.end(loses == is_mover ? EndWord::kFoulOfMover : EndWord::kFoulOfOther);
  } else {
    return reader.fault(word_at, "the end " + quoted_part(line.substr(word_at)) + " does not fit the side to move",
                        "の勝ち of who is not to move; の切れ負け or の入玉勝ち of who is; の反則負け or の反則勝ち");
  }
  return {};
}

Result<bool> KifHeader::take(std::string_view line) {
  if (line.starts_with("手数---")) {
    is_known_ = true;
    return true;
  }
  if (trimmed(line).empty() || line.starts_with('#') || line.starts_with('&') || trimmed(line) == "盤面回転")
    return true;
  if (line.starts_with('*')) {
    reader_->comment(line.substr(1));
    return true;
  }
  if (line.starts_with("手数＝")) {
    if (auto ok = move_number(line); !ok) return tl::make_unexpected(ok.error());
    return true;
  }
  const bool is_file_names = trimmed(line).starts_with("９") && line.find("：") == std::string_view::npos;
  if (line.starts_with('+') || is_file_names) return true;  // edges of the diagram
  if (line.starts_with('|')) {
    if (auto ok = board_row(line); !ok) return tl::make_unexpected(ok.error());
    return true;
  }
  Scan scan(line);
  if (const auto side = take_side(scan); side && scan.take("番") && trimmed(scan.rest()).empty()) {
    side_ = side;
    return true;
  }
  scan.seek(0);
  scan.skip_blanks();
  if (take_mark(scan)) return false;
  std::size_t colon_bytes = 0;
  const std::size_t colon = colon_of(line, colon_bytes);
  if (colon == std::string_view::npos) return false;
  const std::string_view key = trimmed(line.substr(0, colon));
  if (key.empty() || key == "変化" || (key.front() >= '0' && key.front() <= '9')) return false;
  if (auto ok = field(key, line.substr(colon + colon_bytes), colon + colon_bytes); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return true;
}

Result<void> KifHeader::field(std::string_view key, std::string_view value, std::size_t value_at) {
  constexpr std::array<std::string_view, 7> kKnown{"手合割", "先手", "後手", "下手", "上手", "棋戦", "開始日時"};
  if (std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end()) is_known_ = true;
  if (key == "手合割") {
    const std::string_view name = trimmed(value);
    const Handicap* handicap = handicap_named(name);
    if (handicap == nullptr || handicap->kif != name) {
      const std::string what = "the handicap " + quoted_part(name) + " says nothing without a diagram";
      without_diagram_ = reader_->fault(value_at, what, kKifHandicaps).value();
      return {};
    }
    Result<Position> start = Position::from_sfen(handicap->sfen);
    if (!start) return tl::make_unexpected(start.error());
    handicap_ = std::move(*start);
    return {};
  }
  Scan scan(key);
  if (const auto side = take_side(scan); side && scan.rest() == "の持駒") return hand(*side, value, value_at);
  return reader_->header(key, value, value_at);
}

Result<void> KifHeader::board_row(std::string_view line) {
  constexpr std::string_view kAllowed = "|, nine squares of a mark (blank or v) and a piece or ・, |, the rank";
  if (rows_ >= 9) return reader_->fault(0, "the diagram has more than nine ranks", "nine ranks");
  Scan scan(line);
  scan.take("|");
  for (int file = 9; file >= 1; --file) {
    const bool is_white = scan.take("v") || scan.take("V") || scan.take("^");
    if (!is_white) scan.take(" ");
    const std::size_t at = scan.at();
    if (scan.take("・") || scan.take("．") || scan.take(kWideBlank) || scan.take("･") || scan.take(" .")) {
      if (is_white) return reader_->fault(at, "an empty square has a mark", kAllowed);
      continue;
    }
    const Kind kind = take_piece(scan);
    if (kind == Kind::kNone) {
      return reader_->fault(at, quoted_part(first_character(scan.rest())) + " is no piece", kAllowed);
    }
    setup_.board[static_cast<std::size_t>(square(file, rows_ + 1))] = {kind, is_white ? Color::kWhite : Color::kBlack};
  }
  if (!scan.take("|")) return reader_->fault(scan.at(), "the rank does not end after nine squares", kAllowed);
  const std::size_t rank_at = scan.at();
  scan.skip_blanks();
  if (!scan.done()) {
    if (take_count(scan) != rows_ + 1) {
      return reader_->fault(rank_at, "this is rank " + std::to_string(rows_ + 1) + " of the diagram", "ranks in order");
    }
  }
  ++rows_;
  return {};
}

Result<void> KifHeader::hand(Color c, std::string_view value, std::size_t value_at) {
  constexpr int kMostOfAKind = 18;
  auto& pieces = setup_.hands[static_cast<std::size_t>(index(c))];
  has_hand_ = true;
  Scan scan(value);
  for (scan.skip_blanks(); !scan.done(); scan.skip_blanks()) {
    if (scan.take("なし")) continue;
    const std::size_t at = value_at + scan.at();
    const Kind kind = take_piece(scan);
    if (kind == Kind::kNone || index(kind) > kHandKinds) {
      return reader_->fault(at, quoted_part(first_character(value.substr(at - value_at))) + " cannot be in hand",
                            "なし, or 飛 角 金 銀 桂 香 歩, each with its number after it");
    }
    int& count = pieces[static_cast<std::size_t>(index(kind))];
    count += take_count(scan).value_or(1);
    if (count > kMostOfAKind) return reader_->fault(at, "too many of a piece in hand", "at most 18");
  }
  return {};
}

Result<void> KifHeader::move_number(std::string_view line) {
  constexpr int kMostDigits = 6;
  Scan scan(line);
  scan.take("手数＝");
  const std::size_t at = scan.at();
  const std::optional<int> number = scan.number(kMostDigits);
  if (!number || *number >= Position::kMaxMoveNumber) {
    return reader_->fault(at, "the number of moves is missing", "手数＝ and a whole number below 1,000,000");
  }
  setup_.move_number = *number + 1;
  scan.skip_blanks();
  if (take_mark(scan)) square_before_ = take_square(scan);
  return {};
}

Result<void> KifHeader::finish() {
  if (rows_ == 0) {
    if (without_diagram_) return tl::make_unexpected(*without_diagram_);
    if (has_hand_ && !handicap_) {
      return reader_->fault(0, "pieces in hand, but no diagram", "the diagram's nine ranks before the first move");
    }
    if (handicap_) reader_->start_from(*handicap_);
    return {};
  }
  if (rows_ != 9) {
    return reader_->fault(0, "the diagram has " + std::to_string(rows_) + " ranks instead of nine", "nine ranks");
  }
  // A diagram after a handicap's name: the stronger side, White, moves first unless it is said.
  const bool is_handicap = handicap_ && handicap_->side() == Color::kWhite;
  setup_.side = side_.value_or(is_handicap ? Color::kWhite : Color::kBlack);
  const Result<Position> start = setup_.position();
  if (!start) return reader_->fault(0, "the start position: " + start.error().message, start.error().hint);
  reader_->start_from(*start);
  return {};
}

}  // namespace keisei::shogi
