#include "dashboard/cells.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keisei::dashboard {
namespace {

struct Range {
  char32_t first, last;
};

// Combining marks and invisible joiners (Unicode general categories Mn, Me, Cf that occur in texts).
constexpr std::array<Range, 12> kZeroWidth{{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x0610, 0x061A},
                                            {0x064B, 0x065F},
                                            {0x1AB0, 0x1AFF},
                                            {0x1DC0, 0x1DFF},
                                            {0x200B, 0x200F},
                                            {0x202A, 0x202E},
                                            {0x20D0, 0x20FF},
                                            {0x3099, 0x309A},
                                            {0xFE00, 0xFE0F}}};
// East Asian Wide and Fullwidth (Unicode annex 11).
constexpr std::array<Range, 15> kDoubleWidth{{{0x1100, 0x115F},
                                              {0x2E80, 0x303E},
                                              {0x3041, 0x33FF},
                                              {0x3400, 0x4DBF},
                                              {0x4E00, 0x9FFF},
                                              {0xA000, 0xA4CF},
                                              {0xA960, 0xA97F},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF01, 0xFF60},
                                              {0xFFE0, 0xFFE6},
                                              {0x1F300, 0x1F64F},
                                              {0x1F900, 0x1F9FF},
                                              {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), c,
                                      [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

struct Decoded {
  char32_t code_point;
  std::size_t bytes;
  bool valid;
};

/// The character at `at`; a broken byte stands for itself.
Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first >= 0xF5 || at + length > text.size()) return {first, 1, false};
  char32_t value = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {first, 1, false};
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {first, 1, false};
  return {value, length, true};
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

/// Bytes of the longest start of `text` that fits, and its cells.
std::pair<std::size_t, int> prefix(std::string_view text, int columns) {
  int used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Decoded c = decode(text, at);
    const int width = c.valid ? cell_width(c.code_point) : 1;
    if (used + width > columns) break;
    used += width;
    at += c.bytes;
  }
  return {at, used};
}

const char* sgr(Tone tone) {
  switch (tone) {
    case Tone::kNormal:
      return "";
    case Tone::kDim:
      return "\x1b[2m";
    case Tone::kStrong:
      return "\x1b[1m";
    case Tone::kGood:
      return "\x1b[32m";
    case Tone::kWarn:
      return "\x1b[33m";
    case Tone::kBad:
      return "\x1b[31m";
    case Tone::kAccent:
      return "\x1b[36m";
    case Tone::kSelected:
      return "\x1b[7m";
  }
  return "";
}

constexpr std::array<std::pair<std::string_view, char>, 40> kAscii{
    {{"─", '-'}, {"━", '='}, {"│", '|'}, {"┃", '|'}, {"╭", '+'}, {"╮", '+'}, {"╰", '+'}, {"╯", '+'}, {"├", '+'},
     {"┤", '+'}, {"┬", '+'}, {"┴", '+'}, {"┼", '+'}, {"┄", '.'}, {"└", '+'}, {"┌", '+'}, {"●", 'o'}, {"·", '.'},
     {"▏", '-'}, {"▎", '-'}, {"▍", '-'}, {"▌", '='}, {"▋", '='}, {"▊", '='}, {"▉", '='}, {"█", '#'}, {"░", '.'},
     {"–", '-'}, {"−", '-'}, {"±", '~'}, {"…", '~'}, {"≤", '<'}, {"≥", '>'}, {"×", 'x'}, {"○", '.'},
     {"▲", '^'}, {"△", 'v'}, {"→", '>'}, {"←", '<'}, {"•", '*'}}};
constexpr std::array<std::pair<std::string_view, char>, 7> kAsciiLevels{
    {{"▁", '_'}, {"▂", '.'}, {"▃", '-'}, {"▄", '='}, {"▅", '+'}, {"▆", '*'}, {"▇", '%'}}};

/// Of the eight dots of a braille cell, those in its upper half.
constexpr char32_t kBrailleFirst = 0x2800, kBrailleLast = 0x28FF, kUpperDots = 0x01 | 0x02 | 0x08 | 0x10;

