#include "shogi/material_player.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/shortest.h"
#include "shogi/material_search.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kName = "material";
constexpr std::string_view kEpsilon = "epsilon=";
constexpr std::uint64_t kMostNodesPerMove = 2'000'000;
constexpr double kValueScale = 600;  ///< hundredths of a pawn by which the odds of winning grow e-fold
static_assert(kMaxMaterialPlayerDepth <= kMaxRootDepth);

/// Expected result in [-1, 1] of a score: 2 * logistic - 1.
double value_of(int score) { return std::tanh(score / (2 * kValueScale)); }

class MaterialPlayer final : public Player {
 public:
  MaterialPlayer(const MaterialSpec& spec, const Rules& rules) : spec_(spec), rules_(rules), search_(rules) {}

  void choose(std::span<const Turn> turns, std::span<Choice> choices) override {
    for (std::size_t i = 0; i < turns.size(); ++i) choices[i] = answer(*turns[i].position, turns[i].random);
  }
  [[nodiscard]] std::string name() const override { return to_string(spec_); }

 private:
  [[nodiscard]] Choice answer(const Position& position, Random random) {
    Choice choice;
    const DeclarationState d = position.declaration(rules_.declaration);
    if (d.can_declare && d.winner == winner_of(position.side())) {
      choice.kind = Choice::Kind::kDeclare;
      choice.value = 1;
      return choice;
    }
    if (spec_.epsilon > 0 && random.uniform() < spec_.epsilon) {
      MoveList moves;
      position.legal_moves(moves);
      if (!moves.empty()) {
        choice.kind = Choice::Kind::kMove;
        choice.move = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
        return choice;
      }
    }
    const SearchResult found = search_.search(position, {spec_.depth, kMostNodesPerMove}, random);
    if (found.best == Move()) {
      choice.value = -1;
      return choice;  // resigns
    }
    choice.kind = Choice::Kind::kMove;
    choice.move = found.best;
    choice.value = value_of(found.score);
    return choice;
  }

  MaterialSpec spec_;
  Rules rules_;
  MaterialSearch search_;
};

template <class Number>
bool read(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

bool names_material_player(std::string_view spec) {
  return spec == kName || (spec.starts_with(kName) && spec[kName.size()] == ':');
}

Result<MaterialSpec> parse_material(std::string_view text) {
  constexpr std::size_t kMostShown = 64;
  MaterialSpec spec;
  const std::size_t question = text.find('?');
  std::string_view digits = text.substr(0, question);
  digits.remove_prefix(std::min(digits.size(), kName.size() + 1));
  if (!names_material_player(text) || !read(digits, spec.depth) || spec.depth < 1 ||
      spec.depth > kMaxMaterialPlayerDepth) {
    return fail(Code::kUsage, "the player '" + std::string(text.substr(0, kMostShown)) + "' has no depth to search",
                "write material:D, D a whole number from 1 to " + std::to_string(kMaxMaterialPlayerDepth));
  }
  if (question == std::string_view::npos) return spec;
  const std::string_view option = text.substr(question + 1);
  if (!option.starts_with(kEpsilon) || !read(option.substr(kEpsilon.size()), spec.epsilon) ||
      !(spec.epsilon >= 0 && spec.epsilon <= 1)) {
    return fail(Code::kUsage, "player option '" + std::string(option.substr(0, kMostShown)) + "' is not allowed",
                "epsilon: the share of moves drawn from all legal ones, a number from 0 to 1");
  }
  return spec;
}

std::string to_string(const MaterialSpec& spec) {
  std::string text = std::string(kName) + ":" + std::to_string(spec.depth);
  if (spec.epsilon > 0) text += "?" + std::string(kEpsilon) + shortest(spec.epsilon);
  return text;
}

std::unique_ptr<Player> make_material_player(const MaterialSpec& spec, const Rules& rules) {
  return std::make_unique<MaterialPlayer>(spec, rules);
}

}  // namespace keisei::shogi
