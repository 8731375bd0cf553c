#include "selfplay/league.h"

namespace keisei::selfplay {

void League::add(std::int64_t id, std::shared_ptr<const net::Network> network) {
  if (capacity_ == 0) return;
  if (opponents_.size() == capacity_) opponents_.erase(opponents_.begin());
  opponents_.push_back({id, std::move(network), 0, 0.0});
}

void League::book(std::int64_t id, double score) {
  for (Opponent& o : opponents_)
    if (o.id == id) {
      ++o.games;
      o.score += score;
    }
}

const Opponent* League::draw(Random& random) const {
  if (opponents_.empty()) return nullptr;
  std::vector<double> weights;
  double sum = 0;
  for (const Opponent& o : opponents_) {
    // One virtual draw stands for an opponent without games.
    const double rate = (o.score + 0.5) / (static_cast<double>(o.games) + 1.0);
    weights.push_back((1.0 - rate) * (1.0 - rate) + 0.1);
    sum += weights.back();
  }
  double u = random.uniform() * sum;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    if (u < weights[i]) return &opponents_[i];
    u -= weights[i];
  }
  return &opponents_.back();
}

}  // namespace keisei::selfplay
