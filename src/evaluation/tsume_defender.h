// Who answers the checks of a tsume: the legal move after which the mate takes longest, or that escapes it. Found by
// the exact solver within the plies that are left, so a wrong check is always met by the answer that refutes it. Knows
// nothing of the agent and draws no random number: a tsume game follows from the agent's moves alone. One thread.
#pragma once

#include <cstdint>

#include "shogi/player.h"

namespace keisei::evaluation {

inline constexpr std::uint64_t kDefenceNodes = 200'000;  ///< an answer, at most: what is undecided counts as an escape

class TsumeDefender final : public shogi::Player {
 public:
  /// `mate_in`: plies of the whole problem, counted from where each game begins.
  explicit TsumeDefender(int mate_in) : mate_in_(mate_in) {}
  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return "tsume:" + std::to_string(mate_in_); }

 private:
  [[nodiscard]] shogi::Move answer(shogi::Position position) const;
  int mate_in_;
};

}  // namespace keisei::evaluation
