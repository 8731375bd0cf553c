#include "dashboard/line_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <tuple>
#include <utility>

#include "base/round_ticks.h"
#include "dashboard/braille.h"
#include "dashboard/numbers.h"

namespace keisei::dashboard {
namespace {

constexpr std::array<Tone, 6> kTones = {Tone::kAccent, Tone::kWarn, Tone::kGood, Tone::kStrong, Tone::kBad, Tone::kDim};
constexpr std::string_view kMarks = "*+o#x@";
constexpr int kRowsATick = 3;      // between two labels of the value axis, about
constexpr int kColumnsATick = 16;  // between two labels of the step axis, about

std::string printed(const char* format, int decimals, double value) {
  std::array<char, 64> text{};
  // NOLINTNEXTLINE: the format is one of the literals below.
  (void)std::snprintf(text.data(), text.size(), format, decimals, value);
  return text.data();
}

/// A scale with round ticks; labels are as exact as the distance of the ticks asks.
struct Scale {
  double low = 0, high = 1, step = 1;

  Scale(double from, double to, int ticks) {
    std::tie(low, high) = drawable_range(from, to);
    step = round_step((high - low) / std::max(ticks, 1));
  }
  [[nodiscard]] double share(double value) const { return (value - low) / (high - low); }
  [[nodiscard]] std::vector<double> ticks() const { return round_ticks(low, high, step); }
  [[nodiscard]] std::string label(double value) const {
    const double size = std::max(std::abs(low), std::abs(high));
    if (std::abs(value) < step / 2) return "0";
    if (size < 1e-4 || size >= 1e13) return printed("%.*e", 1, value);
    const auto [unit, letter] = size >= 1e10  ? std::pair(1e9, "G")
                                : size >= 1e7 ? std::pair(1e6, "M")
                                : size >= 1e4 ? std::pair(1e3, "k")
                                              : std::pair(1.0, "");
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step / unit) - 1e-9)), 0, 8);
    return printed("%.*f", decimals, value / unit) + letter;
  }
};

struct Extent {
  double low = INFINITY, high = -INFINITY;
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool known() const { return low <= high; }
};

/// The points whose value is known.
std::vector<PlotPoint> known_points(const PlotSeries& series) {
  std::vector<PlotPoint> points;
  for (const PlotPoint& point : series.points) {
    if (std::isfinite(point.value)) points.push_back(point);
  }
  return points;
}

/// Plot area: cells with their tones, rows downwards.
class Field {
 public:
  Field(int columns, int rows, const Scale& x, const Scale& y)
      : columns_(columns), rows_(rows), x_(x), y_(y), cells_(static_cast<std::size_t>(columns * rows), {" ", {}}) {}

  void draw_dots(const std::vector<PlotPoint>& points, Tone tone) {
    BrailleGrid grid(columns_, rows_);
    int before_x = 0, before_y = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const int x = place(x_.share(static_cast<double>(points[i].step)), grid.width());
      const int y = place(1 - y_.share(points[i].value), grid.height());
      if (i == 0) {
        grid.dot(x, y);
      } else {
        grid.line(before_x, before_y, std::max(x, before_x), y);
      }
      before_x = x;
      before_y = y;
    }
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < columns_; ++column) {
        if (!grid.blank(row, column)) at(row, column) = {grid.cell(row, column), tone};
      }
    }
  }

  void draw_marks(const std::vector<PlotPoint>& points, char mark, Tone tone) {
    int before_x = 0;
    double before = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const int x = place(x_.share(static_cast<double>(points[i].step)), columns_);
      const int from = i == 0 || x <= before_x ? x : before_x + 1;
      for (int column = from; column <= x; ++column) {
        const double part = from == x ? 1 : static_cast<double>(column - before_x) / (x - before_x);
        const double value = i == 0 ? points[i].value : before + (points[i].value - before) * part;
        at(place(1 - y_.share(value), rows_), column) = {std::string(1, mark), tone};
      }
      before_x = x;
      before = points[i].value;
    }
  }

  void append_row(int row, Line& line) const {
    append_cells(line, &cells_[static_cast<std::size_t>(row * columns_)], columns_);
  }

  static int place(double share, int count) {
    return std::clamp(static_cast<int>(std::lround(share * (count - 1))), 0, count - 1);
  }

 private:
  Span& at(int row, int column) { return cells_[static_cast<std::size_t>(row * columns_ + column)]; }
  int columns_, rows_;
  Scale x_, y_;
  std::vector<Span> cells_;
};

