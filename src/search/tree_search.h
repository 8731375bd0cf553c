// Planning with a network: PUCT (Silver et al., "Mastering the game of Go without human knowledge", 2017) over a
// batched Evaluator. Lines are gathered until a batch is full, each leaving a virtual loss behind so that the next one
// goes elsewhere; mates, declarations and repetitions are exact, and a proved win or loss is handed up the tree. The
// network is asked once for each position. A search may go on from the part of the last tree that the moves played
// since lead to; it can be run whole or in steps, so that one call of the network serves many trees. The tree is
// bounded; one thread at a time. Values are expected results in [-1, 1].
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "net/evaluator.h"
#include "shogi/position.h"

namespace keisei::search {

inline constexpr std::size_t kMaxBatch = 256;
inline constexpr int kMaxTreePlies = 256;  ///< of one line

struct TreeOptions {
  double exploration = 1.5;            ///< weight of the policy against the values found
  double unvisited_reduction = 0.25;   ///< by which a move not looked at is thought worse than the position
  std::size_t batch = 16;              ///< positions a call of the network, 1 to kMaxBatch
  std::size_t most_edges = 4'000'000;  ///< of the tree, 24 bytes each; a full tree ends the search
  shogi::DeclarationRule declaration = shogi::DeclarationRule::k27;
};

/// A move at the root.
struct RootMove {
  shogi::Move move{};
  double prior = 0;  ///< the policy's probability among the moves looked at
  std::uint64_t visits = 0;
  double value = 0;               ///< for the side to move at the root; the network's where it was not visited
  std::optional<int> mate_plies;  ///< proved: > 0 mates in so many plies or fewer, < 0 is mated
  std::vector<shogi::Move> line;  ///< begins with `move`
};

struct TreeFound {
  std::vector<RootMove> moves;  ///< the best first; empty where there is no legal move
  double value = 0;             ///< of the position
  std::uint64_t simulations = 0;
  std::uint64_t reused = 0;  ///< of them, from the tree of an earlier search
  int depth = 0;             ///< plies of the longest line
};

struct TreeLimits {
  std::uint64_t most_simulations = std::numeric_limits<std::uint64_t>::max();  ///< 0 = the policy alone
  std::vector<shogi::Move> only{};                   ///< legal moves to choose among; empty = all
  double draw_value = 0;                             ///< of a game drawn by the rules, for the side to move at the root
  bool reuse = false;                                ///< go on from the last tree where the position follows from it
  std::function<bool()> stop{};                      ///< asked at every batch; true ends the search with what it has
  std::function<void(const TreeFound&)> progress{};  ///< told whenever the simulations have doubled
};

class TreeSearch {
 public:
  TreeSearch(std::shared_ptr<const net::Evaluator> evaluator, const TreeOptions& options);

  /// `position` is not over. Deterministic but for `stop`. A tree that is gone on from counts among the simulations.
  [[nodiscard]] TreeFound search(const shogi::Position& position, const TreeLimits& limits);

  /// The same in steps: begin; until it is over, gather positions and take what the network says of them; then found().
  /// `stop` and `progress` are not asked: whoever steps may end at any time, but has no move to choose before the first
  /// batch was taken.
  void begin(const shogi::Position& position, TreeLimits limits);
  [[nodiscard]] bool over() const;
  /// The positions to judge next, up to the batch of the options, valid until take(); none where all lines ended at
  /// once.
  [[nodiscard]] std::span<const net::Features> gather();
  /// The network's answers to the last batch: kActions logits and a value a position.
  void take(std::span<const float> logits, std::span<const float> values);
  [[nodiscard]] TreeFound found() const;

  /// What earlier searches left behind is forgotten.
  void forget();

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  enum class Proof : std::uint8_t { kOpen, kWin, kLoss, kDraw };

  struct Edge {
    double value_sum = 0;      ///< for the side that moves here
    std::uint32_t visits = 0;  ///< with those under way
    std::uint32_t child = kNone;
    float prior = 0;
    shogi::Move move;
  };
  struct Node {
    std::uint32_t first = 0;  ///< of its edges
    std::uint32_t edges = 0;
    float value = 0;         ///< the network's, for the side to move
    std::int16_t plies = 0;  ///< of a proved end
    Proof proof = Proof::kOpen;
    bool waiting = false;  ///< for the network
  };
  struct Step {
    std::uint32_t node;
    std::uint32_t edge;
  };
  using Line = std::vector<Step>;
  struct Leaf {
    std::uint32_t node = 0;
    Line line;
    shogi::Color side = shogi::Color::kBlack;
  };
  enum class Went : std::uint8_t { kToLeaf, kToEnd, kNowhere };

  [[nodiscard]] std::uint32_t add_node(const shogi::Position& position);
  /// The node of the last tree that `position` belongs to; kNone where it does not follow.
  [[nodiscard]] std::uint32_t node_of(const shogi::Position& position, const TreeLimits& limits) const;
  /// Makes a node the root; what does not hang on it is dropped.
  void re_root(std::uint32_t root);
  /// Of a drawn end for whoever is to move there.
  [[nodiscard]] float draw_value(shogi::Color side) const;
  [[nodiscard]] Went go_down();
  [[nodiscard]] std::uint32_t select(const Node& node) const;
  void back_up(const Line& line, double value);
  void hand_up_proofs(const Line& line);
  void prove(Node& node) const;
  [[nodiscard]] std::vector<shogi::Move> best_line(std::uint32_t node) const;
  [[nodiscard]] std::uint32_t best_edge(const Node& node) const;

  std::shared_ptr<const net::Evaluator> evaluator_;
  TreeOptions options_;
  shogi::Position position_;  ///< the root, between the lines
  TreeLimits limits_;
  double draw_for_black_ = 0;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<Leaf> leaves_;
  std::vector<net::Features> features_;
  std::uint64_t simulations_ = 0;
  std::uint64_t reused_ = 0;
  int depth_ = 0;
};

}  // namespace keisei::search
