#include "search/tree_search.h"

#include <algorithm>
#include <cmath>

#include "net/policy.h"

namespace keisei::search {
namespace {

constexpr double kVirtualLoss = 1;
constexpr std::uint64_t kFirstProgress = 32;  ///< simulations

bool wins_by_declaration(const shogi::Position& position, shogi::DeclarationRule rule) {
  if (!shogi::camp(position.side()).has(position.king(position.side()))) return false;
  const shogi::DeclarationState state = position.declaration(rule);
  return state.can_declare && state.winner == winner_of(position.side());
}

}  // namespace

TreeSearch::TreeSearch(std::shared_ptr<const net::Evaluator> evaluator, const TreeOptions& options)
    : evaluator_(std::move(evaluator)), options_(options) {
  options_.batch = std::clamp<std::size_t>(options_.batch, 1, kMaxBatch);
}

/// A node for `position`, the root where it is the first. What the rules decide is decided here; the rest waits for the
/// network.
std::uint32_t TreeSearch::add_node(const shogi::Position& position, const std::vector<shogi::Move>& only) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  Node node;
  const bool root = index == 0;
  if (!root) {
    if (const auto outcome = position.outcome({})) {
      node.proof = outcome->winner == shogi::Winner::kNone         ? Proof::kDraw
                   : outcome->winner == winner_of(position.side()) ? Proof::kWin
                                                                   : Proof::kLoss;
    } else if (position.mate_in_one() || wins_by_declaration(position, options_.declaration)) {
      node.proof = Proof::kWin;
      node.plies = 1;
    }
  }
  node.value = node.proof == Proof::kWin ? 1.0F : node.proof == Proof::kLoss ? -1.0F : 0.0F;
  if (node.proof == Proof::kOpen) {
    shogi::MoveList legal;
    position.legal_moves(legal);
    node.first = static_cast<std::uint32_t>(edges_.size());
    const auto add = [&](shogi::Move m) {
      Edge edge;
      edge.move = m;
      edges_.push_back(edge);
    };
    if (root && !only.empty()) {
      std::ranges::for_each(only, add);
    } else {
      std::for_each(legal.begin(), legal.end(), add);
    }
    node.edges = static_cast<std::uint32_t>(edges_.size()) - node.first;
    node.waiting = node.edges > 0;
  }
  nodes_.push_back(node);
  return index;
}

/// The edge to follow: the greatest sum of its value and of what the policy still owes it. Edges into proved losses of
/// the mover are passed over while others are left.
std::uint32_t TreeSearch::select(const Node& node) const {
  std::uint64_t visits = 1;
  double seen_value = node.value;
  for (std::uint32_t e = node.first; e < node.first + node.edges; ++e) visits += edges_[e].visits;
  if (visits > 1) {
    double sum = node.value;
    for (std::uint32_t e = node.first; e < node.first + node.edges; ++e) sum += edges_[e].value_sum;
    seen_value = sum / static_cast<double>(visits);
  }
  const double unvisited = seen_value - options_.unvisited_reduction;
  const double reach = options_.exploration * std::sqrt(static_cast<double>(visits));
  std::uint32_t best = node.first;
  double best_score = -std::numeric_limits<double>::infinity();
  for (std::uint32_t e = node.first; e < node.first + node.edges; ++e) {
    const Edge& edge = edges_[e];
    if (edge.child != kNone && nodes_[edge.child].proof == Proof::kWin) continue;
    const double value = edge.visits > 0 ? edge.value_sum / edge.visits : unvisited;
    const double score = value + reach * static_cast<double>(edge.prior) / (1.0 + edge.visits);
    if (score > best_score) {
      best_score = score;
      best = e;
    }
  }
  return best;
}