std::string repeated(const char* text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

Line legend(const PlotSeries& series, const std::vector<PlotPoint>& points, const std::string& mark, Tone tone) {
  Line line = {{mark + " ", tone}, {printable(series.name), Tone::kStrong}};
  if (points.empty()) {
    line.push_back({"  no known value", Tone::kDim});
    return line;
  }
  Extent extent;
  for (const PlotPoint& point : points) extent.add(point.value);
  const auto number = [](double value) {
    const bool plain = std::abs(value) >= 100 || (value == std::floor(value) && value != 0);
    return plain ? people_count(value) : people_real(value);
  };
  line.push_back({"  last " + number(points.back().value) + ", " + number(extent.low) + " to " + number(extent.high) +
                      ", " + people_count(static_cast<double>(points.size())) +
                      (points.size() == 1 ? " value" : " values"),
                  Tone::kDim});
  return line;
}

/// The step axis: its line and the labels below it.
void add_x_axis(std::vector<Line>& lines, const Scale& scale, const std::string& label, int gutter, int columns) {
  std::string rule = repeated(" ", gutter) + "└";
  std::string labels(static_cast<std::size_t>(gutter + 1 + columns), ' ');
  std::vector<bool> ticked(static_cast<std::size_t>(columns), false);
  std::size_t free_from = 0;
  for (const double tick : scale.ticks()) {
    const int column = Field::place(scale.share(tick), columns);
    const std::string text = scale.label(tick);
    const int centred = gutter + 1 + column - static_cast<int>(text.size()) / 2;
    const int last = gutter + 1 + columns - static_cast<int>(text.size());
    const auto start = static_cast<std::size_t>(std::clamp(centred, 0, std::max(last, 0)));
    if (start < free_from || start + text.size() > labels.size()) continue;
    ticked[static_cast<std::size_t>(column)] = true;
    labels.replace(start, text.size(), text);
    free_from = start + text.size() + 1;
  }
  for (const bool tick : ticked) rule += tick ? "┴" : "─";
  labels.erase(labels.find_last_not_of(' ') + 1);
  lines.push_back({{rule, Tone::kDim}});
  lines.push_back({{labels, Tone::kDim}});
  const int room = std::max(0, (columns - cell_width(label)) / 2);
  lines.push_back({{repeated(" ", gutter + 1 + room) + label, Tone::kDim}});
}

}  // namespace

std::vector<Line> line_plot(const LinePlot& plot, int columns, int rows, Paint paint) {
  columns = std::max(columns, kMinPlotColumns);
  rows = std::max(rows, kMinPlotRows);
  const bool marks = !paint.colour && plot.series.size() > 1;
  std::vector<Line> lines;
  std::vector<std::vector<PlotPoint>> known;
  Extent steps, values;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    known.push_back(known_points(plot.series[i]));
    for (const PlotPoint& point : known.back()) {
      steps.add(static_cast<double>(point.step));
      values.add(point.value);
    }
    const std::string mark = marks ? std::string(1, kMarks[i % kMarks.size()]) : "●";
    lines.push_back(legend(plot.series[i], known.back(), mark, kTones[i % kTones.size()]));
  }
  if (!values.known()) return lines;
  const Scale y(values.low, values.high, rows / kRowsATick);
  std::vector<std::string> labels(static_cast<std::size_t>(rows));
  int gutter = 0;
  for (const double tick : y.ticks()) {
    std::string& label = labels[static_cast<std::size_t>(Field::place(1 - y.share(tick), rows))];
    label = y.label(tick);
    gutter = std::max(gutter, static_cast<int>(label.size()));
  }
  const int width = columns - gutter - 1;
  const Scale x(steps.low, steps.high, width / kColumnsATick);
  Field field(width, rows, x, y);
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Tone tone = kTones[i % kTones.size()];
    if (marks) {
      field.draw_marks(known[i], kMarks[i % kMarks.size()], tone);
    } else {
      field.draw_dots(known[i], tone);
    }
  }
  if (!plot.y_label.empty())
    lines.push_back({{pad_left(plot.y_label, std::max(gutter, cell_width(plot.y_label))), Tone::kDim}});
  for (int row = 0; row < rows; ++row) {
    const std::string& label = labels[static_cast<std::size_t>(row)];
    Line line = {{pad_left(label, gutter) + (label.empty() ? "│" : "┤"), Tone::kDim}};
    field.append_row(row, line);
    lines.push_back(std::move(line));
  }
  add_x_axis(lines, x, plot.x_label, gutter, width);
  return lines;
}

}  // namespace keisei::dashboard
