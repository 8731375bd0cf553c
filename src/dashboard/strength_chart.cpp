#include "dashboard/strength_chart.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include "dashboard/numbers.h"

namespace keisei::dashboard {
namespace {

constexpr int kAxisColumns = 7;
constexpr int kMostChartColumns = 100;
constexpr int kMinChartColumns = 8;
constexpr double kEvenScore = 0.5;

/// The plot as cells: what stands where, painted in runs.
class Plot {
 public:
  Plot(int columns, int rows) : columns_(columns), cells_(static_cast<std::size_t>(columns * rows), Span{" "}) {}
  void set(int column, int row, std::string_view cell, Tone tone) {
    cells_[static_cast<std::size_t>(row * columns_ + column)] = {std::string(cell), tone};
  }
  void append_row(int row, Line& line) const {
    append_cells(line, &cells_[static_cast<std::size_t>(row * columns_)], columns_);
  }

 private:
  int columns_;
  std::vector<Span> cells_;
};

std::string times(std::string_view cell, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += cell;
  return text;
}

}  // namespace

std::vector<Line> strength_chart(const StrengthCurve& curve, int columns, int rows) {
  std::vector<StrengthPoint> points;
  std::copy_if(curve.points.begin(), curve.points.end(), std::back_inserter(points),
               [](const StrengthPoint& point) { return point.known(); });
  if (points.empty()) return {};
  std::stable_sort(points.begin(), points.end(),
                   [](const StrengthPoint& a, const StrengthPoint& b) { return a.step < b.step; });
  rows = std::max(rows, 3);
  const int width = std::clamp(columns - kAxisColumns, kMinChartColumns, kMostChartColumns);
  // Where every score is better than even, the upper half alone, so that what is left to gain can be seen.
  const bool better = std::all_of(points.begin(), points.end(), [](const StrengthPoint& point) {
    return std::min(point.score, std::isfinite(point.low) ? point.low : point.score) > kEvenScore;
  });
  const double bottom = better ? kEvenScore : 0.0;
  const auto row_of = [&](double score) {
    return static_cast<int>(std::lround((1.0 - std::clamp(score, bottom, 1.0)) / (1.0 - bottom) * (rows - 1)));
  };
  const auto first = static_cast<double>(points.front().step), last = static_cast<double>(points.back().step);
  const auto column_of = [&](std::int64_t step) {
    return last > first
               ? static_cast<int>(std::lround((static_cast<double>(step) - first) / (last - first) * (width - 1)))
               : 0;
  };

  Plot plot(width, rows);
  for (int column = 0; column < width; ++column) plot.set(column, row_of(kEvenScore), "┄", Tone::kDim);
  for (const StrengthPoint& point : points) {
    const int column = column_of(point.step);
    // A later evaluation in the same column replaces the earlier one whole.
    for (int row = 0; row < rows; ++row) {
      plot.set(column, row, row == row_of(kEvenScore) ? "┄" : " ",
               row == row_of(kEvenScore) ? Tone::kDim : Tone::kNormal);
    }
    if (std::isfinite(point.low) && std::isfinite(point.high)) {
      for (int row = row_of(point.high); row <= row_of(point.low); ++row) plot.set(column, row, "│", Tone::kDim);
    }
    plot.set(column, row_of(point.score), "●", Tone::kAccent);
  }

  std::vector<Line> lines{{{"score vs ", Tone::kDim}, {printable(curve.opponent), Tone::kStrong}}};
  for (int row = 0; row < rows; ++row) {
    const bool named = row == 0 || row == rows - 1 || (rows % 2 == 1 && row == rows / 2);
    const std::string label = named ? people_real(1.0 - (1.0 - bottom) * row / (rows - 1), 2) : "";
    Line line{{pad_left(label, kAxisColumns - 2) + " │", Tone::kDim}};
    plot.append_row(row, line);
    lines.push_back(std::move(line));
  }
  lines.push_back({{std::string(kAxisColumns - 1, ' ') + "└" + times("─", width), Tone::kDim}});
  const std::string left = people_count(first), right = people_count(last) + " plies";
  std::string axis = std::string(kAxisColumns, ' ') + left;
  if (last > first) axis += pad_left(right, width - cell_width(left));
  lines.push_back({{std::move(axis), Tone::kDim}});
  return lines;
}

}  // namespace keisei::dashboard
