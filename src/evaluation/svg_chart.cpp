#include "evaluation/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "base/round_ticks.h"
#include "evaluation/markup.h"

namespace keisei::evaluation {
namespace {

constexpr double kWidth = kChartWidth;
constexpr double kTop = 34;     // below the title
constexpr double kBottom = 44;  // ticks and label of the x axis
constexpr double kRight = 14;
constexpr double kRow = 26;    // height of a row of bars
constexpr double kLetter = 8;  // width of a letter at the font's size
constexpr std::size_t kLabelLetters = 22;
constexpr std::size_t kSeriesColours = 6;

std::string at(double value) { return decimal(value, 1); }

std::string text_at(double x, double y, const std::string& css, const std::string& anchor, const std::string& words) {
  return "<text class=\"" + css + "\" x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + anchor + "\">" +
         markup(words) + "</text>";
}
std::string line(double x1, double y1, double x2, double y2, const std::string& css) {
  return "<line class=\"" + css + "\" x1=\"" + at(x1) + "\" y1=\"" + at(y1) + "\" x2=\"" + at(x2) + "\" y2=\"" +
         at(y2) + "\"/>";
}
std::string rectangle(double x, double y, double w, double h, const std::string& css, const std::string& title) {
  return "<rect class=\"" + css + "\" x=\"" + at(x) + "\" y=\"" + at(y) + "\" width=\"" + at(std::max(0.0, w)) +
         "\" height=\"" + at(std::max(0.0, h)) + "\"><title>" + markup(title) + "</title></rect>";
}
std::string dot(double x, double y, const std::string& css, const std::string& title) {
  return "<circle class=\"" + css + "\" cx=\"" + at(x) + "\" cy=\"" + at(y) + "\" r=\"4\"><title>" + markup(title) +
         "</title></circle>";
}

/// Opens the picture; `words` say what it shows to who does not see it.
std::string opened(const ChartText& text, double height, const std::string& words) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" viewBox=\"0 0 " + at(kWidth) + " " +
         at(height) + "\"><title>" + markup(text.title) + "</title><desc>" + markup(words) + "</desc>" +
         text_at(12, 20, "heading", "start", text.title);
}

/// An axis from data to units, with round ticks.
class Axis {
 public:
  Axis(double low, double high, double from, double to, int ticks, bool to_ticks) : from_(from), to_(to) {
    std::tie(low, high) = drawable_range(low, high);
    step_ = round_step((high - low) / ticks);
    low_ = to_ticks ? std::floor(low / step_ + 1e-9) * step_ : low;
    high_ = to_ticks ? std::ceil(high / step_ - 1e-9) * step_ : high;
    ticks_ = round_ticks(low_, high_, step_);
  }
  [[nodiscard]] double operator()(double value) const {
    return from_ + (std::clamp(value, low_, high_) - low_) / (high_ - low_) * (to_ - from_);
  }
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }
  /// A tick as text: 12k, 1.5M, 0.25.
  [[nodiscard]] std::string label(double value) const {
    const double size = std::max(std::abs(low_), std::abs(high_));
    const double unit = size >= 1e6 ? 1e6 : size >= 1e4 ? 1e3 : 1;
    const double step = step_ / unit;
    const int decimals = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
    return decimal(value / unit, decimals) + (unit >= 1e6 ? "M" : unit >= 1e3 ? "k" : "");
  }

 private:
  double low_ = 0, high_ = 1, from_, to_, step_ = 1;
  std::vector<double> ticks_;
};

std::string x_axis(const Axis& axis, double top, double bottom, const std::string& label) {
  std::string out;
  for (const double tick : axis.ticks()) {
    out += line(axis(tick), top, axis(tick), bottom, "grid");
    out += text_at(axis(tick), bottom + 16, "tick", "middle", axis.label(tick));
  }
  return out + text_at((axis(axis.low()) + axis(axis.high())) / 2, bottom + 34, "tick", "middle", label);
}

