#include "dashboard/braille.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keisei::dashboard {
namespace {

constexpr std::array<std::array<std::uint8_t, BrailleGrid::kDotsAcross>, BrailleGrid::kDotsDown> kDots{
    {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
constexpr char32_t kBlankBraille = 0x2800;

std::string utf8(char32_t c) {
  return {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
          static_cast<char>(0x80 | (c & 0x3F))};
}

}  // namespace

BrailleGrid::BrailleGrid(int columns, int rows)
    : columns_(std::max(columns, 0)), rows_(std::max(rows, 0)), cells_(static_cast<std::size_t>(columns_ * rows_), 0) {}

void BrailleGrid::dot(int x, int y) {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return;
  auto& cell = cells_[static_cast<std::size_t>(y / kDotsDown * columns_ + x / kDotsAcross)];
  const auto bit = kDots[static_cast<std::size_t>(y % kDotsDown)][static_cast<std::size_t>(x % kDotsAcross)];
  cell = static_cast<std::uint8_t>(cell | bit);
}

void BrailleGrid::line(int x0, int y0, int x1, int y1) {
  int previous = y0;
  for (int x = x0 == x1 ? x0 : x0 + 1; x <= x1; ++x) {
    const int next = x0 == x1 ? y1 : y0 + (y1 - y0) * (x - x0) / (x1 - x0);
    const int step = next > previous ? 1 : -1;
    for (int at = previous == next ? next : previous + step; at != next; at += step) dot(x, at);
    dot(x, next);
    previous = next;
  }
}

bool BrailleGrid::blank(int row, int column) const {
  return cells_[static_cast<std::size_t>(row * columns_ + column)] == 0;
}

std::string BrailleGrid::cell(int row, int column) const {
  const std::uint8_t dots = cells_[static_cast<std::size_t>(row * columns_ + column)];
  return dots == 0 ? " " : utf8(kBlankBraille + dots);
}

}  // namespace keisei::dashboard
