// Curves in braille: each cell holds 2 x 4 dots, so a plot of a few rows shows what a sparkline only hints at. Pure
// text; in ASCII (cells.h) the upper and lower half of a cell stay apart. Values are one series, the newest last.
#pragma once

#include <deque>
#include <string>
#include <vector>

namespace keisei::dashboard {

/// `rows` lines of exactly `columns` cells, lowest to highest value over the whole height; more values than dots are
/// averaged. Blank without values; a flat series is a line in the middle.
[[nodiscard]] std::vector<std::string> plot(const std::deque<double>& values, int columns, int rows);

}  // namespace keisei::dashboard
