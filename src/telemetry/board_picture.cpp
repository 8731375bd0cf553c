#include "telemetry/board_picture.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string>
#include <vector>

namespace keisei::telemetry {
namespace {

constexpr int kSide = 9;     // squares
constexpr int kSquare = 32;  // pixels
constexpr int kHandWide = 56;
constexpr int kMargin = 4;
constexpr int kBoardLeft = kHandWide + kMargin;
constexpr int kWidth = 2 * kBoardLeft + kSide * kSquare + 1;
constexpr int kHeight = 2 * kMargin + kSide * kSquare + 1;
constexpr int kMaxInHand = 18;
constexpr int kHandKinds = 7;

enum Colour : std::uint8_t { kWood, kInk, kRed, kPale };
constexpr std::array<Rgb, 4> kPalette = {{{236, 205, 140}, {45, 30, 20}, {190, 25, 30}, {255, 243, 214}}};

constexpr int kGlyphWide = 5;
constexpr int kGlyphHigh = 7;
using Glyph = std::array<std::uint8_t, kGlyphHigh>;  // a byte a row, five bits used

constexpr std::string_view kDrawn = "PLNSGKBR0123456789";
constexpr std::array<Glyph, 18> kGlyphs = {{
    {0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10},  // P
    {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F},  // L
    {0x11, 0x19, 0x19, 0x15, 0x13, 0x13, 0x11},  // N
    {0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E},  // S
    {0x0E, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0E},  // G
    {0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11},  // K
    {0x1E, 0x11, 0x11, 0x1E, 0x11, 0x11, 0x1E},  // B
    {0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11},  // R
    {0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E},  // 0
    {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E},  // 1
    {0x0E, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1F},  // 2
    {0x1E, 0x01, 0x01, 0x0E, 0x01, 0x01, 0x1E},  // 3
    {0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02},  // 4
    {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E},  // 5
    {0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E},  // 6
    {0x1F, 0x01, 0x02, 0x04, 0x04, 0x08, 0x08},  // 7
    {0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E},  // 8
    {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C},  // 9
}};

struct Piece {
  char letter = 0;  ///< PLNSGKBR; 0 = none
  bool promoted = false;
  bool white = false;
};

struct Diagram {
  std::array<std::array<Piece, kSide>, kSide> rows{};  ///< from rank a, from file 9
  std::array<std::vector<std::pair<char, int>>, 2> hands;
};

bool is_piece(char letter) { return kDrawn.substr(0, 8).find(letter) != std::string_view::npos; }
char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::optional<std::string_view> word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view found = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (found.empty()) return std::nullopt;
  return found;
}

bool read_board(std::string_view text, Diagram& diagram) {
  int row = 0;
  int file = 0;
  bool promoted = false;
  for (const char c : text) {
    if (c == '/') {
      if (file != kSide || promoted || ++row == kSide) return false;
      file = 0;
    } else if (is_digit(c)) {
      if (promoted) return false;
      file += c - '0';
    } else if (c == '+') {
      if (promoted) return false;
      promoted = true;
    } else {
      if (!is_piece(upper(c)) || file >= kSide) return false;
      diagram.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(file++)] = {upper(c), promoted, is_lower(c)};
      promoted = false;
    }
    if (file > kSide) return false;
  }
  return row == kSide - 1 && file == kSide && !promoted;
}

bool read_hands(std::string_view text, Diagram& diagram) {
  if (text == "-") return true;
  int count = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      count = count * 10 + (c - '0');
      if (count > kMaxInHand) return false;
    } else {
      auto& hand = diagram.hands[is_lower(c) ? 1 : 0];
      if (!is_piece(upper(c)) || upper(c) == 'K' || hand.size() == kHandKinds) return false;
      hand.emplace_back(upper(c), std::max(count, 1));
      count = 0;
    }
  }
  return count == 0;
}

std::optional<Diagram> read(std::string_view sfen) {
  Diagram diagram;
  const auto board = word(sfen);
  const auto side = word(sfen);
  const auto hands = word(sfen);
  if (!board || !hands || (side != "b" && side != "w")) return std::nullopt;
  if (!read_board(*board, diagram) || !read_hands(*hands, diagram)) return std::nullopt;
  return diagram;
}

