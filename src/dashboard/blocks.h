// The parts that panes are made of: a title and lines about one thing, for a given width. Pure functions of the state.
// A block has a rank (when there is no room, the highest goes first) and may know how to fill rows that are left over.
// Columns are in cells; the lines' first column is the block's own.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dashboard/canvas.h"
#include "dashboard/live_state.h"

namespace keisei::dashboard {

struct Block {
  std::string title;
  std::vector<Line> lines;
  int rank = 0;
  std::function<std::vector<Line>(int rows)> grow;  ///< exactly that many more lines, or fewer; may be empty
};

/// Draws blocks one below the other: titles, lines, a blank row between where there is room; left-over rows go to the
/// blocks that grow.
void stack(Canvas& canvas, const Area& area, std::vector<Block> blocks);

inline constexpr int kNameColumns = 12, kValueColumns = 9;
inline constexpr int kMostSparkColumns = 48;

/// "name     value  rest": the name at the left, the value right-aligned below the others', the rest two cells on.
[[nodiscard]] Line reading(std::string_view name, std::string value, Tone tone = Tone::kStrong, std::string rest = {},
                           Tone rest_tone = Tone::kAccent);
/// Cells that `rest` has in a line of `columns`.
[[nodiscard]] constexpr int rest_columns(int columns) { return columns - kNameColumns - kValueColumns - 2; }

/// A name of ours for people: spaces for underscores.
[[nodiscard]] std::string spaced(std::string name);

/// What all blocks draw from.
struct Scene {
  const LiveState& state;
  double now_s;
  bool unicode;
  [[nodiscard]] const ProgressState& progress() const { return state.progress(); }
  [[nodiscard]] double value(std::string_view name) const { return state.progress().value(name); }
};

[[nodiscard]] Block speed_block(const Scene& scene, int columns);
[[nodiscard]] Block learning_block(const Scene& scene, int columns, bool whole);
[[nodiscard]] Block machine_block(const Scene& scene, int columns);
[[nodiscard]] Block strength_block(const Scene& scene, int columns);
[[nodiscard]] Block evaluations_block(const Scene& scene, int columns);  ///< table, newest first
[[nodiscard]] Block elo_block(const Scene& scene, int columns);          ///< curve over the evaluations
[[nodiscard]] Block decisions_block(const Scene& scene, int columns);    ///< promotions, stop rules
[[nodiscard]] Block queue_block(const Scene& scene, int columns);        ///< worker, queue, impact
[[nodiscard]] Block ledger_block(const Scene& scene, int columns);
[[nodiscard]] Block lights_block(const Scene& scene, int columns);  ///< a light a clause
[[nodiscard]] Block clauses_block(const Scene& scene);              ///< a table of 78 columns
[[nodiscard]] Block board_block(const Scene& scene, int columns);
[[nodiscard]] Block results_block(const Scene& scene, int columns);  ///< self-play in numbers
[[nodiscard]] Block games_block(const Scene& scene, int columns);    ///< games that ended, newest first

/// A metric's name, value, range and curve in `rows` rows (2 or more).
[[nodiscard]] std::vector<Line> curve_card(const Scene& scene, std::string_view name, std::string_view metric,
                                           int decimals, int columns, int rows);

}  // namespace keisei::dashboard
