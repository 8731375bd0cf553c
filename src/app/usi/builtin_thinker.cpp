#include "app/usi/builtin_thinker.h"

#include <algorithm>
#include <cmath>

#include "shogi/material_player.h"
#include "shogi/material_search.h"
#include "shogi/players.h"

namespace keisei::app::usi {
namespace {

constexpr std::uint64_t kMostNodesPerMove = 2'000'000;  ///< as in a match
constexpr double kCentipawnsPerLogit = 600;             ///< of MaterialPlayer's value

std::vector<shogi::Move> moves_of(const ThinkRequest& request) {
  if (!request.only.empty()) return request.only;
  shogi::MoveList legal;
  request.position.legal_moves(legal);
  return {legal.begin(), legal.end()};
}

/// One of the moves by chance; resigns without any.
Thought drawn_from(const std::vector<shogi::Move>& moves, Random random) {
  Thought thought;
  if (moves.empty()) {
    thought.value = -1;
  } else {
    thought.move = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
  }
  return thought;
}

class MaterialThinker final : public Thinker {
 public:
  MaterialThinker(const shogi::MaterialSpec& spec, const shogi::Rules& rules) : spec_(spec), search_(rules) {}

  Thought think(const ThinkRequest& request, const Allowance& allowance, const TellThought& tell) override {
    Random random = request.random;
    if (spec_.epsilon > 0 && random.uniform() < spec_.epsilon) return drawn_from(moves_of(request), random);
    Thought thought;
    bool has_move = false;
    shogi::SearchLimits limits;
    limits.depth = std::clamp(request.most_depth, 1, spec_.depth);
    limits.most_nodes = std::min(request.most_nodes, kMostNodesPerMove);
    limits.only = request.only;
    limits.stop = [&] { return allowance.over() || (has_move && allowance.enough()); };
    limits.finished = [&](const shogi::SearchResult& found) {
      has_move = true;
      tell(line_of(found));
    };
    const shogi::SearchResult found = search_.search(request.position, limits, request.random);
    thought.move = found.best;
    thought.reply = found.reply;
    thought.value = found.best == shogi::Move() ? -1 : value_of(found.score);
    return thought;
  }
  std::string description() const override { return to_string(spec_); }

 private:
  static double value_of(int score) { return std::tanh(score / (2 * kCentipawnsPerLogit)); }
  static ThoughtLine line_of(const shogi::SearchResult& found) {
    ThoughtLine line{.depth = found.depth, .nodes = found.nodes, .value = value_of(found.score), .mate_plies = {}};
    if (const int plies = shogi::MaterialSearch::plies_to_mate(found.score); plies != 0)
      line.mate_plies = found.score > 0 ? plies : -plies;
    line.moves.push_back(found.best);
    if (found.reply != shogi::Move()) line.moves.push_back(found.reply);
    return line;
  }

  shogi::MaterialSpec spec_;
  shogi::MaterialSearch search_;
};

/// One look at each move: all alike, or those that win most material.
class DrawingThinker final : public Thinker {
 public:
  explicit DrawingThinker(bool greedy) : greedy_(greedy) {}

  Thought think(const ThinkRequest& request, const Allowance&, const TellThought&) override {
    std::vector<shogi::Move> moves = moves_of(request);
    if (greedy_ && !moves.empty()) {
      const auto gain = [&](shogi::Move m) { return shogi::material_gain(request.position, m); };
      const double most = gain(*std::ranges::max_element(moves, {}, gain));
      std::erase_if(moves, [&](shogi::Move m) { return gain(m) < most; });
    }
    return drawn_from(moves, request.random);
  }
  std::string description() const override { return greedy_ ? "greedy" : "random"; }

 private:
  bool greedy_;
};

}  // namespace

Result<std::unique_ptr<Thinker>> make_builtin_thinker(const std::string& spec, const shogi::Rules& rules) {
  if (spec == "random" || spec == "greedy") return std::make_unique<DrawingThinker>(spec == "greedy");
  if (shogi::names_material_player(spec)) {
    const auto material = shogi::parse_material(spec);
    if (!material) return tl::make_unexpected(material.error());
    return std::make_unique<MaterialThinker>(*material, rules);
  }
  constexpr std::size_t kMostShown = 64;
  return fail(Code::kUsage, "unknown player '" + spec.substr(0, kMostShown) + "'",
              "random, greedy or material:D, D from 1 to " + std::to_string(shogi::kMaxMaterialPlayerDepth));
}

}  // namespace keisei::app::usi