/// Calls paint(x, y) for each pixel of a letter or digit, `scale` pixels a dot.
template <class Paint>
void glyph(char letter, int scale, Paint paint) {
  const std::size_t index = kDrawn.find(letter);
  for (int y = 0; y < kGlyphHigh * scale; ++y) {
    for (int x = 0; x < kGlyphWide * scale; ++x) {
      const unsigned row = kGlyphs[index][static_cast<std::size_t>(y / scale)];
      if (((row >> (kGlyphWide - 1 - x / scale)) & 1U) != 0) paint(x, y);
    }
  }
}

/// A piece in the square whose corner is (left, top); White's stands on its head.
void draw(Picture& picture, const Piece& piece, int left, int top) {
  const auto paint = [&](int x, int y, Colour colour) {
    picture.at(left + (piece.white ? kSquare - x : x), top + (piece.white ? kSquare - y : y)) = colour;
  };
  constexpr int kTip = 3, kShoulder = 8, kFoot = 29, kShoulderHalf = 9, kFootHalf = 12;
  for (int y = kTip; y <= kFoot; ++y) {
    const int half = y < kShoulder
                         ? (y - kTip) * kShoulderHalf / (kShoulder - kTip)
                         : kShoulderHalf + (y - kShoulder) * (kFootHalf - kShoulderHalf) / (kFoot - kShoulder);
    for (int x = -half; x <= half; ++x) {
      const bool edge = y == kFoot || x == -half || x == half || (y < kShoulder && std::abs(x) >= half - 1);
      paint(kSquare / 2 + x, y, edge ? kInk : kPale);
    }
  }
  constexpr int kScale = 2, kLetterLeft = 11, kLetterTop = 11;
  glyph(piece.letter, kScale,
        [&](int x, int y) { paint(kLetterLeft + x, kLetterTop + y, piece.promoted ? kRed : kInk); });
}

void draw_number(Picture& picture, int number, int left, int top) {
  constexpr int kScale = 2;
  for (const char digit : std::to_string(number)) {
    glyph(digit, kScale, [&](int x, int y) { picture.at(left + x, top + y) = kInk; });
    left += (kGlyphWide + 1) * kScale;
  }
}

void draw_hand(Picture& picture, const std::vector<std::pair<char, int>>& hand, bool white) {
  const int left = white ? 0 : kWidth - kHandWide - 1;
  int top = white ? kMargin : kMargin + (kSide - static_cast<int>(hand.size())) * kSquare;
  constexpr int kNumberTop = 12;
  for (const auto& [letter, count] : hand) {
    draw(picture, {letter, false, white}, left, top);
    if (count > 1) draw_number(picture, count, left + kSquare, top + kNumberTop);
    top += kSquare;
  }
}

/// The square a USI move goes to, as (row, file from the left); nothing where there is none.
std::optional<std::pair<int, int>> target(std::string_view move) {
  if (move.size() < 4) return std::nullopt;
  const int file = move[2] - '1';
  const int row = move[3] - 'a';
  if (file < 0 || file >= kSide || row < 0 || row >= kSide) return std::nullopt;
  return std::pair(row, kSide - 1 - file);
}

}  // namespace

std::optional<Picture> board_picture(std::string_view sfen, std::string_view last_move) {
  const auto diagram = read(sfen);
  if (!diagram) return std::nullopt;
  Picture picture{.width = kWidth, .height = kHeight, .palette = kPalette, .pixels = {}};
  picture.pixels.assign(static_cast<std::size_t>(kWidth * kHeight), kWood);
  const auto frame = [&](int left, int top, int size, Colour colour) {
    for (int i = 0; i <= size; ++i) {
      picture.at(left + i, top) = picture.at(left + i, top + size) = colour;
      picture.at(left, top + i) = picture.at(left + size, top + i) = colour;
    }
  };
  for (int row = 0; row < kSide; ++row) {
    for (int file = 0; file < kSide; ++file) {
      const int left = kBoardLeft + file * kSquare;
      const int top = kMargin + row * kSquare;
      frame(left, top, kSquare, kInk);
      const Piece& piece = diagram->rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(file)];
      if (piece.letter != 0) draw(picture, piece, left, top);
    }
  }
  if (const auto square = target(last_move)) {
    const int left = kBoardLeft + square->second * kSquare;
    const int top = kMargin + square->first * kSquare;
    for (int inset = 0; inset < 3; ++inset) frame(left + inset, top + inset, kSquare - 2 * inset, kRed);
  }
  draw_hand(picture, diagram->hands[0], false);
  draw_hand(picture, diagram->hands[1], true);
  return picture;
}

}  // namespace keisei::telemetry
