#include "dashboard/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace keisei::dashboard {
namespace {

constexpr int kDotsAcross = 2, kDotsDown = 4;
constexpr std::array<std::array<std::uint8_t, kDotsAcross>, kDotsDown> kDots{
    {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
constexpr char32_t kBlankBraille = 0x2800;

std::string utf8(char32_t c) {
  return {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
          static_cast<char>(0x80 | (c & 0x3F))};
}

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
  const int width = columns * kDotsAcross, height = rows * kDotsDown;
  std::vector<std::uint8_t> cells(static_cast<std::size_t>(columns * rows), 0);
  const auto dot = [&](int x, int y) {
    const auto cell = static_cast<std::size_t>(y / kDotsDown * columns + x / kDotsAcross);
    const auto bit = kDots[static_cast<std::size_t>(y % kDotsDown)][static_cast<std::size_t>(x % kDotsAcross)];
    cells[cell] = static_cast<std::uint8_t>(cells[cell] | bit);
  };
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
    dot(0, before);
    for (int i = 1; i <= last; ++i) {
      const int from = x_of(i - 1), to = x_of(i), y = y_of(means[static_cast<std::size_t>(i)]);
      int previous = before;
      for (int x = from + 1; x <= to; ++x) {  // a line from point to point, without gaps upwards or downwards
        const int next = before + (y - before) * (x - from) / (to - from);
        const int step = next > previous ? 1 : -1;
        for (int at = previous == next ? next : previous + step; at != next; at += step) dot(x, at);
        dot(x, next);
        previous = next;
      }
      before = y;
    }
  }
  std::vector<std::string> lines;
  for (int row = 0; row < rows; ++row) {
    std::string line;
    for (int column = 0; column < columns; ++column) {
      const std::uint8_t dots = cells[static_cast<std::size_t>(row * columns + column)];
      line += dots == 0 ? " " : utf8(kBlankBraille + dots);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace keisei::dashboard
