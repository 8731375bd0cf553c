#include "evaluation/conductor.h"

#include <algorithm>
#include <utility>

namespace keisei::evaluation {

Conductor::Conductor(Course course) : course_(std::move(course)) {
  for (const int games : course_.games) {
    State state;
    state.limit = static_cast<std::size_t>(std::max(0, games));
    state.results.resize(state.limit);
    pairings_.push_back(std::move(state));
  }
}

std::vector<DueGame> Conductor::next(std::size_t at_most) {
  std::vector<DueGame> due;
  while (due.size() < at_most && current_ < pairings_.size()) {
    State& pairing = pairings_[current_];
    if (course_.until_first_loss && pairing.finished < pairing.handed) break;
    if (pairing.handed < pairing.limit) {
      due.push_back({current_, pairing.handed++});
    } else {
      ++current_;
    }
  }
  return due;
}

void Conductor::finish(DueGame game, GameResult result) {
  State& pairing = pairings_[game.pairing];
  if (game.index >= pairing.handed || pairing.results[game.index]) return;
  pairing.results[game.index] = result;
  ++pairing.finished;
  if (course_.until_first_loss) {
    if (result == GameResult::kLoss && !lost_) end_after(game);
    return;
  }
  if (course_.stop.kind != StopRule::Kind::kNone) judge_pairs(pairing);
}

void Conductor::judge_pairs(State& pairing) {
  while (!pairing.stopped) {
    const std::size_t first = 2 * pairing.judged_pairs;
    if (first + 1 >= pairing.results.size() || !pairing.results[first] || !pairing.results[first + 1]) return;
    ++pairing.judged_pairs;
    std::size_t half_points = 0;
    bool valid = true;
    for (const GameResult result : {*pairing.results[first], *pairing.results[first + 1]}) {
      valid = valid && result != GameResult::kFault;
      half_points += result == GameResult::kWin ? 2U : result == GameResult::kDraw ? 1U : 0U;
    }
    if (!valid) continue;
    ++pairing.pairs[half_points];
    pairing.stopped = holds(course_.stop, pairing.pairs);
    if (pairing.stopped) pairing.limit = first + 2;
  }
}

void Conductor::end_after(DueGame game) {
  lost_ = game;
  pairings_[game.pairing].limit = game.index + 1;
  for (std::size_t i = game.pairing + 1; i < pairings_.size(); ++i) pairings_[i].limit = 0;
}

bool Conductor::counts(DueGame game) const { return game.index < pairings_[game.pairing].limit; }

bool Conductor::done() const {
  return std::all_of(pairings_.begin(), pairings_.end(), [](const State& pairing) {
    return pairing.handed >= pairing.limit &&
           std::all_of(pairing.results.begin(), pairing.results.begin() + static_cast<std::ptrdiff_t>(pairing.limit),
                       [](const auto& result) { return result.has_value(); });
  });
}

}  // namespace keisei::evaluation
