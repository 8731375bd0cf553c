// A player that plans every move with a fixed number of simulations. The trees of all games that wait for a move grow
// side by side, and one call of the network judges the positions that all of them ask about. Every tree is built anew
// and grows by itself, so a move depends on position, turn and options alone: not on the games beside it, not on the
// machine, and a game replays from its key. One thread; values in [-1, 1].
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/evaluator.h"
#include "search/tree_search.h"
#include "shogi/player.h"

namespace keisei::search {

inline constexpr std::size_t kLinesOfATree =
    4;                                         ///< that are judged together; more would be looser with few simulations
inline constexpr std::size_t kMostTrees = 16;  ///< side by side; so a call has up to 64 positions
inline constexpr std::size_t kMostEdgesAtOnce = 2'000'000;  ///< expected, of all trees together; 24 bytes each

struct SearchPlayOptions {
  int simulations = 100;   ///< a move, at least 1
  double temperature = 0;  ///< 0 = the best move; else drawn by visits
  shogi::DeclarationRule declaration = shogi::DeclarationRule::k27;
};

class SearchPlayer final : public shogi::Player {
 public:
  /// `keep_going` is asked between any two calls of the network (a place for signs of life); false: what is still open
  /// becomes a fault, because a move that was cut short could not be replayed.
  SearchPlayer(std::shared_ptr<const net::Evaluator> evaluator, std::string name, const SearchPlayOptions& options,
               std::function<bool()> keep_going = {});

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return name_; }

 private:
  struct Seat {
    TreeSearch tree;
    std::size_t turn = 0;
    bool taken = false;
    std::size_t asked = 0;  ///< positions in the call that is being made
  };

  /// Declares or mates where that is possible at once.
  [[nodiscard]] bool answered_at_once(const shogi::Turn& turn, shogi::Choice& choice) const;
  [[nodiscard]] shogi::Choice choice_of(const TreeFound& found, const shogi::Turn& turn) const;
  /// One call of the network for all trees.
  void judge();

  std::shared_ptr<const net::Evaluator> evaluator_;
  std::string name_;
  SearchPlayOptions options_;
  std::function<bool()> keep_going_;
  std::vector<Seat> seats_;
  std::vector<net::Features> features_;
  std::vector<float> logits_, values_;
};

}  // namespace keisei::search