std::string interval_words(std::optional<double> low, std::optional<double> high, int decimals) {
  if (low && high) return " (" + decimal(low, decimals) + " to " + decimal(high, decimals) + ")";
  if (low) return " (above " + decimal(low, decimals) + ")";
  if (high) return " (below " + decimal(high, decimals) + ")";
  return {};
}

std::optional<double> finite(std::optional<double> value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// Room for row labels on the left, in units.
double label_room(std::size_t columns) { return 18 + kLetter * static_cast<double>(std::min(columns, kLabelLetters)); }

template <class Row>
std::size_t longest_label(std::span<const Row> rows) {
  std::size_t columns = 1;
  for (const Row& row : rows) columns = std::max(columns, columns_of(shortened_inside(row.label, kLabelLetters)));
  return columns;
}

std::string row_label(const std::string& label, double x, double middle) {
  return "<g><title>" + markup(label) + "</title>" +
         text_at(x, middle + 4.5, "label", "end", shortened_inside(label, kLabelLetters)) + "</g>";
}

std::string nothing(const ChartText& text) {
  return opened(text, 80, "No data.") + text_at(kWidth / 2, 56, "tick", "middle", "no data") + "</svg>";
}

template <class Row>
std::string left_out(std::span<const Row> rows, double y) {
  if (rows.size() <= kMaxChartRows) return {};
  return text_at(kWidth - kRight, y, "tick", "end",
                 "and " + std::to_string(rows.size() - kMaxChartRows) + " more, not drawn");
}

}  // namespace

std::string line_chart(const ChartText& text, std::span<const ChartSeries> series) {
  double x_low = INFINITY, x_high = -INFINITY, y_low = INFINITY, y_high = -INFINITY;
  for (const ChartSeries& one : series) {
    for (const ChartPoint& p : one.points) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      x_low = std::min(x_low, p.x);
      x_high = std::max(x_high, p.x);
      y_low = std::min(y_low, finite(p.low).value_or(p.y));
      y_high = std::max(y_high, finite(p.high).value_or(p.y));
    }
  }
  if (!std::isfinite(x_low)) return nothing(text);
  const bool legend = series.size() > 1;
  const double bottom = 250;
  const double left = 56;
  const Axis y(y_low, y_high, bottom, kTop + (legend ? 22 : 4), 5, true);
  const Axis x(x_low, x_high, left + 10, kWidth - kRight - 10, 6, false);
  std::string body = x_axis(x, y(y.high()), bottom, text.x_label);
  for (const double tick : y.ticks()) {
    body += line(left, y(tick), kWidth - kRight, y(tick), tick == 0 ? "axis" : "grid");
    body += text_at(left - 6, y(tick) + 4, "tick", "end", y.label(tick));
  }
  body += "<text class=\"tick\" text-anchor=\"middle\" transform=\"translate(12 " + at((bottom + kTop) / 2) +
          ") rotate(-90)\">" + markup(text.y_label) + "</text>";
  std::string words;
  double legend_x = left;
  for (std::size_t s = 0; s < series.size(); ++s) {
    const std::string colour = "s" + std::to_string(s % kSeriesColours);
    std::string path;
    std::string marks;
    std::string last;
    for (const ChartPoint& p : series[s].points) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      path += (path.empty() ? "M" : " L") + at(x(p.x)) + " " + at(y(p.y));
      if (p.low || p.high)
        marks += line(x(p.x), y(finite(p.low).value_or(y.low())), x(p.x), y(finite(p.high).value_or(y.high())),
                      "error " + colour);
      last = (p.title.empty() ? "" : p.title + ": ") + x.label(p.x) + ", " + decimal(p.y, 1) +
             interval_words(p.low, p.high, 1);
      if (series[s].dots) marks += dot(x(p.x), y(p.y), "dot " + colour, last);
    }
    if (path.empty()) continue;
    body += "<path class=\"line " + colour + "\" d=\"" + path + "\"/>" + marks;
    words += (words.empty() ? "" : "; ") + (series[s].name.empty() ? text.y_label : series[s].name) +
             ", last value: " + last;
    if (!legend) continue;
    const std::string name = shortened_inside(series[s].name, kLabelLetters);
    const double room = 26 + kLetter * static_cast<double>(columns_of(name));
    if (legend_x + room > kWidth) continue;
    body += line(legend_x, kTop + 6, legend_x + 14, kTop + 6, "line " + colour) +
            text_at(legend_x + 18, kTop + 10, "tick", "start", name);
    legend_x += room;
  }
  return opened(text, bottom + kBottom, words) + body + "</svg>";
}

