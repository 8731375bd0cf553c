// A grid of dots as text: a cell of the terminal holds 2 x 4 of them, as a braille character. What curves are drawn on
// (plot.h, line_plot.h). Dots count from 0, left to right and downwards; what lies outside is left out. A plain value;
// one owner, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace keisei::dashboard {

class BrailleGrid {
 public:
  static constexpr int kDotsAcross = 2, kDotsDown = 4;  ///< of a cell

  /// Blank; negative sizes count as 0.
  BrailleGrid(int columns, int rows);

  [[nodiscard]] int width() const { return columns_ * kDotsAcross; }  ///< dots
  [[nodiscard]] int height() const { return rows_ * kDotsDown; }      ///< dots

  void dot(int x, int y);
  /// From one dot to another at x1 >= x0 without gaps; the first dot itself is not set.
  void line(int x0, int y0, int x1, int y1);

  [[nodiscard]] bool blank(int row, int column) const;
  /// The cell as a character; a blank one is a space.
  [[nodiscard]] std::string cell(int row, int column) const;

 private:
  int columns_;
  int rows_;
  std::vector<std::uint8_t> cells_;
};

}  // namespace keisei::dashboard
