// Where the stop rule of a match of two stands. Looked at pair by pair in the order of the plan, as far as whole pairs
// have ended: which pair ends first, and how many are played at once, does not change where a match stops. A pair with
// a fault says nothing and is passed over. Owned by who plays or reads the match; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "evaluation/match.h"
#include "evaluation/stop_rule.h"

namespace keisei::evaluation {

struct StopPoint {
  StopState state;
  std::optional<std::uint64_t> last_game;  ///< the last game that counts, once the rule is reached
};

class StopTracker {
 public:
  /// Of a match without a stop rule, or of more than two players, it never is reached.
  explicit StopTracker(const Match& match);
  /// Each game once, in any order.
  void add(const GameRecord& game);
  [[nodiscard]] const StopPoint& point() const { return point_; }

 private:
  std::optional<StopRule> rule_;
  std::uint64_t whole_pairs_ = 0;  ///< of the match
  std::uint64_t next_pair_ = 0;    ///< the first that is not looked at yet
  std::map<std::uint64_t, GameResult> results_;
  PairCounts pairs_{};
  StopPoint point_;
};

[[nodiscard]] StopPoint stop_point(const Match& match, std::span<const GameRecord> games);

/// The games that count, by number; those beyond the stop are left out.
[[nodiscard]] std::vector<GameRecord> counted(std::vector<GameRecord> games, const StopPoint& stop);

}  // namespace keisei::evaluation
