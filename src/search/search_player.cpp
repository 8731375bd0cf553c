#include "search/search_player.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace keisei::search {
namespace {

constexpr std::size_t kUsualMoves = 100;              ///< of a position, about
constexpr std::size_t kMostEdgesOfATree = 8'000'000;  ///< the most simulations of positions with very many moves fit

std::size_t trees_at_once(int simulations) {
  const std::size_t edges = static_cast<std::size_t>(std::max(1, simulations)) * kUsualMoves;
  return std::clamp<std::size_t>(kMostEdgesAtOnce / edges, 1, kMostTrees);
}

/// Among the moves that are not proved to lose, by visits to the power of 1 / temperature.
const RootMove& drawn(const TreeFound& found, double temperature, Random random) {
  const double most = static_cast<double>(std::ranges::max_element(found.moves, {}, &RootMove::visits)->visits);
  std::vector<double> weights;
  double sum = 0;
  for (const RootMove& move : found.moves) {
    const bool open = !move.mate_plies && move.visits > 0;
    weights.push_back(open ? std::pow(static_cast<double>(move.visits) / most, 1 / temperature) : 0);
    sum += weights.back();
  }
  double left = random.uniform() * sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0 && left < weights[i]) return found.moves[i];
    left -= weights[i];
  }
  return found.moves.front();  // all lose, or the sum was rounded
}

}  // namespace

SearchPlayer::SearchPlayer(std::shared_ptr<const net::Evaluator> evaluator, std::string name,
                           const SearchPlayOptions& options, std::function<bool()> keep_going)
    : evaluator_(std::move(evaluator)), name_(std::move(name)), options_(options), keep_going_(std::move(keep_going)) {
  TreeOptions tree;
  tree.batch = kLinesOfATree;
  tree.most_edges = kMostEdgesOfATree;
  tree.declaration = options_.declaration;
  const std::size_t seats = trees_at_once(options_.simulations);
  seats_.reserve(seats);
  for (std::size_t i = 0; i < seats; ++i) seats_.push_back({.tree = TreeSearch(evaluator_, tree)});
}

bool SearchPlayer::answered_at_once(const shogi::Turn& turn, shogi::Choice& choice) const {
  choice = {};
  if (turn.position->declaration(options_.declaration).can_declare) {
    choice.kind = shogi::Choice::Kind::kDeclare;
  } else if (const auto mate = turn.position->mate_in_one()) {
    choice.kind = shogi::Choice::Kind::kMove;
    choice.move = *mate;
    choice.value = 1;
  } else {
    return false;
  }
  return true;
}

shogi::Choice SearchPlayer::choice_of(const TreeFound& found, const shogi::Turn& turn) const {
  shogi::Choice choice;
  if (found.moves.empty()) return choice;  // nothing to play: it resigns
  const RootMove& best = found.moves.front();
  const bool mates = best.mate_plies && *best.mate_plies > 0;
  choice.kind = shogi::Choice::Kind::kMove;
  choice.move = options_.temperature > 0 && !mates ? drawn(found, options_.temperature, turn.random).move : best.move;
  choice.value = found.value;
  return choice;
}

void SearchPlayer::judge() {
  features_.clear();
  for (Seat& seat : seats_) {
    seat.asked = 0;
    if (!seat.taken) continue;
    const std::span<const net::Features> batch = seat.tree.gather();
    features_.insert(features_.end(), batch.begin(), batch.end());
    seat.asked = batch.size();
  }
  if (features_.empty()) return;
  logits_.resize(features_.size() * net::kActions);
  values_.resize(features_.size());
  evaluator_->evaluate(features_, logits_, values_, {});
  std::size_t first = 0;
  for (Seat& seat : seats_) {
    if (seat.asked == 0) continue;
    seat.tree.take(std::span<const float>(logits_).subspan(first * net::kActions, seat.asked * net::kActions),
                   std::span<const float>(values_).subspan(first, seat.asked));
    first += seat.asked;
  }
}

void SearchPlayer::choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) {
  for (Seat& seat : seats_) seat.taken = false;  // a call that threw may have left some
  std::size_t next = 0;
  std::size_t running = 0;
  const auto sit_down = [&](Seat& seat) {
    while (next < turns.size() && !seat.taken) {
      const std::size_t turn = next++;
      if (answered_at_once(turns[turn], choices[turn])) continue;
      TreeLimits limits;
      limits.most_simulations = static_cast<std::uint64_t>(std::max(1, options_.simulations));
      seat.tree.begin(*turns[turn].position, std::move(limits));
      seat.turn = turn;
      seat.taken = true;
      ++running;
    }
  };
  for (Seat& seat : seats_) sit_down(seat);
  for (bool first = true; running > 0; first = false) {
    if (!first && keep_going_ && !keep_going_()) break;
    judge();
    for (Seat& seat : seats_) {
      if (!seat.taken || !seat.tree.over()) continue;
      choices[seat.turn] = choice_of(seat.tree.found(), turns[seat.turn]);
      seat.taken = false;
      --running;
      sit_down(seat);
    }
  }
  const auto stopped = [&](std::size_t turn) {
    choices[turn] = {};
    choices[turn].kind = shogi::Choice::Kind::kFault;
    choices[turn].fault = "the search was stopped";
  };
  for (const Seat& seat : seats_) {
    if (seat.taken) stopped(seat.turn);
  }
  for (; next < turns.size(); ++next) stopped(next);
}

}  // namespace keisei::search
