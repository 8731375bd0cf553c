#include "app/play_text.h"

#include <array>
#include <vector>

#include "shogi/notation.h"
#include "shogi/record_text.h"

namespace keisei::app {
namespace {

using shogi::Color;
using shogi::Kind;
using shogi::Position;

constexpr std::array<std::string_view, shogi::kKinds> kKanji = {"・", "歩", "香", "桂", "銀", "角", "飛", "金",
                                                                "玉", "と", "杏", "圭", "全", "馬", "龍"};
constexpr std::array<std::string_view, shogi::kKinds> kLetters = {".", "P",  "L",  "N",  "S",  "B",  "R", "G",
                                                                  "K", "+P", "+L", "+N", "+S", "+B", "+R"};
constexpr std::array<std::string_view, 10> kWideDigits = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
constexpr std::array<std::string_view, 10> kKanjiDigits = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
constexpr std::array<Kind, shogi::kHandKinds> kHandOrder = {Kind::kRook,   Kind::kBishop, Kind::kGold, Kind::kSilver,
                                                            Kind::kKnight, Kind::kLance,  Kind::kPawn};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string hand_text(const Position& position, Color c, bool kanji) {
  std::string out = kanji ? (c == Color::kBlack ? "☗" : "☖") : (c == Color::kBlack ? "Black" : "White");
  out += kanji ? " 持駒" : " holds";
  bool none = true;
  for (const Kind k : kHandOrder) {
    const int count = position.hand(c, k);
    if (count == 0) continue;
    none = false;
    const auto i = static_cast<std::size_t>(shogi::index(k));
    out += " " + std::string(kanji ? kKanji[i] : kLetters[i]) + (count > 1 ? std::to_string(count) : "");
  }
  return out + (none ? (kanji ? " なし\n" : " nothing\n") : "\n");
}

/// Two columns and the piece's; White's pieces are marked.
std::string square_text(shogi::Piece piece, bool kanji) {
  const auto i = static_cast<std::size_t>(shogi::index(piece.kind));
  const bool white = piece.kind != Kind::kNone && piece.color == Color::kWhite;
  if (kanji) return (white ? "v" : " ") + std::string(kKanji[i]);
  const std::string letters = white ? lower(kLetters[i]) : std::string(kLetters[i]);
  return std::string(letters.size() == 1 ? 2 : 1, ' ') + letters;
}

/// Every `from` of the text becomes `to`.
void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// One way to write what people write in several: without marks and blanks, squares in ASCII digits.
std::string normal(std::string_view typed) {
  std::string text(typed);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kSame = {{{"▲", ""},
                                                                                    {"△", ""},
                                                                                    {"☗", ""},
                                                                                    {"☖", ""},
                                                                                    {"▽", ""},
                                                                                    {"　", ""},
                                                                                    {" ", ""},
                                                                                    {"\t", ""},
                                                                                    {"竜", "龍"},
                                                                                    {"王", "玉"},
                                                                                    {"成香", "杏"},
                                                                                    {"成桂", "圭"},
                                                                                    {"成銀", "全"},
                                                                                    {"不成", "生"},
                                                                                    {"仝", "同"},
                                                                                    {"行", "上"},
                                                                                    {"入", "上"},
                                                                                    {"\r", ""}}};
  for (const auto& [from, to] : kSame) replace_all(text, from, to);
  for (std::size_t digit = 1; digit < kWideDigits.size(); ++digit) {
    replace_all(text, kWideDigits[digit], std::to_string(digit));
    replace_all(text, kKanjiDigits[digit], std::to_string(digit));
  }
  return text;
}

/// All ways to write a move, normal.
std::vector<std::string> spellings(const Position& position, shogi::Move m) {
  constexpr std::string_view kSame = "同";
  std::vector<std::string> all = {normal(move_text(position, m))};
  if (all[0].starts_with(kSame)) {
    const std::string square = std::to_string(shogi::file_of(m.to())) + std::to_string(shogi::rank_of(m.to()));
    all.push_back(square + all[0].substr(kSame.size()));
    all.push_back(square + all[0]);
  }
  if (m.is_drop()) {
    const std::size_t known = all.size();
    for (std::size_t i = 0; i < known; ++i)
      if (!all[i].ends_with("打")) all.push_back(all[i] + "打");
  }
  return all;
}

}  // namespace

std::string board_text(const Position& position, Color below, bool kanji) {
  const bool turned = below == Color::kWhite;
  std::string out = hand_text(position, ~below, kanji);
  out += kanji ? "" : " ";
  for (int column = 9; column >= 1; --column) {
    const int file = turned ? 10 - column : column;
    out += kanji ? " " + std::string(kWideDigits[static_cast<std::size_t>(file)]) : "  " + std::to_string(file);
  }
  out += "\n";
  for (int row = 1; row <= 9; ++row) {
    const int rank = turned ? 10 - row : row;
    for (int column = 9; column >= 1; --column) {
      const int file = turned ? 10 - column : column;
      out += square_text(position.piece_on(shogi::square(file, rank)), kanji);
    }
    out += kanji ? " " + std::string(kKanjiDigits[static_cast<std::size_t>(rank)])
                 : "  " + std::string(1, static_cast<char>('a' + rank - 1));
    out += "\n";
  }
  return out + hand_text(position, below, kanji);
}

std::string move_text(const Position& position, shogi::Move move) {
  Position before = position;
  shogi::GameText game;
  if (before.plies_played() > 0) {
    game.moves.push_back({.move = before.last_move()});
    before.unmake();
  }
  game.start_sfen = before.sfen();
  game.moves.push_back({.move = move});
  const auto record = shogi::export_record(game, shogi::RecordFormat::kKi2);
  const std::string_view mark = position.side() == Color::kBlack ? "▲" : "△";
  const std::size_t begin = record ? record->rfind(mark) : std::string::npos;
  if (begin == std::string::npos) return to_usi(move);
  return record->substr(begin, record->find_first_of(" \n", begin) - begin);
}

Result<shogi::Move> read_move(const Position& position, std::string_view typed) {
  if (const auto move = shogi::parse_usi(typed)) {
    if (position.is_legal(*move)) return *move;
    return fail(Code::kUsage, std::string(typed) + " is not legal here", "`moves` lists the legal moves");
  }
  const std::string hint = "a move like 7g7f, 8h2b+ or P*5e, or in Japanese like ７六歩; `help` lists the commands";
  if (typed.size() > kMaxTypedBytes) return fail(Code::kUsage, "that is no move", hint);
  const std::string wanted = normal(typed);
  shogi::MoveList legal;
  position.legal_moves(legal);
  for (const shogi::Move m : legal) {
    for (const std::string& spelling : spellings(position, m)) {
      if (spelling == wanted) return m;
    }
  }
  return fail(Code::kUsage, "\"" + std::string(typed) + "\" is no legal move here", hint);
}

}  // namespace keisei::app
