// The live panel as a pure function of state, time and size: a block of lines, widest first, that drops the less
// important rows and cells when the terminal is small. No terminal access: screen.h writes what this returns.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "dashboard/cells.h"
#include "dashboard/state.h"

namespace keisei::dashboard {

inline constexpr int kMinPanelColumns = 20;

/// The panel's lines, at most size.rows - 1 of them and each at most size.columns - 1 cells (so that no line wraps and
/// the cursor rests below).
[[nodiscard]] std::vector<std::string> panel(const ProgressState& state, double now_s, Size size, Paint paint);

/// At most `columns` cells of block characters, the newest value last; each cell is the mean of its share of the
/// values, so that the trend is seen and not the noise. Flat when all values are equal, empty without values.
[[nodiscard]] std::string sparkline(const std::deque<double>& values, int columns);
/// A bar of `columns` cells filled to `share` (0..1), in eighths of a cell.
[[nodiscard]] std::string bar(double share, int columns);

}  // namespace keisei::dashboard
