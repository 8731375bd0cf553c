#include "dashboard/plot.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "dashboard/braille.h"

namespace keisei::dashboard {
namespace {

/// At most `count` means of equal shares of the values.
std::vector<double> means_of(const std::deque<double>& values, std::size_t count) {
  std::vector<double> means(std::min(values.size(), count), 0.0);
  for (std::size_t i = 0; i < means.size(); ++i) {
    const std::size_t begin = i * values.size() / means.size(), end = (i + 1) * values.size() / means.size();
    for (std::size_t k = begin; k < end; ++k) means[i] += values[k] / static_cast<double>(end - begin);
  }
  return means;
}

}  // namespace

std::vector<std::string> plot(const std::deque<double>& values, int columns, int rows) {
  columns = std::max(columns, 0);
  rows = std::max(rows, 0);
  BrailleGrid grid(columns, rows);
  const int width = grid.width(), height = grid.height();
  const std::vector<double> means = means_of(values, static_cast<std::size_t>(width));
  if (!means.empty() && height > 0) {
    const auto [low, high] = std::minmax_element(means.begin(), means.end());
    const double span = *high / 2 - *low / 2;  // halves, so that the largest doubles do not overflow
    const auto y_of = [&](double mean) {
      const double share = span > 0 ? (mean / 2 - *low / 2) / span : 0.5;
      return static_cast<int>(std::lround((1.0 - share) * (height - 1)));
    };
    const auto last = static_cast<int>(means.size()) - 1;
    const auto x_of = [&](int i) { return last > 0 ? i * (width - 1) / last : 0; };
    int before = y_of(means.front());
    grid.dot(0, before);
    for (int i = 1; i <= last; ++i) {
      const int from = x_of(i - 1), to = x_of(i), y = y_of(means[static_cast<std::size_t>(i)]);
      grid.line(from, before, to, y);
      before = y;
    }
  }
  std::vector<std::string> lines;
  for (int row = 0; row < rows; ++row) {
    std::string line;
    for (int column = 0; column < columns; ++column) line += grid.cell(row, column);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace keisei::dashboard
