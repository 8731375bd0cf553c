// Curves over the steps of a training as text: axes with round ticks and units, a legend, several series in one plot.
// Series differ by colour; without colour each has a letter-sized mark of its own. Braille dots where there is Unicode,
// their ASCII look-alikes elsewhere. Pure: values in, lines out, at most as wide as asked. Unknown values are gaps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dashboard/cells.h"

namespace keisei::dashboard {

inline constexpr int kMinPlotColumns = 40;  ///< a narrower terminal gets lines of this width
inline constexpr int kMinPlotRows = 5;

struct PlotPoint {
  std::int64_t step = 0;
  double value = 0;  ///< NaN = unknown
};

struct PlotSeries {
  std::string name;
  std::vector<PlotPoint> points;  ///< by rising step
};

struct LinePlot {
  std::string x_label;
  std::string y_label;  ///< the unit; may be empty
  std::vector<PlotSeries> series;
};

/// Legend and unit, `rows` rows of plot, the axis and its label. A series without a known value says so in the legend.
[[nodiscard]] std::vector<Line> line_plot(const LinePlot& plot, int columns, int rows, Paint paint);

}  // namespace keisei::dashboard
