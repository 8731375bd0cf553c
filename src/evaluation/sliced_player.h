// A player that answers in parts no longer than a budget and looks up between them: a worker beside training looks at
// its burst gate there, because one forward pass of a large network over all games would outlast the burst that pays
// for it. The size of a part is found by measuring: halved when one took longer than the budget, doubled when it took
// less than half of it, so a small network is still asked once a tick. Answers do not depend on the parts as long as
// those of the inner player do not depend on its batch. One thread; owns the inner player. Seconds.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "shogi/player.h"

namespace keisei::evaluation {

inline constexpr double kSliceBudget_s = 0.010;  ///< half of the default burst

class SlicedPlayer final : public shogi::Player {
 public:
  /// `between` is asked before every part but the first of a call; false: the rest is answered without asking again
  /// (whoever asked for the moves ends the games). `clock` outlives the player.
  SlicedPlayer(std::shared_ptr<shogi::Player> inner, double budget_s, const Clock& clock,
               std::function<bool()> between);

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return inner_->name(); }

  /// Most turns that the next part takes.
  [[nodiscard]] std::size_t part() const { return part_; }

 private:
  std::shared_ptr<shogi::Player> inner_;
  double budget_s_;
  const Clock& clock_;
  std::function<bool()> between_;
  std::size_t part_;
};

}  // namespace keisei::evaluation
