#include "evaluation/match_stop.h"

#include <algorithm>

namespace keisei::evaluation {

StopTracker::StopTracker(const Match& match) {
  if (match.stop.empty() || match.players.size() != 2) return;
  const auto rule = parse_stop_rule(match.stop);
  if (!rule) return;
  rule_ = *rule;
  whole_pairs_ = static_cast<std::uint64_t>(match.games) / 2;
  point_.state = judge(*rule_, pairs_);
}

void StopTracker::add(const GameRecord& game) {
  if (!rule_ || point_.last_game) return;
  results_.emplace(game.game, game.result());
  const auto half_points = [](GameResult r) { return r == GameResult::kWin ? 2U : r == GameResult::kDraw ? 1U : 0U; };
  while (next_pair_ < whole_pairs_) {
    const auto first = results_.find(2 * next_pair_);
    const auto second = results_.find(2 * next_pair_ + 1);
    if (first == results_.end() || second == results_.end()) return;
    ++next_pair_;
    const bool fault = first->second == GameResult::kFault || second->second == GameResult::kFault;
    const std::size_t points = half_points(first->second) + half_points(second->second);
    results_.erase(first);
    results_.erase(second);
    if (fault) continue;
    ++pairs_[points];
    point_.state = judge(*rule_, pairs_);
    if (!point_.state.reached) continue;
    point_.last_game = 2 * next_pair_ - 1;
    return;
  }
}

StopPoint stop_point(const Match& match, std::span<const GameRecord> games) {
  StopTracker tracker(match);
  for (const GameRecord& game : games) tracker.add(game);
  return tracker.point();
}

std::vector<GameRecord> counted(std::vector<GameRecord> games, const StopPoint& stop) {
  std::sort(games.begin(), games.end(), [](const GameRecord& a, const GameRecord& b) { return a.game < b.game; });
  if (stop.last_game) std::erase_if(games, [&](const GameRecord& game) { return game.game > *stop.last_game; });
  return games;
}

}  // namespace keisei::evaluation
