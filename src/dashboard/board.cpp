#include "dashboard/board.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace keisei::dashboard {
namespace {

constexpr std::size_t kSide = 9;
constexpr std::size_t kMaxSfenBytes = 256;
constexpr int kMostInHand = 36;

struct Piece {
  char letter = 0;  ///< as in the SFEN; 0 = empty
  bool promoted = false;
};

struct Shown {
  std::array<std::array<Piece, kSide>, kSide> rows;  ///< rank a first, file 9 first
  std::vector<std::pair<char, int>> hand[2];         ///< Black's, White's: letter and count
};

constexpr std::string_view kLetters = "PLNSBRGK";
constexpr std::array<std::string_view, 8> kKanji = {"歩", "香", "桂", "銀", "角", "飛", "金", "玉"};
constexpr std::array<std::string_view, 6> kPromotedKanji = {"と", "杏", "圭", "全", "馬", "竜"};

bool is_white(char letter) { return letter >= 'a' && letter <= 'z'; }
char upper(char letter) { return is_white(letter) ? static_cast<char>(letter - 'a' + 'A') : letter; }
bool is_piece(char letter) { return kLetters.find(upper(letter)) != std::string_view::npos; }
bool promotes(char letter) { return kLetters.find(upper(letter)) < kPromotedKanji.size(); }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty() && words.size() < 5) {
    const std::size_t space = text.find(' ');
    words.push_back(text.substr(0, space));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return words;
}

bool read_rows(std::string_view text, Shown& shown) {
  std::size_t rank = 0, file = 0;
  bool promoted = false;
  for (const char c : text) {
    if (c == '/') {
      if (file != kSide || promoted || ++rank == kSide) return false;
      file = 0;
    } else if (c >= '1' && c <= '9') {
      if (promoted) return false;
      file += static_cast<std::size_t>(c - '0');
    } else if (c == '+') {
      if (std::exchange(promoted, true)) return false;
    } else {
      if (file >= kSide || !is_piece(c) || (promoted && !promotes(c))) return false;
      shown.rows[rank][file++] = {c, std::exchange(promoted, false)};
    }
    if (file > kSide) return false;
  }
  return rank == kSide - 1 && file == kSide && !promoted;
}

bool read_hands(std::string_view text, Shown& shown) {
  if (text == "-") return true;
  int count = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      count = count * 10 + (c - '0');
      if (count > kMostInHand) return false;
    } else {
      if (!is_piece(c) || upper(c) == 'K') return false;
      shown.hand[is_white(c) ? 1 : 0].emplace_back(c, std::max(std::exchange(count, 0), 1));
    }
  }
  return count == 0;
}

std::optional<Shown> read(std::string_view sfen) {
  if (sfen.size() > kMaxSfenBytes) return std::nullopt;
  const auto words = words_of(sfen);
  Shown shown;
  if (words.size() < 3 || !read_rows(words[0], shown) || !read_hands(words[2], shown)) return std::nullopt;
  return shown;
}

std::string name_of(Piece piece, bool unicode) {
  const std::size_t kind = kLetters.find(upper(piece.letter));
  if (unicode) return std::string(piece.promoted ? kPromotedKanji[kind] : kKanji[kind]);
  return std::string(1, piece.letter);
}

/// Three cells.
Span square(Piece piece, bool marked, bool unicode) {
  if (piece.letter == 0) return {" · ", marked ? Tone::kSelected : Tone::kDim};
  const bool white = is_white(piece.letter);
  std::string text = unicode ? (white ? "v" : " ") + name_of(piece, true)
                             : (piece.promoted ? "+" : " ") + name_of(piece, false) + " ";
  return {std::move(text), marked ? Tone::kSelected : white ? Tone::kAccent : Tone::kStrong};
}

Line hand_line(const Shown& shown, int side, bool unicode) {
  std::string text;
  for (const auto& [letter, count] : shown.hand[side]) {
    text += (text.empty() ? "" : " ") + name_of({letter, false}, unicode);
    if (count > 1) text += std::to_string(count);
  }
  return {{side == 0 ? " ▲ " : " △ ", Tone::kDim},
          {text.empty() ? "–" : text, text.empty() ? Tone::kDim : side == 0 ? Tone::kStrong : Tone::kAccent}};
}

/// Row and column of the square that a USI move ends on.
std::optional<std::pair<std::size_t, std::size_t>> target_of(std::string_view move) {
  if (move.size() < 4 || move.size() > 5) return std::nullopt;
  const char file = move[2], rank = move[3];
  if (file < '1' || file > '9' || rank < 'a' || rank > 'i') return std::nullopt;
  return std::pair{static_cast<std::size_t>(rank - 'a'), static_cast<std::size_t>('9' - file)};
}

}  // namespace

std::optional<int> ply_of(std::string_view sfen) {
  const auto words = words_of(sfen.substr(0, kMaxSfenBytes));
  int number = 0;
  if (words.size() < 4) return std::nullopt;
  const auto [end, error] = std::from_chars(words[3].data(), words[3].data() + words[3].size(), number);
  if (error != std::errc() || end != words[3].data() + words[3].size() || number < 1) return std::nullopt;
  return number - 1;
}

std::vector<Line> board_lines(std::string_view sfen, std::string_view last_move, bool unicode) {
  const auto shown = read(sfen);
  if (!shown) return {};
  const auto target = target_of(last_move);
  std::string rule;
  for (std::size_t i = 0; i < 3 * kSide; ++i) rule += "─";
  std::vector<Line> lines{hand_line(*shown, 1, unicode),
                          {{"  9  8  7  6  5  4  3  2  1", Tone::kDim}},
                          {{"╭" + rule + "╮", Tone::kDim}}};
  for (std::size_t rank = 0; rank < kSide; ++rank) {
    Line line{{"│", Tone::kDim}};
    for (std::size_t file = 0; file < kSide; ++file) {
      line.push_back(square(shown->rows[rank][file], target == std::pair{rank, file}, unicode));
    }
    line.push_back({"│" + std::string(1, static_cast<char>('a' + rank)), Tone::kDim});
    lines.push_back(std::move(line));
  }
  lines.push_back({{"╰" + rule + "╯", Tone::kDim}});
  lines.push_back(hand_line(*shown, 0, unicode));
  return lines;
}

}  // namespace keisei::dashboard
