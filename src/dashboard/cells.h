// Text measured in terminal cells, not bytes. Own tables instead of wcwidth, because wcwidth depends on the process's
// locale, which is global. Wide: CJK, kana, Hangul, full-width forms, emoji; zero: combining marks; box drawing,
// blocks and Greek are one cell, as every terminal outside CJK-ambiguous mode draws them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keisei::dashboard {

/// What a piece of text says, so that colour is decided once, at the rim.
enum class Tone { kNormal, kDim, kStrong, kGood, kWarn, kBad, kAccent, kSelected };

struct Span {
  std::string text;
  Tone tone = Tone::kNormal;
};
using Line = std::vector<Span>;

/// How text reaches the terminal.
struct Paint {
  bool colour = false;  ///< SGR colours
  bool unicode = true;  ///< box drawing and blocks; else ASCII
};

struct Size {
  int columns = 80;
  int rows = 24;
};

/// One character of a text, with its cells; a broken byte stands for itself, one cell wide.
struct Glyph {
  std::string_view text;
  int width = 1;
};
[[nodiscard]] std::vector<Glyph> glyphs(std::string_view text);

/// Cells of one code point: 0, 1 or 2.
[[nodiscard]] int cell_width(char32_t code_point);
/// Cells of a UTF-8 text; each broken byte counts as one cell. Control characters count as none.
[[nodiscard]] int cell_width(std::string_view text);
/// At most `columns` cells; a cut text ends in "…" (or "~" in ASCII).
[[nodiscard]] std::string cut(std::string_view text, int columns, bool unicode = true);
/// Left-aligned (right-aligned) in exactly `columns` cells, cut when longer.
[[nodiscard]] std::string pad_right(std::string_view text, int columns);
[[nodiscard]] std::string pad_left(std::string_view text, int columns);
/// One line: control characters and escape sequences of foreign text become spaces, so that no message can move the
/// cursor or colour the screen; broken UTF-8 becomes "?".
[[nodiscard]] std::string printable(std::string_view text);

[[nodiscard]] int cell_width(const Line& line);
/// Adds the row of single cells that starts at `cells`; neighbours of one tone become one span.
void append_cells(Line& line, const Span* cells, int columns);
/// The line as bytes for the terminal, at most `columns` cells, with or without colour; ASCII when asked for.
[[nodiscard]] std::string to_text(const Line& line, int columns, Paint paint);
/// Box drawing, blocks, braille and typographic signs replaced by ASCII look-alikes, cell for cell.
[[nodiscard]] std::string to_ascii(std::string_view text);

}  // namespace keisei::dashboard