std::string bar_chart(const ChartText& text, std::span<const ChartBar> bars) {
  if (bars.empty()) return nothing(text);
  const std::span<const ChartBar> shown = bars.first(std::min(bars.size(), kMaxChartRows));
  const double left = label_room(longest_label(shown));
  double most = 0;
  for (const ChartBar& bar : shown)
    if (std::isfinite(bar.value)) most = std::max(most, bar.value);
  const double bottom = kTop + kRow * static_cast<double>(shown.size());
  const Axis x(0, std::max(most, 1.0), left, kWidth - kRight - 46, 4, false);
  std::string words;
  std::string body;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const ChartBar& bar = shown[i];
    const double value = std::isfinite(bar.value) ? std::max(0.0, bar.value) : 0;
    const double top = kTop + kRow * static_cast<double>(i);
    const std::string number = decimal(value, value == std::floor(value) ? 0 : 1);
    body += row_label(bar.label, left - 6, top + kRow / 2);
    body += rectangle(left, top + 4, x(value) - left, kRow - 8, "bar", bar.label + ": " + number);
    body += text_at(x(value) + 6, top + kRow / 2 + 4.5, "label", "start", number);
    words += (words.empty() ? "" : ", ") + bar.label + " " + number;
  }
  return opened(text, bottom + 24, words) + body + text_at(left, bottom + 14, "tick", "start", text.x_label) +
         left_out(bars, bottom + 14) + "</svg>";
}

std::string histogram(const ChartText& text, std::span<const int> values, int most_bins) {
  if (values.empty()) return nothing(text);
  const auto [low_at, high_at] = std::minmax_element(values.begin(), values.end());
  const double span = static_cast<double>(*high_at) - *low_at + 1;
  const auto width = static_cast<std::int64_t>(std::max(1.0, round_step(span / std::max(1, most_bins))));
  const std::int64_t first = *low_at >= 0 ? *low_at / width : (*low_at - width + 1) / width;
  std::vector<int> counts(static_cast<std::size_t>((*high_at - first * width) / width + 1), 0);
  for (const int value : values) ++counts[static_cast<std::size_t>((value - first * width) / width)];
  const double left = 56;
  const double bottom = 220;
  const auto bins = static_cast<std::int64_t>(counts.size());
  const Axis x(static_cast<double>(first * width), static_cast<double>((first + bins) * width), left,
               kWidth - kRight - 10, 6, false);
  const Axis y(0, *std::max_element(counts.begin(), counts.end()), bottom, kTop + 4, 4, true);
  std::string body = x_axis(x, bottom, bottom + 4, text.x_label);
  for (const double tick : y.ticks()) {
    if (tick != std::floor(tick)) continue;
    body += line(left, y(tick), kWidth - kRight, y(tick), tick == 0 ? "axis" : "grid");
    body += text_at(left - 6, y(tick) + 4, "tick", "end", y.label(tick));
  }
  std::string words;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const std::int64_t begin = (first + static_cast<std::int64_t>(i)) * width;
    const std::string range =
        width == 1 ? std::to_string(begin) : std::to_string(begin) + " to " + std::to_string(begin + width - 1);
    const double from = x(static_cast<double>(begin));
    body += rectangle(from + 0.5, y(counts[i]), x(static_cast<double>(begin + width)) - from - 1, bottom - y(counts[i]),
                      "bar", range + ": " + std::to_string(counts[i]));
    words += (words.empty() ? "" : ", ") + range + ": " + std::to_string(counts[i]);
  }
  body += "<text class=\"tick\" text-anchor=\"middle\" transform=\"translate(12 " + at((bottom + kTop) / 2) +
          ") rotate(-90)\">" + markup(text.y_label) + "</text>";
  return opened(text, bottom + kBottom, words) + body + "</svg>";
}