/// One line from the root to something new, or to an end of the game, which counts again. kNowhere: the line leads to a
/// position that waits for the network already.
TreeSearch::Went TreeSearch::go_down() {
  Line line;
  std::uint32_t at = 0;
  const auto back_to_root = [&] {
    for (std::size_t i = 0; i < line.size(); ++i) position_.unmake();
  };
  const auto take_back = [&] {
    for (const Step& step : line) {
      Edge& edge = edges_[step.edge];
      --edge.visits;
      edge.value_sum += kVirtualLoss;
    }
  };
  for (;;) {
    const Node& node = nodes_[at];
    if (node.proof != Proof::kOpen || line.size() >= static_cast<std::size_t>(kMaxTreePlies)) {
      back_to_root();
      back_up(line, node.value);
      return Went::kToEnd;
    }
    if (node.waiting) {
      back_to_root();
      take_back();
      return Went::kNowhere;
    }
    const std::uint32_t e = select(node);
    Edge& edge = edges_[e];
    line.push_back({at, e});
    ++edge.visits;
    edge.value_sum -= kVirtualLoss;
    position_.make(edge.move);
    if (edge.child != kNone) {
      at = edge.child;
      continue;
    }
    const std::uint32_t child = add_node(position_, {});  // edges_ may move: `edge` is not used below
    edges_[e].child = child;
    depth_ = std::max(depth_, static_cast<int>(line.size()));
    if (nodes_[child].proof == Proof::kOpen) {
      features_.push_back(net::encode(position_));
      leaves_.push_back({.node = child, .line = line, .side = position_.side()});
      back_to_root();
      return Went::kToLeaf;
    }
    back_to_root();
    back_up(line, nodes_[child].value);
    hand_up_proofs(line);
    return Went::kToEnd;
  }
}

void TreeSearch::evaluate_leaves() {
  logits_.resize(leaves_.size() * net::kActions);
  values_.resize(leaves_.size());
  evaluator_->evaluate(features_, logits_, values_, {});
  std::vector<net::Action> actions;
  std::vector<float> logs;
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    const Leaf& leaf = leaves_[i];
    Node& node = nodes_[leaf.node];
    actions.clear();
    for (std::uint32_t e = node.first; e < node.first + node.edges; ++e)
      actions.push_back(net::action_of(edges_[e].move, leaf.side));
    logs.resize(actions.size());
    net::log_probabilities(std::span<const float>(logits_).subspan(i * net::kActions, net::kActions), actions, logs);
    for (std::uint32_t k = 0; k < node.edges; ++k) edges_[node.first + k].prior = std::exp(logs[k]);
    node.value = values_[i];
    node.waiting = false;
    back_up(leaf.line, static_cast<double>(values_[i]));
  }
  leaves_.clear();
  features_.clear();
}

/// Replaces the virtual losses of a line by the value at its end, seen by the side to move there.
void TreeSearch::back_up(const Line& line, double value) {
  for (std::size_t i = line.size(); i-- > 0;) {
    value = -value;
    edges_[line[i].edge].value_sum += value + kVirtualLoss;
  }
  if (!line.empty()) ++simulations_;
}

/// A node is won by one move to a lost one, and lost when all moves lead to won ones.
void TreeSearch::prove(Node& node) const {
  int shortest_win = kMaxTreePlies * 2;
  int longest_loss = 0;
  bool wins = false;
  bool loses = true;
  for (std::uint32_t e = node.first; e < node.first + node.edges; ++e) {
    const std::uint32_t child = edges_[e].child;
    const Proof proof = child == kNone ? Proof::kOpen : nodes_[child].proof;
    if (proof == Proof::kLoss) {
      wins = true;
      shortest_win = std::min(shortest_win, nodes_[child].plies + 1);
    }
    loses = loses && proof == Proof::kWin;
    if (proof == Proof::kWin) longest_loss = std::max(longest_loss, nodes_[child].plies + 1);
  }
  if (!wins && !loses) return;
  node.proof = wins ? Proof::kWin : Proof::kLoss;
  node.value = wins ? 1.0F : -1.0F;
  node.plies = static_cast<std::int16_t>(wins ? shortest_win : longest_loss);
}

void TreeSearch::hand_up_proofs(const Line& line) {
  for (std::size_t i = line.size(); i-- > 0;) {
    Node& node = nodes_[line[i].node];
    if (node.proof == Proof::kOpen) prove(node);
    if (node.proof == Proof::kOpen) return;
  }
}

