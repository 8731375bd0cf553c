// A player that answers in parts no longer than a budget and looks up between them: a worker beside training looks at
// its burst gate there, because one forward pass of a large network over all games would outlast the burst that pays
// for it (slice_size.h). Answers do not depend on the parts as long as those of the inner player do not depend on its
// batch. One thread; owns the inner player. Seconds.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "evaluation/slice_size.h"
#include "shogi/player.h"

namespace keisei::evaluation {

class SlicedPlayer final : public shogi::Player {
 public:
  /// `between` is asked before every part but the first of a call; false: the rest is answered without asking again
  /// (whoever asked for the moves ends the games). `clock` outlives the player.
  SlicedPlayer(std::shared_ptr<shogi::Player> inner, double budget_s, const Clock& clock,
               std::function<bool()> between);

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return inner_->name(); }

  /// Most turns that the next part takes.
  [[nodiscard]] std::size_t part() const { return slice_.most(); }

 private:
  std::shared_ptr<shogi::Player> inner_;
  const Clock& clock_;
  std::function<bool()> between_;
  SliceSize slice_;
};

}  // namespace keisei::evaluation
