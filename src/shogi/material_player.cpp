#include "shogi/material_player.h"

#include <charconv>
#include <cmath>
#include <string>

#include "shogi/material_search.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kName = "material";
constexpr std::uint64_t kMostNodesPerMove = 2'000'000;
constexpr double kValueScale = 600;  ///< hundredths of a pawn by which the odds of winning grow e-fold
static_assert(kMaxMaterialPlayerDepth <= kMaxRootDepth);

/// Expected result in [-1, 1] of a score: 2 * logistic - 1.
double value_of(int score) { return std::tanh(score / (2 * kValueScale)); }

class MaterialPlayer final : public Player {
 public:
  MaterialPlayer(int depth, const Rules& rules) : depth_(depth), rules_(rules), search_(rules) {}

  void choose(std::span<const Turn> turns, std::span<Choice> choices) override {
    for (std::size_t i = 0; i < turns.size(); ++i) choices[i] = answer(*turns[i].position, turns[i].random);
  }
  [[nodiscard]] std::string name() const override { return std::string(kName) + ":" + std::to_string(depth_); }

 private:
  [[nodiscard]] Choice answer(const Position& position, const Random& random) {
    Choice choice;
    const DeclarationState d = position.declaration(rules_.declaration);
    if (d.can_declare && d.winner == winner_of(position.side())) {
      choice.kind = Choice::Kind::kDeclare;
      choice.value = 1;
      return choice;
    }
    const SearchResult found = search_.search(position, {depth_, kMostNodesPerMove}, random);
    if (found.best == Move()) {
      choice.value = -1;
      return choice;  // resigns
    }
    choice.kind = Choice::Kind::kMove;
    choice.move = found.best;
    choice.value = value_of(found.score);
    return choice;
  }

  int depth_;
  Rules rules_;
  MaterialSearch search_;
};

}  // namespace

bool names_material_player(std::string_view spec) {
  return spec == kName || (spec.starts_with(kName) && spec[kName.size()] == ':');
}

Result<int> parse_material_depth(std::string_view spec) {
  constexpr std::size_t kMostShown = 64;
  const std::string_view digits = spec.size() > kName.size() ? spec.substr(kName.size() + 1) : std::string_view{};
  int depth = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), depth);
  if (!names_material_player(spec) || error != std::errc{} || end != digits.data() + digits.size() || depth < 1 ||
      depth > kMaxMaterialPlayerDepth) {
    return fail(Code::kUsage, "the player '" + std::string(spec.substr(0, kMostShown)) + "' has no depth to search",
                "write material:D, D a whole number from 1 to " + std::to_string(kMaxMaterialPlayerDepth));
  }
  return depth;
}

std::unique_ptr<Player> make_material_player(int depth, const Rules& rules) {
  return std::make_unique<MaterialPlayer>(depth, rules);
}

}  // namespace keisei::shogi
