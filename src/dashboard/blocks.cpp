#include "dashboard/blocks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "dashboard/numbers.h"
#include "dashboard/panel.h"
#include "dashboard/plot.h"

namespace keisei::dashboard {
namespace {

std::string repeat(std::string_view cell, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += cell;
  return text;
}

Line title_line(const std::string& title, int columns) {
  return {{"── ", Tone::kDim},
          {title, Tone::kStrong},
          {" " + repeat("─", std::max(0, columns - cell_width(title) - 4)), Tone::kDim}};
}

int rows_of(const std::vector<Block>& blocks) {
  return std::accumulate(blocks.begin(), blocks.end(), 0,
                         [](int sum, const Block& b) { return sum + 1 + static_cast<int>(b.lines.size()); });
}

std::string spark(const Scene& scene, std::string_view metric, int columns) {
  return sparkline(scene.progress().history(metric), std::min(columns, kMostSparkColumns));
}

struct Learned {
  const char* name;
  const char* metric;
  int decimals;
};
constexpr Learned kLearned[] = {{"policy loss", "ppo/policy_loss", 3}, {"value loss", "ppo/value_loss", 3},
                                {"entropy", "ppo/entropy", 3},         {"KL", "ppo/kl_divergence_approx", 4},
                                {"clipped", "ppo/clip_fraction", 3},   {"explained", "ppo/explained_variance", 2},
                                {"gradient", "ppo/gradient_norm", 2},  {"rate", "ppo/learning_rate", 5}};
constexpr std::size_t kLearnedInShort = 4;

}  // namespace

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

void stack(Canvas& canvas, const Area& area, std::vector<Block> blocks) {
  while (blocks.size() > 1 && rows_of(blocks) > area.rows) {
    blocks.erase(
        std::max_element(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.rank < b.rank; }));
  }
  int spare = area.rows - rows_of(blocks);
  const int gaps = std::clamp(spare, 0, std::max(0, static_cast<int>(blocks.size()) - 1));
  spare -= gaps;
  auto growing = std::count_if(blocks.begin(), blocks.end(), [](const Block& b) { return b.grow != nullptr; });
  for (Block& block : blocks) {
    if (spare <= 0 || !block.grow) continue;
    const int share = spare / static_cast<int>(growing--);
    std::vector<Line> more = block.grow(share);
    more.resize(std::min(more.size(), static_cast<std::size_t>(share)));
    spare -= static_cast<int>(more.size());
    block.lines.insert(block.lines.end(), more.begin(), more.end());
  }
  int row = area.row, gaps_left = gaps;
  const int end = area.row + area.rows;
  for (const Block& block : blocks) {
    if (row >= end) return;
    canvas.put(row++, area.column, title_line(block.title, area.columns), area.columns);
    canvas.put({row, area.column, end - row, area.columns}, block.lines);
    row += static_cast<int>(block.lines.size());
    if (gaps_left-- > 0) ++row;
  }
}

Line reading(std::string_view name, std::string value, Tone tone, std::string rest, Tone rest_tone) {
  Line line{{pad_right(name, kNameColumns), Tone::kDim}};
  const int width = cell_width(value);
  // A value wider than its column (an interval) starts where the column starts.
  line.push_back({width > kValueColumns ? std::move(value) : pad_left(value, kValueColumns), tone});
  if (!rest.empty()) line.push_back({"  " + std::move(rest), rest_tone});
  return line;
}

Block speed_block(const Scene& scene, int columns) {
  const int room = rest_columns(columns);
  Block block{.title = "Speed", .lines = {}, .rank = 1, .grow = nullptr};
  block.lines.push_back(reading("plies/s", people_count(scene.value("time/steps_per_second")), Tone::kStrong,
                                spark(scene, "time/steps_per_second", room)));
  for (const auto& [name, metric] :
       {std::pair{"self-play", "time/share_selfplay"}, std::pair{"learn", "time/share_learn"},
        std::pair{"evaluate", "time/share_evaluate"}, std::pair{"save", "time/share_save"}}) {
    const double share = scene.value(metric);
    const std::string filled = std::isfinite(share) ? bar(share, std::min(room, kMostSparkColumns)) : "";
    block.lines.push_back(reading(name, people_percent(share), Tone::kNormal, filled));
  }
  return block;
}

Block learning_block(const Scene& scene, int columns, bool whole) {
  Block block{.title = "Learning", .lines = {}, .rank = 0, .grow = nullptr};
  for (std::size_t i = 0; i < (whole ? std::size(kLearned) : kLearnedInShort); ++i) {
    const auto& [name, metric, decimals] = kLearned[i];
    block.lines.push_back(reading(name, people_real(scene.value(metric), decimals), Tone::kStrong,
                                  spark(scene, metric, rest_columns(columns))));
  }
  return block;
}

Block machine_block(const Scene& scene, int columns) {
  const int room = rest_columns(columns);
  const double gpu = scene.value("system/gpu_percent");
  Block block{.title = "Machine", .lines = {}, .rank = 4, .grow = nullptr};
  block.lines.push_back(reading("CPU", people_percent(scene.value("system/cpu_percent") / 100, 0), Tone::kStrong,
                                spark(scene, "system/cpu_percent", room)));
  block.lines.push_back(reading("memory", people_mebibytes(scene.value("system/rss_mb") * 1e6 / (1 << 20)),
                                Tone::kStrong, spark(scene, "system/rss_mb", room)));
  block.lines.push_back(reading("GPU", people_percent(gpu / 100, 0), Tone::kStrong,
                                std::isfinite(gpu) ? spark(scene, "system/gpu_percent", room) : "not measured",
                                std::isfinite(gpu) ? Tone::kAccent : Tone::kDim));
  return block;
}

std::vector<Line> curve_card(const Scene& scene, std::string_view name, std::string_view metric, int decimals,
                             int columns, int rows) {
  const auto& history = scene.progress().history(metric);
  std::string range;
  if (!history.empty()) {
    const auto [low, high] = std::minmax_element(history.begin(), history.end());
    range = people_real(*low, decimals) + " … " + people_real(*high, decimals);
  }
  const std::string value = people_real(scene.value(metric), decimals);
  const int free = columns - kNameColumns - kValueColumns - 2;
  std::vector<Line> lines{reading(name, value, Tone::kStrong, cell_width(range) <= free ? range : "", Tone::kDim)};
  for (std::string& line : plot(history, columns, rows - 1)) lines.push_back({{std::move(line), Tone::kAccent}});
  return lines;
}

}  // namespace keisei::dashboard