std::string interval_chart(const ChartText& text, std::span<const ChartInterval> rows) {
  if (rows.empty()) return nothing(text);
  const std::span<const ChartInterval> shown = rows.first(std::min(rows.size(), kMaxChartRows));
  double low = INFINITY, high = -INFINITY;
  for (const ChartInterval& row : shown) {
    if (!std::isfinite(row.value)) continue;
    low = std::min(low, finite(row.low).value_or(row.value));
    high = std::max(high, finite(row.high).value_or(row.value));
  }
  if (!std::isfinite(low)) return nothing(text);
  const double left = label_room(longest_label(shown));
  const double bottom = kTop + kRow * static_cast<double>(shown.size());
  const Axis x(low, high, left + 8, kWidth - kRight - 8, 5, true);
  std::string body = x_axis(x, kTop, bottom, text.x_label);
  std::string words;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const ChartInterval& row = shown[i];
    if (!std::isfinite(row.value)) continue;
    const double middle = kTop + kRow * (static_cast<double>(i) + 0.5);
    const std::string said = row.label + ": " + decimal(row.value, 0) + interval_words(row.low, row.high, 0);
    body += row_label(row.label, left - 6, middle);
    if (row.low || row.high) {
      const double from = x(finite(row.low).value_or(x.low()));
      const double to = x(finite(row.high).value_or(x.high()));
      body += line(from, middle, to, middle, "error s0");
      if (finite(row.low)) body += line(from, middle - 5, from, middle + 5, "error s0");
      if (finite(row.high)) body += line(to, middle - 5, to, middle + 5, "error s0");
    }
    body += dot(x(row.value), middle, "dot s0", said);
    words += (words.empty() ? "" : ", ") + said;
  }
  return opened(text, bottom + kBottom + (rows.size() > kMaxChartRows ? 16 : 0), words) + body +
         left_out(rows, bottom + kBottom + 10) + "</svg>";
}

std::string share_chart(const ChartText& text, std::span<const ChartShares> rows) {
  if (rows.empty()) return nothing(text);
  const std::span<const ChartShares> shown = rows.first(std::min(rows.size(), kMaxChartRows));
  const double left = label_room(longest_label(shown));
  const double bottom = kTop + kRow * static_cast<double>(shown.size());
  const double room = kWidth - kRight - left;
  std::string words;
  std::string body;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const ChartShares& row = shown[i];
    const double top = kTop + kRow * static_cast<double>(i);
    const int total = row.wins + row.draws + row.losses;
    body += row_label(row.label, left - 6, top + kRow / 2);
    double x = left;
    const std::string said = row.label + ": " + std::to_string(row.wins) + " won, " + std::to_string(row.draws) +
                             " drawn, " + std::to_string(row.losses) + " lost";
    for (const auto& [count, css] :
         {std::pair{row.wins, "win"}, std::pair{row.draws, "draw"}, std::pair{row.losses, "loss"}}) {
      if (total == 0 || count == 0) continue;
      const double width = room * count / total;
      body += rectangle(x, top + 3, width - 1, kRow - 6, css, said);
      const std::string number = std::to_string(count);
      if (width > kLetter * static_cast<double>(number.size()) + 6)
        body += text_at(x + width / 2, top + kRow / 2 + 4.5, std::string("on-") + css, "middle", number);
      x += width;
    }
    if (total == 0) body += text_at(left + 4, top + kRow / 2 + 4.5, "tick", "start", "no games");
    words += (words.empty() ? "" : "; ") + said;
  }
  body += rectangle(left, bottom + 6, 10, 10, "win", "won") + text_at(left + 15, bottom + 15, "tick", "start", "won") +
          rectangle(left + 58, bottom + 6, 10, 10, "draw", "drawn") +
          text_at(left + 73, bottom + 15, "tick", "start", "drawn") +
          rectangle(left + 126, bottom + 6, 10, 10, "loss", "lost") +
          text_at(left + 141, bottom + 15, "tick", "start", "lost");
  return opened(text, bottom + 26, words) + body + "</svg>";
}

}  // namespace keisei::evaluation
