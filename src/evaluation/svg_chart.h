// Charts as SVG text: no script, no outside resource, a title and a description for readers that see no picture, and
// colours by CSS class, so that a page or a file decides on light and dark. A chart is 480 units wide, so that its
// letters stay legible on a telephone. Coordinates are rounded, hence the same data give the same bytes. Values that
// are not finite are left out. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keisei::evaluation {

inline constexpr int kChartWidth = 480;
inline constexpr std::size_t kMaxChartRows = 400;  ///< of bars and intervals; the rest is said in words

struct ChartText {
  std::string title;
  std::string x_label;
  std::string y_label;
};

struct ChartPoint {
  double x = 0;
  double y = 0;
  std::optional<double> low;  ///< interval; empty ends are open
  std::optional<double> high;
  std::string title;  ///< told beside the values
};
struct ChartSeries {
  std::string name;
  std::vector<ChartPoint> points;  ///< by rising x
  bool dots = true;                ///< a dot at every point; without them a long curve stays a line
};
/// Lines through points with their intervals as bars.
[[nodiscard]] std::string line_chart(const ChartText& text, std::span<const ChartSeries> series);

struct ChartBar {
  std::string label;
  double value = 0;  ///< >= 0
};
/// Horizontal bars, one a row, for counts by name.
[[nodiscard]] std::string bar_chart(const ChartText& text, std::span<const ChartBar> bars);

/// Counts of `values` in at most `most_bins` equal bins of round width.
[[nodiscard]] std::string histogram(const ChartText& text, std::span<const int> values, int most_bins = 20);

struct ChartInterval {
  std::string label;
  double value = 0;
  std::optional<double> low;
  std::optional<double> high;
};
/// A point and its error bar, one a row.
[[nodiscard]] std::string interval_chart(const ChartText& text, std::span<const ChartInterval> rows);

struct ChartShares {
  std::string label;
  int wins = 0;
  int draws = 0;
  int losses = 0;
};
/// Wins, draws and losses as parts of one bar, one a row.
[[nodiscard]] std::string share_chart(const ChartText& text, std::span<const ChartShares> rows);

/// The CSS of the charts' classes, light and dark; a page puts it into its own style.
[[nodiscard]] std::string chart_style();
/// The height of a chart, in its units.
[[nodiscard]] double chart_height(const std::string& chart);
/// A chart as a file of its own.
[[nodiscard]] std::string svg_document(const std::string& chart);
/// Charts one below the other as one file with a title of its own.
[[nodiscard]] std::string svg_document(const std::string& title, std::span<const std::string> charts);

}  // namespace keisei::evaluation
