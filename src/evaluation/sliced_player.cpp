#include "evaluation/sliced_player.h"

#include <algorithm>
#include <utility>

namespace keisei::evaluation {

SlicedPlayer::SlicedPlayer(std::shared_ptr<shogi::Player> inner, double budget_s, const Clock& clock,
                           std::function<bool()> between)
    : inner_(std::move(inner)), clock_(clock), between_(std::move(between)), slice_(budget_s) {}

void SlicedPlayer::choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) {
  bool going_on = true;
  for (std::size_t first = 0; first < turns.size();) {
    if (first > 0 && going_on && between_) going_on = between_();
    const std::size_t count = std::min(slice_.most(), turns.size() - first);
    const double begin_s = clock_.monotonic_s();
    inner_->choose(turns.subspan(first, count), choices.subspan(first, count));
    slice_.took(count, clock_.monotonic_s() - begin_s);
    first += count;
  }
}

}  // namespace keisei::evaluation
