#include "evaluation/sliced_player.h"

#include <algorithm>
#include <utility>

namespace keisei::evaluation {
namespace {

constexpr std::size_t kLargestPart = 4096;  ///< no more games are played side by side

}  // namespace

SlicedPlayer::SlicedPlayer(std::shared_ptr<shogi::Player> inner, double budget_s, const Clock& clock,
                           std::function<bool()> between)
    : inner_(std::move(inner)), budget_s_(budget_s), clock_(clock), between_(std::move(between)), part_(kLargestPart) {}

void SlicedPlayer::choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) {
  bool going_on = true;
  for (std::size_t first = 0; first < turns.size();) {
    if (first > 0 && going_on && between_) going_on = between_();
    const std::size_t count = std::min(part_, turns.size() - first);
    const double begin_s = clock_.monotonic_s();
    inner_->choose(turns.subspan(first, count), choices.subspan(first, count));
    const double took_s = clock_.monotonic_s() - begin_s;
    if (took_s > budget_s_) part_ = std::max<std::size_t>(1, count / 2);
    if (took_s < budget_s_ / 2 && count == part_) part_ = std::min(2 * part_, kLargestPart);
    first += count;
  }
}

}  // namespace keisei::evaluation
