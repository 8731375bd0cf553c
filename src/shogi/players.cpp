#include "shogi/players.h"

#include <array>
#include <string>

#include "shogi/material_player.h"

namespace keisei::shogi {
namespace {

// By kind: - P L N S B R G K +P +L +N +S horse dragon. A promoted minor piece moves like a gold but is taken for less,
// so it is worth a little less than a gold.
constexpr std::array<double, kKinds> kValues = {0, 1, 3, 3.5, 5, 8, 10, 5.5, 0, 4.5, 4.75, 5, 5.25, 10.5, 13};

/// Leaves the moves of the greatest gain, in their order; all values are multiples of 1/4, so ties are exact.
void keep_best(const Position& position, MoveList& moves) {
  std::size_t kept = 0;
  double best = 0;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const double gain = material_gain(position, moves[i]);
    if (kept == 0 || gain > best) {
      best = gain;
      kept = 0;
    }
    if (gain == best) moves.data()[kept++] = moves[i];
  }
  moves.resize(kept);
}

/// Draws one of the legal moves that `kGreedy` leaves.
template <bool kGreedy>
class DrawingPlayer final : public Player {
 public:
  explicit DrawingPlayer(const Rules& rules) : rules_(rules) {}

  void choose(std::span<const Turn> turns, std::span<Choice> choices) override {
    for (std::size_t i = 0; i < turns.size(); ++i) choices[i] = answer(*turns[i].position, turns[i].random);
  }
  [[nodiscard]] std::string name() const override { return kGreedy ? "greedy" : "random"; }

 private:
  [[nodiscard]] Choice answer(const Position& position, Random random) const {
    Choice choice;
    const DeclarationState d = position.declaration(rules_.declaration);
    if (d.can_declare && d.winner == winner_of(position.side())) {
      choice.kind = Choice::Kind::kDeclare;
      return choice;
    }
    MoveList moves;
    position.legal_moves(moves);
    if (moves.empty()) return choice;  // resigns
    if constexpr (kGreedy) keep_best(position, moves);
    choice.kind = Choice::Kind::kMove;
    choice.move = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
    return choice;
  }

  Rules rules_;
};

}  // namespace

double material_value(Kind k) { return kValues[static_cast<std::size_t>(index(k))]; }

double material(const Position& position, Color c) {
  double sum = 0;
  position.pieces(c).for_each([&](Square s) { sum += material_value(position.piece_on(s).kind); });
  for (int k = 1; k <= kHandKinds; ++k) {
    const Kind kind = static_cast<Kind>(k);
    sum += position.hand(c, kind) * material_value(kind);
  }
  return sum;
}

double material_gain(const Position& position, Move m) {
  if (m.is_drop()) return 0;
  const Kind captured = position.piece_on(m.to()).kind;
  const double taken = material_value(captured) + material_value(unpromoted(captured));
  if (!m.promotes()) return taken;
  const Kind moving = position.piece_on(m.from()).kind;
  return taken + material_value(promoted(moving)) - material_value(moving);
}

Result<std::unique_ptr<Player>> make_builtin(std::string_view spec, const Rules& rules) {
  if (spec == "random") return std::make_unique<DrawingPlayer<false>>(rules);
  if (spec == "greedy" || spec == "heuristic") return std::make_unique<DrawingPlayer<true>>(rules);
  if (names_material_player(spec)) {
    const Result<MaterialSpec> material = parse_material(spec);
    if (!material) return tl::make_unexpected(material.error());
    return make_material_player(*material, rules);
  }
  constexpr std::size_t kMostShown = 64;
  return fail(
      Code::kUsage, "unknown built-in player '" + std::string(spec.substr(0, kMostShown)) + "'",
      "random, greedy (also called heuristic) or material:D, D from 1 to " + std::to_string(kMaxMaterialPlayerDepth));
}

}  // namespace keisei::shogi
