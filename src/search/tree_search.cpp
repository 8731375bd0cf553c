#include "search/tree_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

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
std::uint32_t TreeSearch::add_node(const shogi::Position& position) {
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
  if (node.proof == Proof::kWin) node.value = 1;
  if (node.proof == Proof::kLoss) node.value = -1;
  if (node.proof == Proof::kDraw) node.value = draw_value(position.side());
  if (node.proof == Proof::kOpen) {
    shogi::MoveList legal;
    position.legal_moves(legal);
    node.first = static_cast<std::uint32_t>(edges_.size());
    const auto add = [&](shogi::Move m) {
      Edge edge;
      edge.move = m;
      edges_.push_back(edge);
    };
    if (root && !limits_.only.empty()) {
      std::ranges::for_each(limits_.only, add);
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
    const std::uint32_t child = add_node(position_);  // edges_ may move: `edge` is not used below
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

void TreeSearch::take(std::span<const float> logits, std::span<const float> values) {
  std::vector<net::Action> actions;
  std::vector<float> logs;
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    const Leaf& leaf = leaves_[i];
    Node& node = nodes_[leaf.node];
    actions.clear();
    for (std::uint32_t e = node.first; e < node.first + node.edges; ++e)
      actions.push_back(net::action_of(edges_[e].move, leaf.side));
    logs.resize(actions.size());
    net::log_probabilities(logits.subspan(i * net::kActions, net::kActions), actions, logs);
    for (std::uint32_t k = 0; k < node.edges; ++k) edges_[node.first + k].prior = std::exp(logs[k]);
    node.value = values[i];
    node.waiting = false;
    back_up(leaf.line, static_cast<double>(values[i]));
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

TreeFound TreeSearch::found() const {
  TreeFound found;
  if (nodes_.empty() || nodes_.front().edges == 0) return found;
  found.simulations = simulations_;
  found.reused = reused_;
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

float TreeSearch::draw_value(shogi::Color side) const {
  return static_cast<float>(side == shogi::Color::kBlack ? draw_for_black_ : -draw_for_black_);
}

void TreeSearch::forget() {
  nodes_.clear();
  edges_.clear();
  leaves_.clear();
  features_.clear();
  simulations_ = 0;
  reused_ = 0;
  depth_ = 0;
}

std::uint32_t TreeSearch::node_of(const shogi::Position& position, const TreeLimits& limits) const {
  const bool whole = leaves_.empty() && limits_.only.empty() && limits.only.empty() && limits.most_simulations > 0;
  const int played = position.plies_played();
  const int known = position_.plies_played();
  if (nodes_.empty() || !whole || played < known) return kNone;
  // By all moves from the start: repetitions depend on them.
  for (int i = 0; i < known; ++i) {
    if (position.move_at(i) != position_.move_at(i)) return kNone;
  }
  const auto start_of = [](shogi::Position p) {
    while (p.plies_played() > 0) p.unmake();
    return p.sfen();
  };
  if (start_of(position) != start_of(position_)) return kNone;
  std::uint32_t at = 0;
  for (int i = known; i < played && at != kNone; ++i) {
    const Node& node = nodes_[at];
    at = kNone;
    for (std::uint32_t e = node.first; e < node.first + node.edges; ++e) {
      if (edges_[e].move == position.move_at(i)) at = edges_[e].child;
    }
  }
  return at == kNone || nodes_[at].edges == 0 ? kNone : at;
}

void TreeSearch::re_root(std::uint32_t root) {
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<std::pair<std::uint32_t, int>> origins{{root, 0}};  // old numbers in their new order, with their depths
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const auto [origin, depth] = origins[i];
    Node node = nodes_[origin];
    const std::uint32_t first = std::exchange(node.first, static_cast<std::uint32_t>(edges.size()));
    for (std::uint32_t e = first; e < first + node.edges; ++e) {
      Edge edge = edges_[e];
      if (edge.child != kNone) {
        origins.emplace_back(edge.child, depth + 1);
        edge.child = static_cast<std::uint32_t>(origins.size() - 1);
      }
      edges.push_back(edge);
    }
    nodes.push_back(node);
    depth_ = depth;  // nearer nodes come first
  }
  nodes_ = std::move(nodes);
  edges_ = std::move(edges);
  simulations_ = 0;
  for (std::uint32_t e = 0; e < nodes_.front().edges; ++e) simulations_ += edges_[e].visits;
  reused_ = simulations_;
}

void TreeSearch::begin(const shogi::Position& position, TreeLimits limits) {
  const double draw_for_black = position.side() == shogi::Color::kBlack ? limits.draw_value : -limits.draw_value;
  const bool same_draws = draw_for_black == draw_for_black_;
  const std::uint32_t known = limits.reuse && same_draws ? node_of(position, limits) : kNone;
  position_ = position;
  draw_for_black_ = draw_for_black;
  limits_ = std::move(limits);
  limits_.stop = {};  // search() asks the caller's
  limits_.progress = {};
  if (known != kNone) return re_root(known);
  forget();
  const std::uint32_t root = add_node(position_);
  if (nodes_[root].edges == 0) return;
  features_.push_back(net::encode(position_));
  leaves_.push_back({.node = root, .line = {}, .side = position_.side()});
}

bool TreeSearch::over() const {
  if (!leaves_.empty()) return false;
  return nodes_.empty() || nodes_.front().edges == 0 || nodes_.front().proof != Proof::kOpen ||
         simulations_ >= limits_.most_simulations || edges_.size() >= options_.most_edges;
}

std::span<const net::Features> TreeSearch::gather() {
  if (!leaves_.empty()) return features_;
  // Lines that end the game need no network, so their number is bounded as well.
  for (std::size_t tries = 0; tries < 2 * options_.batch && leaves_.size() < options_.batch; ++tries) {
    if (simulations_ + leaves_.size() >= limits_.most_simulations || nodes_.front().proof != Proof::kOpen) break;
    if (go_down() == Went::kNowhere) break;
  }
  return features_;
}

TreeFound TreeSearch::search(const shogi::Position& position, const TreeLimits& limits) {
  begin(position, limits);
  const auto told_to_stop = [&] { return leaves_.empty() && limits.stop && limits.stop(); };
  std::vector<float> logits;
  std::vector<float> values;
  std::uint64_t next_progress = std::max(kFirstProgress, reused_ * 2);
  while (!over() && !told_to_stop()) {
    if (const auto batch = gather(); !batch.empty()) {
      logits.resize(batch.size() * net::kActions);
      values.resize(batch.size());
      evaluator_->evaluate(batch, logits, values, {});
      take(logits, values);
    }
    if (limits.progress && simulations_ >= next_progress) {
      next_progress = simulations_ * 2;
      limits.progress(found());
    }
  }
  return found();
}

}  // namespace keisei::search
