#include "evaluation/adjudication.h"

#include <charconv>
#include <cmath>
#include <map>
#include <vector>

#include "base/shortest.h"
#include "evaluation/game_listener.h"

namespace keisei::evaluation {
namespace {

constexpr const char* kSpelling = "off, or resign=X,moves=N with X above 0 and at most 1, N from 1 to 100";

template <class Number>
bool read(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// How long both sides have agreed, by game: plies in a row at which the value, seen from Black, was beyond the limit.
class Agreement {
 public:
  explicit Agreement(const Adjudication& rule) : rule_(rule) {}

  /// Takes in the mover's value; true when the mover has lost by agreement.
  bool lost(std::uint64_t game, int ply, shogi::Color side, double value) {
    State& state = games_[game];
    if (state.next_ply != ply) state = {};  // another game, or a ply without a value in between
    const double for_black = side == shogi::Color::kBlack ? value : -value;
    const int sign = for_black >= rule_.limit ? 1 : for_black <= -rule_.limit ? -1 : 0;
    state.plies = sign != 0 && sign == state.sign ? state.plies + 1 : sign != 0 ? 1 : 0;
    state.sign = sign;
    state.next_ply = ply + 1;
    const bool mover_loses = sign == (side == shogi::Color::kBlack ? -1 : 1);
    const bool agreed = state.plies >= 2 * rule_.moves && mover_loses;
    if (agreed) games_.erase(game);
    return agreed;
  }

 private:
  struct State {
    int sign = 0;
    int plies = 0;
    int next_ply = -1;
  };
  Adjudication rule_;
  std::map<std::uint64_t, State> games_;
};

class AdjudicatedPlayer final : public shogi::Player, public GameListener {
 public:
  AdjudicatedPlayer(shogi::Player& player, std::shared_ptr<Agreement> agreement)
      : player_(player), agreement_(std::move(agreement)) {}

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override {
    player_.choose(turns, choices);
    for (std::size_t i = 0; i < turns.size(); ++i) {
      if (choices[i].kind != shogi::Choice::Kind::kMove) continue;
      const shogi::Position& position = *turns[i].position;
      if (agreement_->lost(turns[i].game, position.plies_played(), position.side(), choices[i].value))
        choices[i].kind = shogi::Choice::Kind::kResign;
    }
  }
  [[nodiscard]] std::string name() const override { return player_.name(); }
  void game_over(std::uint64_t game, GameResult result) override { tell_game_over(player_, game, result); }

 private:
  shogi::Player& player_;
  std::shared_ptr<Agreement> agreement_;
};

}  // namespace

Result<Adjudication> parse_adjudication(std::string_view text) {
  Adjudication rule;
  if (text == "off") return rule;
  bool limit = false;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::string_view value = item.substr(std::min(item.size(), item.find('=') + 1));
    bool good = false;
    if (item.starts_with("resign=")) {
      good = read(value, rule.limit) && std::isfinite(rule.limit) && rule.limit > 0 && rule.limit <= 1;
      limit = true;
    } else if (item.starts_with("moves=")) {
      good = read(value, rule.moves) && rule.moves >= 1 && rule.moves <= kMaxAdjudicationMoves;
    }
    if (!good) return fail(Code::kUsage, "adjudication: \"" + std::string(item) + "\" is not allowed", kSpelling);
  }
  if (!limit) return fail(Code::kUsage, "adjudication: resign=X is missing", kSpelling);
  return rule;
}

std::string to_string(const Adjudication& rule) {
  if (!rule.on()) return "off";
  return "resign=" + shortest(rule.limit) + ",moves=" + std::to_string(rule.moves);
}

std::pair<std::unique_ptr<shogi::Player>, std::unique_ptr<shogi::Player>> adjudicated(
    shogi::Player& agent, shogi::Player& opponent, const Adjudication& adjudication) {
  auto agreement = std::make_shared<Agreement>(adjudication);
  return {std::make_unique<AdjudicatedPlayer>(agent, agreement),
          std::make_unique<AdjudicatedPlayer>(opponent, agreement)};
}

}  // namespace keisei::evaluation