char braille_in_ascii(char32_t c) {
  const char32_t dots = c - kBrailleFirst;
  const bool upper = (dots & kUpperDots) != 0, lower = (dots & ~kUpperDots) != 0;
  return upper && lower ? ':' : upper ? '\'' : lower ? '.' : ' ';
}

}  // namespace

std::vector<Glyph> glyphs(std::string_view text) {
  std::vector<Glyph> all;
  all.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode(text, at);
    all.push_back({text.substr(at, c.bytes), c.valid ? cell_width(c.code_point) : 1});
    at += c.bytes;
  }
  return all;
}

int cell_width(char32_t c) {
  if (is_control(c) || within(kZeroWidth, c)) return 0;
  return within(kDoubleWidth, c) ? 2 : 1;
}

int cell_width(std::string_view text) {
  int cells = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode(text, at);
    cells += c.valid ? cell_width(c.code_point) : 1;
    at += c.bytes;
  }
  return cells;
}

std::string cut(std::string_view text, int columns, bool unicode) {
  if (columns <= 0) return {};
  if (cell_width(text) <= columns) return std::string(text);
  return std::string(text.substr(0, prefix(text, columns - 1).first)) + (unicode ? "…" : "~");
}

std::string pad_right(std::string_view text, int columns) {
  std::string padded = cut(text, columns);
  padded.append(static_cast<std::size_t>(std::max(0, columns - cell_width(padded))), ' ');
  return padded;
}

std::string pad_left(std::string_view text, int columns) {
  const std::string shown = cut(text, columns);
  return std::string(static_cast<std::size_t>(std::max(0, columns - cell_width(shown))), ' ') + shown;
}

std::string printable(std::string_view text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode(text, at);
    if (!c.valid) {
      clean += '?';
    } else if (is_control(c.code_point)) {
      clean += ' ';
    } else {
      clean.append(text.substr(at, c.bytes));
    }
    at += c.bytes;
  }
  return clean;
}

void append_cells(Line& line, const Span* cells, int columns) {
  for (const Span* cell = cells; cell != cells + columns; ++cell) {
    if (!line.empty() && line.back().tone == cell->tone) {
      line.back().text += cell->text;
    } else {
      line.push_back(*cell);
    }
  }
}

int cell_width(const Line& line) {
  int cells = 0;
  for (const Span& span : line) cells += cell_width(span.text);
  return cells;
}

std::string to_ascii(std::string_view text) {
  std::string ascii;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode(text, at);
    const std::string_view character = text.substr(at, c.bytes);
    at += c.bytes;
    if (c.bytes == 1) {
      ascii += c.valid ? character[0] : '?';
      continue;
    }
    const auto is_same = [&](const auto& entry) { return entry.first == character; };
    if (const auto* found = std::find_if(kAscii.begin(), kAscii.end(), is_same); found != kAscii.end()) {
      ascii += found->second;
    } else if (const auto* level = std::find_if(kAsciiLevels.begin(), kAsciiLevels.end(), is_same);
               level != kAsciiLevels.end()) {
      ascii += level->second;
    } else if (c.code_point >= kBrailleFirst && c.code_point <= kBrailleLast) {
      ascii += braille_in_ascii(c.code_point);
    } else {
      ascii.append(static_cast<std::size_t>(cell_width(c.code_point)), '?');
    }
  }
  return ascii;
}

std::string to_text(const Line& line, int columns, Paint paint) {
  std::string bytes;
  int left = columns;
  const bool too_long = cell_width(line) > columns;
  for (const Span& span : line) {
    if (left <= 0) break;
    const int width = cell_width(span.text);
    // The span that reaches the edge is cut so that the mark "…" is the line's last cell.
    const bool last = too_long && width >= left;
    std::string shown = last ? cut(span.text + (width == left ? " " : ""), left) : span.text;
    left -= cell_width(shown);
    if (!paint.unicode) shown = to_ascii(shown);
    const std::string_view colour = paint.colour ? sgr(span.tone) : "";
    bytes.append(colour).append(shown);
    if (!colour.empty()) bytes += "\x1b[0m";
    if (last) break;
  }
  // Blanks at the end say nothing, and would wrap when the terminal is made narrower.
  if (!paint.colour) bytes.erase(bytes.find_last_not_of(' ') + 1);
  return bytes;
}

}  // namespace keisei::dashboard
