// The opponents of league games: recent snapshots of the learner, oldest out first. A snapshot that still plays stays
// alive through its shared_ptr. An opponent is drawn by prioritised win rate (Vinyals et al., 2019): the less the
// learner scores against it, the likelier it comes. Results are booked between rollouts in slot order, so draws are
// the same for any number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/random.h"
#include "net/network.h"

namespace keisei::selfplay {

struct Opponent {
  std::int64_t id = 0;  ///< timestep of the snapshot: never reused, so results never mix
  std::shared_ptr<const net::Network> network;
  std::int64_t games = 0;
  double score = 0;  ///< the learner's: wins + draws / 2
};

class League {
 public:
  explicit League(int capacity) : capacity_(static_cast<std::size_t>(capacity)) {}

  /// Adds a snapshot; the oldest leaves when the pool is full.
  void add(std::int64_t id, std::shared_ptr<const net::Network> network);
  /// Books the learner's score (1, 1/2 or 0) against a snapshot; one that has left is ignored.
  void book(std::int64_t id, double score);
  /// Draws an opponent with weight (1 - win rate)^2 + 0.1; nothing when the pool is empty.
  [[nodiscard]] const Opponent* draw(Random& random) const;

  [[nodiscard]] const std::vector<Opponent>& opponents() const { return opponents_; }
  void restore(std::vector<Opponent> opponents) { opponents_ = std::move(opponents); }

 private:
  std::size_t capacity_;
  std::vector<Opponent> opponents_;  ///< oldest first
};

}  // namespace keisei::selfplay
