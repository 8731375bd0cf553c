// Which games are due, given the results so far: all of a fixed schedule; pair by pair until a stop rule is met; one by
// one until the first loss. Decides by the order of the plan, never by the order in which games happen to end: a
// pairing stops after the first pair, in that order, at which its rule holds, and what was played beyond is left out.
// So the games that count are the same with one game at a time and with a thousand. Owned by one loop; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "evaluation/record.h"
#include "evaluation/stop_rule.h"

namespace keisei::evaluation {

/// What the conductor has to know of a plan.
struct Course {
  std::vector<int> games;  ///< by pairing, at most
  bool until_first_loss = false;
  StopRule stop;
};

struct DueGame {
  std::size_t pairing = 0;
  std::size_t index = 0;  ///< within the pairing
};

class Conductor {
 public:
  explicit Conductor(Course course);

  /// Up to `at_most` games that may start now; each is handed out once. Empty while results are awaited.
  [[nodiscard]] std::vector<DueGame> next(std::size_t at_most);
  /// Takes the result of a game that was handed out.
  void finish(DueGame game, GameResult result);
  /// Whether a game belongs to the evaluation as far as is known: false beyond a stop.
  [[nodiscard]] bool counts(DueGame game) const;
  /// Nothing is due any more and all that counts has finished.
  [[nodiscard]] bool done() const;
  /// Games of a pairing that count.
  [[nodiscard]] int games(std::size_t pairing) const { return static_cast<int>(pairings_[pairing].limit); }
  /// Of the pairs that the rule has seen.
  [[nodiscard]] StopState stop_state(std::size_t pairing) const {
    return judge(course_.stop, pairings_[pairing].pairs);
  }
  /// The game whose loss ended a single elimination.
  [[nodiscard]] std::optional<DueGame> lost() const { return lost_; }

 private:
  struct State {
    std::size_t limit = 0;   ///< games that count
    std::size_t handed = 0;  ///< games handed out, from the first on
    std::size_t finished = 0;
    std::vector<std::optional<GameResult>> results;
    std::size_t judged_pairs = 0;  ///< pairs that the rule has seen
    PairCounts pairs{};
    bool stopped = false;
  };
  void judge_pairs(State& pairing);
  void end_after(DueGame game);

  Course course_;
  std::vector<State> pairings_;
  std::size_t current_ = 0;  ///< the first pairing with games to hand out
  std::optional<DueGame> lost_;
};

}  // namespace keisei::evaluation
