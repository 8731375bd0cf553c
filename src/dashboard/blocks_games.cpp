// The blocks about self-play: the board of a sampled game, the results, the games that ended.
#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "dashboard/blocks.h"
#include "dashboard/board.h"
#include "dashboard/numbers.h"
#include "dashboard/panel.h"

namespace keisei::dashboard {
namespace {

std::string ply_text(const GameView& game) {
  const auto ply = ply_of(game.sfen);
  return ply ? std::to_string(*ply) : std::string(kDash);
}

std::string players_of(const GameView& game) {
  if (game.black.empty() && game.white.empty()) return {};
  if (game.black == game.white) return game.black + " against itself";
  return "▲ " + game.black + "  △ " + game.white;
}

std::string result_of(const GameView& game) {
  const std::string who = game.winner == "black"   ? "▲ wins"
                          : game.winner == "white" ? "△ wins"
                                                   : (game.reason == "max_moves" ? "cut" : "draw");
  return game.reason.empty() || game.reason == "max_moves" ? who : who + ", " + spaced(game.reason);
}

}  // namespace

Block board_block(const Scene& scene, int columns) {
  Block block{.title = "A game now", .lines = {}, .rank = 5, .grow = nullptr};
  const auto& ended = scene.state.ended_games();
  const GameView* game = scene.state.running_game() ? &*scene.state.running_game() : nullptr;
  if (game == nullptr && !ended.empty()) {
    game = &ended.back();
    block.title = "The latest game";
  }
  if (game == nullptr) {
    block.lines = {{{"no game seen yet", Tone::kDim}}};
    return block;
  }
  block.lines = board_lines(game->sfen, game->last_move, scene.unicode);
  if (block.lines.empty()) block.lines = {{{"a position that cannot be read", Tone::kDim}}};
  Line below{{" ply ", Tone::kDim}, {ply_text(*game), Tone::kStrong}};
  if (!game->last_move.empty()) {
    below.push_back({"  last move ", Tone::kDim});
    below.push_back({game->last_move, Tone::kStrong});
  }
  if (!game->winner.empty() || !game->reason.empty()) below = {{" " + result_of(*game), Tone::kStrong}};
  block.lines.push_back(std::move(below));
  const std::string players = players_of(*game);
  if (!players.empty()) block.lines.push_back({{" " + cut(players, columns - 1), Tone::kDim}});
  return block;
}

Block results_block(const Scene& scene, int columns) {
  Block block{.title = "Self-play, latest update", .lines = {}, .rank = 1, .grow = nullptr};
  const int room = std::min(rest_columns(columns), kMostSparkColumns);
  const auto row = [&](const char* name, const char* metric, std::string value) {
    block.lines.push_back(
        reading(name, std::move(value), Tone::kStrong, sparkline(scene.progress().history(metric), room)));
  };
  row("games", "selfplay/games", people_count(scene.value("selfplay/games")));
  row("decisive", "selfplay/decisive_share", people_percent(scene.value("selfplay/decisive_share")));
  row("cut", "selfplay/truncated_share", people_percent(scene.value("selfplay/truncated_share")));
  row("repetition", "selfplay/repetition_share", people_percent(scene.value("selfplay/repetition_share")));
  row("length", "selfplay/mean_plies", people_count(scene.value("selfplay/mean_plies")));
  block.lines.push_back(reading("▲-△-draws", people_count(scene.value("selfplay/black_wins")) + "-" +
                                                 people_count(scene.value("selfplay/white_wins")) + "-" +
                                                 people_count(scene.value("selfplay/draws"))));
  row("vs snapshots", "selfplay/league_score", people_percent(scene.value("selfplay/league_score")));
  return block;
}

Block games_block(const Scene& scene, int columns) {
  Block block{.title = "Games that ended (a sample)", .lines = {}, .rank = 6, .grow = nullptr};
  if (scene.state.ended_games().empty()) {
    block.lines = {{{"none seen yet", Tone::kDim}}};
    return block;
  }
  block.grow = [&scene, columns](int rows) {
    std::vector<Line> lines;
    const auto& all = scene.state.ended_games();
    for (auto game = all.rbegin(); game != all.rend() && static_cast<int>(lines.size()) < rows; ++game) {
      const bool draw = game->winner != "black" && game->winner != "white";
      constexpr int kFixed = 8 + 2 + 4 + 2;
      Line line{{people_clock(game->utc_ms) + "  ", Tone::kDim},
                {pad_left(ply_text(*game), 4) + "  ", Tone::kNormal},
                {pad_right(result_of(*game), std::min(28, columns - kFixed)), draw ? Tone::kDim : Tone::kNormal}};
      if (columns >= kFixed + 28 + 20) line.push_back({"  " + players_of(*game), Tone::kDim});
      lines.push_back(std::move(line));
    }
    return lines;
  };
  return block;
}

}  // namespace keisei::dashboard
