#include "dashboard/canvas.h"

#include <algorithm>
#include <utility>

namespace keisei::dashboard {

Canvas::Canvas(Size size, bool unicode)
    : size_{std::max(size.columns, 1), std::max(size.rows, 1)},
      unicode_(unicode),
      cells_(static_cast<std::size_t>(size_.columns) * static_cast<std::size_t>(size_.rows)) {}

void Canvas::set(int row, int column, std::string text, int width, Tone tone) {
  // Half of a wide character cannot stay alone.
  const auto blank = [&](int c) {
    if (c >= 0 && c < size_.columns) cells_[index(row, c)].text = " ";
  };
  if (cells_[index(row, column)].text.empty()) blank(column - 1);
  const int after = column + width;
  if (after < size_.columns && cells_[index(row, after)].text.empty()) blank(after);
  cells_[index(row, column)] = {std::move(text), tone};
  if (width == 2) cells_[index(row, column + 1)] = {"", tone};
}

void Canvas::put(int row, int column, const Line& line, int columns) {
  if (row < 0 || row >= size_.rows || column < 0) return;
  const int edge = column + std::min(columns, size_.columns - column);
  const bool too_long = cell_width(line) > edge - column;
  int at = column, last = -1;
  for (const Span& span : line) {
    const std::string shown = unicode_ ? printable(span.text) : to_ascii(printable(span.text));
    for (const Glyph& glyph : glyphs(shown)) {
      if (glyph.width == 0) {  // a combining mark belongs to the character before it
        if (last >= 0) cells_[index(row, last)].text += glyph.text;
        continue;
      }
      if (at + glyph.width > edge - (too_long ? 1 : 0)) {
        for (; at < edge; ++at) set(row, at, at + 1 < edge ? " " : unicode_ ? "…" : "~", 1, span.tone);
        return;
      }
      set(row, at, std::string(glyph.text), glyph.width, span.tone);
      last = at;
      at += glyph.width;
    }
  }
}

void Canvas::put(const Area& area, const std::vector<Line>& lines) {
  for (int i = 0; i < std::min(area.rows, static_cast<int>(lines.size())); ++i) {
    put(area.row + i, area.column, lines[static_cast<std::size_t>(i)], area.columns);
  }
}

void Canvas::clear(const Area& area) {
  const std::string blanks(static_cast<std::size_t>(std::max(area.columns, 0)), ' ');
  for (int i = 0; i < area.rows; ++i) put(area.row + i, area.column, {{blanks, Tone::kNormal}}, area.columns);
}

std::vector<std::string> to_lines(const Canvas& canvas, bool colour) {
  std::vector<std::string> lines;
  for (int row = 0; row < canvas.size().rows; ++row) {
    Line line;
    for (int column = 0; column < canvas.size().columns; ++column) {
      const Cell& cell = canvas.at(row, column);
      if (line.empty() || line.back().tone != cell.tone) line.push_back({"", cell.tone});
      line.back().text += cell.text;
    }
    while (!line.empty()) {
      Span& last = line.back();
      if (last.tone == Tone::kSelected) break;
      last.text.erase(last.text.find_last_not_of(' ') + 1);
      if (!last.text.empty()) break;
      line.pop_back();
    }
    lines.push_back(to_text(line, canvas.size().columns, {colour, canvas.unicode()}));
  }
  return lines;
}

}  // namespace keisei::dashboard