/// The move to play: a proved win, else the most visited that is not a proved loss, else the longest resistance.
std::uint32_t TreeSearch::best_edge(const Node& node) const {
  const auto rank = [&](std::uint32_t e) {
    const Edge& edge = edges_[e];
    const Proof proof = edge.child == kNone ? Proof::kOpen : nodes_[edge.child].proof;
    const double plies = edge.child == kNone ? 0 : nodes_[edge.child].plies;
    constexpr double kDecided = 1e15;
    if (proof == Proof::kLoss) return kDecided - plies;
    if (proof == Proof::kWin) return plies - kDecided;
    return edge.visits + static_cast<double>(edge.prior) / 2;
  };
  std::uint32_t best = node.first;
  for (std::uint32_t e = node.first + 1; e < node.first + node.edges; ++e) {
    if (rank(e) > rank(best)) best = e;
  }
  return best;
}

std::vector<shogi::Move> TreeSearch::best_line(std::uint32_t node) const {
  std::vector<shogi::Move> line;
  while (node != kNone && nodes_[node].edges > 0 && !nodes_[node].waiting) {
    const Edge& edge = edges_[best_edge(nodes_[node])];
    if (edge.visits == 0) break;
    line.push_back(edge.move);
    node = edge.child;
  }
  return line;
}

TreeFound TreeSearch::summary() const {
  TreeFound found;
  found.simulations = simulations_;
  found.depth = depth_;
  const Node& root = nodes_.front();
  for (std::uint32_t e = root.first; e < root.first + root.edges; ++e) {
    const Edge& edge = edges_[e];
    RootMove move{.move = edge.move,
                  .prior = static_cast<double>(edge.prior),
                  .visits = edge.visits,
                  .value = edge.visits > 0 ? edge.value_sum / edge.visits : static_cast<double>(root.value),
                  .mate_plies = {},
                  .line = {edge.move}};
    if (edge.child != kNone) {
      const Node& child = nodes_[edge.child];
      if (child.proof == Proof::kLoss) move.mate_plies = child.plies + 1;
      if (child.proof == Proof::kWin) move.mate_plies = -(child.plies + 1);
      if (child.proof != Proof::kOpen) move.value = -static_cast<double>(child.value);
      const std::vector<shogi::Move> more = best_line(edge.child);
      move.line.insert(move.line.end(), more.begin(), more.end());
    }
    found.moves.push_back(std::move(move));
  }
  const auto order = [](const RootMove& a, const RootMove& b) {
    const auto decided = [](const RootMove& m) {
      constexpr int kFar = 1'000'000;
      return !m.mate_plies ? 0 : *m.mate_plies > 0 ? kFar - *m.mate_plies : -kFar - *m.mate_plies;
    };
    if (decided(a) != decided(b)) return decided(a) > decided(b);
    return a.visits != b.visits ? a.visits > b.visits : a.prior > b.prior;
  };
  std::ranges::stable_sort(found.moves, order);
  if (!found.moves.empty())
    found.value = found.moves.front().visits > 0 ? found.moves.front().value : static_cast<double>(root.value);
  return found;
}

TreeFound TreeSearch::search(const shogi::Position& position, const TreeLimits& limits) {
  position_ = position;
  nodes_.clear();
  edges_.clear();
  leaves_.clear();
  features_.clear();
  simulations_ = 0;
  depth_ = 0;
  const std::uint32_t root = add_node(position_, limits.only);
  if (nodes_[root].edges == 0) return {};
  features_.push_back(net::encode(position_));
  leaves_.push_back({.node = root, .line = {}, .side = position_.side()});
  evaluate_leaves();

  std::uint64_t next_progress = kFirstProgress;
  const auto ended = [&] {
    return simulations_ >= limits.most_simulations || nodes_[root].proof != Proof::kOpen ||
           edges_.size() >= options_.most_edges || (limits.stop && limits.stop());
  };
  while (!ended()) {
    // Lines that end the game need no network, so their number is bounded as well.
    for (std::size_t tries = 0; tries < 2 * options_.batch && leaves_.size() < options_.batch; ++tries) {
      if (simulations_ + leaves_.size() >= limits.most_simulations || nodes_[root].proof != Proof::kOpen) break;
      if (go_down() == Went::kNowhere) break;
    }
    if (!leaves_.empty()) evaluate_leaves();
    if (limits.progress && simulations_ >= next_progress) {
      next_progress = simulations_ * 2;
      limits.progress(summary());
    }
  }
  return summary();
}

}  // namespace keisei::search
