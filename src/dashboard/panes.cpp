#include "dashboard/panes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "dashboard/board.h"

namespace keisei::dashboard {
namespace {

constexpr int kGapColumns = 2;
constexpr int kColumnsForBoard = 110;      // from here on the overview has a board beside two columns
constexpr int kColumnsForThree = 160;      // from here on beside three
constexpr int kMostColumnWidth = 76;       // lines longer than this are hard to read
constexpr int kLeastTableColumns = 68, kMostTableColumns = 100;
constexpr int kRowsForTwoCharts = 32;
constexpr int kRowsForDecisions = 10;        // from here on below the table of evaluations
constexpr int kLeastCardRows = 3, kMostCardRows = 12;

using Column = std::vector<Block>;

/// Columns of these widths from left to right.
void place(Canvas& canvas, const Area& area, std::vector<std::pair<int, Column>> columns) {
  int at = area.column;
  for (auto& [width, blocks] : columns) {
    stack(canvas, {area.row, at, area.rows, width}, std::move(blocks));
    at += width + kGapColumns;
  }
}

/// Width of each of `count` equal columns.
int share_of(int columns, int count) { return (columns - (count - 1) * kGapColumns) / count; }

void overview(Canvas& canvas, const Area& area, const Scene& scene) {
  const bool board = area.columns >= kColumnsForBoard - 2;
  const int free = area.columns - (board ? kBoardColumns + kGapColumns : 0);
  const int count = area.columns >= kColumnsForThree - 2 ? 3 : 2;
  const int width = std::min(share_of(free, count), kMostColumnWidth);
  const bool tall = area.rows >= 24;
  std::vector<std::pair<int, Column>> columns;
  if (count == 3) {
    columns.push_back({width, {speed_block(scene, width), learning_block(scene, width, true),
                               machine_block(scene, width), results_block(scene, width)}});
    columns.push_back({width, {strength_block(scene, width)}});
    columns.push_back({width, {queue_block(scene, width), ledger_block(scene, width), lights_block(scene, width)}});
  } else {
    Column left{speed_block(scene, width), learning_block(scene, width, tall), machine_block(scene, width)};
    Column right{strength_block(scene, width), queue_block(scene, width), lights_block(scene, width)};
    columns.push_back({width, std::move(left)});
    columns.push_back({width, std::move(right)});
  }
  if (board) {
    const int rest = std::max(kBoardColumns, area.columns - count * (width + kGapColumns));
    const int wide = std::min(rest, kBoardColumns + 8);
    columns.push_back({wide, {board_block(scene, wide), games_block(scene, wide)}});
  }
  place(canvas, area, std::move(columns));
}

struct Curve {
  const char* name;
  const char* metric;
  int decimals;
};
constexpr std::array<Curve, 12> kCurves{{{"policy loss", "ppo/policy_loss", 3},
                                         {"value loss", "ppo/value_loss", 3},
                                         {"entropy", "ppo/entropy", 3},
                                         {"KL", "ppo/kl_divergence_approx", 4},
                                         {"clipped", "ppo/clip_fraction", 3},
                                         {"explained", "ppo/explained_variance", 2},
                                         {"gradient", "ppo/gradient_norm", 2},
                                         {"rate", "ppo/learning_rate", 5},
                                         {"plies/s", "time/steps_per_second", 0},
                                         {"material", "ppo/material_loss", 3},
                                         {"decisive", "selfplay/decisive_share", 2},
                                         {"length", "selfplay/mean_plies", 0}}};

void training(Canvas& canvas, const Area& area, const Scene& scene) {
  const int across = area.columns >= kColumnsForThree - 2 ? 4 : area.columns >= kColumnsForBoard - 2 ? 3 : 2;
  const int width = share_of(area.columns, across);
  const int wanted = (static_cast<int>(kCurves.size()) + across - 1) / across;
  const int down = std::clamp((area.rows + 1) / (kLeastCardRows + 1), 1, wanted);
  const int height = std::min((area.rows + 1) / down - 1, kMostCardRows);
  for (int i = 0; i < std::min(across * down, static_cast<int>(kCurves.size())); ++i) {
    const Curve& curve = kCurves[static_cast<std::size_t>(i)];
    canvas.put({area.row + i / across * (height + 1), area.column + i % across * (width + kGapColumns), height, width},
               curve_card(scene, curve.name, curve.metric, curve.decimals, width, height));
  }
}

void strength(Canvas& canvas, const Area& area, const Scene& scene) {
  if (area.columns >= kColumnsForBoard - 2) {
    const int table = std::clamp(share_of(area.columns, 2), kLeastTableColumns, kMostTableColumns);
    const int chart = std::min(area.columns - table - kGapColumns, kMostTableColumns);
    Column curves{strength_block(scene, chart)};
    if (area.rows >= kRowsForTwoCharts) curves.push_back(elo_block(scene, chart));
    place(canvas, area,
          {{chart, std::move(curves)}, {table, {evaluations_block(scene, table), decisions_block(scene, table)}}});
    return;
  }
  // One below the other: the newest evaluations matter more than the height of the chart.
  const int rows = std::clamp(area.rows / 3, 4, 12);
  stack(canvas, {area.row, area.column, area.rows - rows, area.columns}, {strength_block(scene, area.columns)});
  Column below{evaluations_block(scene, area.columns)};
  if (rows >= kRowsForDecisions && !scene.state.decisions().empty())
    below.push_back(decisions_block(scene, area.columns));
  stack(canvas, {area.row + area.rows - rows, area.column, rows, area.columns}, std::move(below));
}

void safeguards(Canvas& canvas, const Area& area, const Scene& scene) {
  const int table = std::min(area.columns, kMostColumnWidth + 4);
  const int width = share_of(std::min(area.columns, 2 * kMostColumnWidth), 2);
  const int rows = 2 + static_cast<int>(std::max<std::size_t>(scene.state.clauses().size(), 1));
  const bool narrow = area.columns < kColumnsForThree - 2;
  if (!narrow) {
    const int side = std::min(area.columns - table - kGapColumns, kMostColumnWidth);
    place(canvas, area, {{table, {clauses_block(scene)}},
                         {side, {queue_block(scene, side), ledger_block(scene, side), machine_block(scene, side)}}});
    return;
  }
  stack(canvas, {area.row, area.column, rows, table}, {clauses_block(scene)});
  const int gap = area.rows > rows + 6 ? 1 : 0;
  place(canvas, {area.row + rows + gap, area.column, area.rows - rows - gap, area.columns},
        {{width, {queue_block(scene, width), machine_block(scene, width)}}, {width, {ledger_block(scene, width)}}});
}

void games(Canvas& canvas, const Area& area, const Scene& scene) {
  const int board = kBoardColumns + kGapColumns;
  const int rest = std::min(area.columns - board - kGapColumns, kMostTableColumns);
  place(canvas, area,
        {{board, {board_block(scene, board)}}, {rest, {results_block(scene, rest), games_block(scene, rest)}}});
}

}  // namespace

void draw_pane(Canvas& canvas, const Area& area, Pane pane, const Scene& scene) {
  switch (pane) {
    case Pane::kOverview:
      return overview(canvas, area, scene);
    case Pane::kTraining:
      return training(canvas, area, scene);
    case Pane::kStrength:
      return strength(canvas, area, scene);
    case Pane::kSafeguards:
      return safeguards(canvas, area, scene);
    case Pane::kGames:
      return games(canvas, area, scene);
  }
}

}  // namespace keisei::dashboard
