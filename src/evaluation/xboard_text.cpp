#include "evaluation/xboard_text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace keisei::evaluation {
namespace {

constexpr std::string_view kDropKinds = "PLNSGBR";
constexpr std::size_t kSquareBytes = 2;
constexpr std::size_t kMoveBytes = 4;

bool in(char c, char low, char high) { return c >= low && c <= high; }

/// The mirror image of a file or rank: '9' is 'a', '1' is 'i', and back.
char mirrored_digit(char digit) { return static_cast<char>('a' + ('9' - digit)); }
char mirrored_letter(char letter) { return static_cast<char>('1' + ('i' - letter)); }

bool is_shogi_square(std::string_view text) { return in(text[0], '1', '9') && in(text[1], 'a', 'i'); }
bool is_protocol_square(std::string_view text) { return in(text[0], 'a', 'i') && in(text[1], '1', '9'); }

/// "7g" as the engine reads it.
std::string written(std::string_view square, XboardSquares squares) {
  if (squares == XboardSquares::kShogi) return std::string(square);
  return {mirrored_digit(square[0]), mirrored_letter(square[1])};
}

/// A square of either spelling as "7g".
std::optional<std::string> read_square(std::string_view text) {
  if (is_shogi_square(text)) return std::string(text);
  if (!is_protocol_square(text)) return std::nullopt;
  // File a is the ninth, rank 9 is rank a.
  return std::string{mirrored_letter(text[0]), mirrored_digit(text[1])};
}

/// The next word of an SFEN.
std::string_view take_field(std::string_view& text) {
  const std::string_view field = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), field.size() + 1));
  return field;
}

struct Fields {
  std::string_view board;
  std::string_view side;
  std::string_view hands;
  std::string_view number;
};

Fields fields_of(std::string_view sfen) {
  Fields fields;
  fields.board = take_field(sfen);
  fields.side = take_field(sfen);
  fields.hands = take_field(sfen);
  fields.number = take_field(sfen);
  return fields;
}

/// Calls f(letter) for each piece of an SFEN's hands: "2Pb" -> P, P, b.
template <class F>
void for_each_in_hand(std::string_view hands, F&& f) {
  int count = 0;
  for (const char c : hands) {
    if (c == '-') continue;
    if (in(c, '0', '9')) {
      count = count * 10 + (c - '0');
      continue;
    }
    for (int i = 0; i < (count == 0 ? 1 : count); ++i) f(c);
    count = 0;
  }
}

/// Calls f(square, letter, promoted) for each piece of an SFEN's board; squares as "7g".
template <class F>
void for_each_on_board(std::string_view board, F&& f) {
  char file = '9';
  char rank = 'a';
  bool promoted = false;
  for (const char c : board) {
    if (c == '/') {
      file = '9';
      ++rank;
    } else if (in(c, '1', '9')) {
      file = static_cast<char>(file - (c - '0'));
    } else if (c == '+') {
      promoted = true;
    } else {
      f(std::string{file, rank}, c, promoted);
      promoted = false;
      --file;
    }
  }
}

bool is_upper(char c) { return in(c, 'A', 'Z'); }
char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

}  // namespace

std::string xboard_move(std::string_view usi, XboardSquares squares) {
  if (squares == XboardSquares::kShogi || usi.size() < kMoveBytes) return std::string(usi);
  if (usi[1] == '*') return std::string{usi[0], '@'} + written(usi.substr(kSquareBytes, kSquareBytes), squares);
  return written(usi.substr(0, kSquareBytes), squares) + written(usi.substr(kSquareBytes, kSquareBytes), squares) +
         std::string(usi.substr(kMoveBytes));
}

std::optional<std::string> usi_of_xboard(std::string_view word) {
  if (word.size() < kMoveBytes || word.size() > kMoveBytes + 1) return std::nullopt;
  const bool drop = word[1] == '*' || word[1] == '@';
  const auto to = read_square(word.substr(kSquareBytes, kSquareBytes));
  if (!to) return std::nullopt;
  if (drop) {
    const char kind = upper(word[0]);
    if (word.size() != kMoveBytes || kDropKinds.find(kind) == std::string_view::npos) return std::nullopt;
    return std::string{kind, '*'} + *to;
  }
  const auto from = read_square(word.substr(0, kSquareBytes));
  if (!from) return std::nullopt;
  if (word.size() == kMoveBytes) return *from + *to;
  if (word.back() != '+' && word.back() != '=') return std::nullopt;
  return *from + *to + (word.back() == '+' ? "+" : "");
}

std::string xboard_fen(std::string_view sfen) {
  const Fields fields = fields_of(sfen);
  std::string hands;
  for_each_in_hand(fields.hands, [&](char piece) { hands += piece; });
  const int number = std::atoi(std::string(fields.number).c_str());
  return std::string(fields.board) + "[" + (hands.empty() ? "-" : hands) + "] " + (fields.side == "b" ? "w" : "b") +
         " 0 " + std::to_string((number + 1) / 2);
}

std::vector<std::string> xboard_edit(std::string_view sfen, XboardSquares squares) {
  const Fields fields = fields_of(sfen);
  std::vector<std::string> lines{"#"};
  for (const bool first_mover : {true, false}) {
    for_each_on_board(fields.board, [&](const std::string& square, char piece, bool promoted) {
      if (is_upper(piece) == first_mover) {
        lines.push_back(std::string{upper(piece)} + written(square, squares) + (promoted ? "+" : ""));
      }
    });
    for_each_in_hand(fields.hands, [&](char piece) {
      if (is_upper(piece) == first_mover) lines.push_back(std::string{upper(piece), '*'});
    });
    lines.emplace_back(first_mover ? "c" : ".");
  }
  return lines;
}

std::string_view xboard_side(shogi::Color side, XboardSquares squares) {
  const bool black = side == shogi::Color::kBlack;
  return black == (squares == XboardSquares::kShogi) ? "black" : "white";
}

}  // namespace keisei::evaluation
