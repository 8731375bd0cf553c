#include "evaluation/elo.h"

#include <cmath>

namespace keisei::evaluation {

double expected_score(double rating, double other) { return 1 / (1 + std::pow(10.0, (other - rating) / 400)); }

void SequentialElo::apply(const std::string& a, const std::string& b, double score) {
  if (a.empty() || b.empty() || a == b) return;
  double& rating_a = ratings.try_emplace(a, initial).first->second;
  double& rating_b = ratings.try_emplace(b, initial).first->second;
  const double change = k * (score - expected_score(rating_a, rating_b));
  rating_a += change;
  rating_b -= change;
}

void SequentialElo::apply(std::span<const GameRecord> games) {
  for (const GameRecord& game : games) {
    const GameResult result = game.result();
    if (result == GameResult::kFault) continue;
    const double score = result == GameResult::kWin ? 1.0 : result == GameResult::kDraw ? 0.5 : 0.0;
    apply(game.agent_id, game.opponent_id, score);
  }
}

double SequentialElo::rating(const std::string& id) const {
  const auto found = ratings.find(id);
  return found == ratings.end() ? initial : found->second;
}

std::optional<std::string> SequentialElo::champion() const {
  const std::pair<const std::string, double>* best = nullptr;
  for (const auto& entry : ratings) {
    if (best == nullptr || entry.second > best->second) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return best->first;
}

}  // namespace keisei::evaluation
