// A frame of the full screen as cells: what stands in each and in which tone. A plain value that the pure layout fills
// and the terminal layer puts, so that a frame can be compared with a golden file without any terminal. A wide
// character stands in its left cell; the cell right of it is empty. Rows and columns count from 0.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dashboard/cells.h"

namespace keisei::dashboard {

struct Cell {
  std::string text = " ";  ///< one character with its combining marks; empty right of a wide one
  Tone tone = Tone::kNormal;
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// Where something may be drawn.
struct Area {
  int row = 0;
  int column = 0;
  int rows = 0;
  int columns = 0;
};

class Canvas {
 public:
  /// Blank. Without `unicode` everything that is put becomes ASCII, cell for cell.
  Canvas(Size size, bool unicode);

  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] bool unicode() const { return unicode_; }
  [[nodiscard]] const Cell& at(int row, int column) const { return cells_[index(row, column)]; }

  /// The line from there on, at most `columns` cells of it (a longer one ends in "…") and never beyond the edge; what
  /// lies outside the canvas is left out. Control characters become blanks.
  void put(int row, int column, const Line& line, int columns);
  /// The lines one below the other in the area, as many as fit.
  void put(const Area& area, const std::vector<Line>& lines);
  /// Blanks.
  void clear(const Area& area);

 private:
  [[nodiscard]] std::size_t index(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.columns) + static_cast<std::size_t>(column);
  }
  void set(int row, int column, std::string text, int width, Tone tone);

  Size size_;
  bool unicode_;
  std::vector<Cell> cells_;
};

/// The rows as text without blanks at their ends; with `colour` in the tones' SGR sequences.
[[nodiscard]] std::vector<std::string> to_lines(const Canvas& canvas, bool colour);

}  // namespace keisei::dashboard
