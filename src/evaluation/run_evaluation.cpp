#include "evaluation/run_evaluation.h"

#include <map>
#include <utility>

#include "evaluation/plan.h"
#include "evaluation/tsume_defender.h"

namespace keisei::evaluation {
namespace {

/// Equal for two mentions of one player: a network is its weights and how it plays, not the path it was read from.
std::string identity(const PlayerSpec& spec, const std::string& id) {
  if (!spec.is_network() || id.empty()) return to_string(spec) + '\n' + id;
  PlayerSpec weights = spec;
  weights.kind = PlayerKind::kLive;
  weights.path.clear();
  return to_string(weights) + '\n' + id;
}

class Cast {
 public:
  explicit Cast(const PlayerFor& player_for) : player_for_(player_for) {}

  Result<shogi::Player*> player(const PlayerSpec& spec, const std::string& id) {
    std::shared_ptr<shogi::Player>& place = players_[identity(spec, id)];
    if (!place) {
      auto made = player_for_(spec, id);
      if (!made) return tl::make_unexpected(made.error());
      if (!*made) return fail(Code::kFailure, "no player was made for " + to_string(spec));
      place = *std::move(made);
    }
    return place.get();
  }

  shogi::Player* defender(int mate_in) {
    std::shared_ptr<shogi::Player>& place = players_["tsume\n" + std::to_string(mate_in)];
    if (!place) place = std::make_shared<TsumeDefender>(mate_in);
    return place.get();
  }

 private:
  const PlayerFor& player_for_;
  std::map<std::string, std::shared_ptr<shogi::Player>> players_;
};

}  // namespace

Result<std::vector<GameRecord>> run_evaluation(const Request& request, const PlayerFor& player_for, const Clock& clock,
                                               const LoopHooks& hooks) {
  const auto plan = make_plan(request);
  if (!plan) return tl::make_unexpected(plan.error());
  Cast cast(player_for);
  std::vector<Sides> sides;
  for (const Pairing& pairing : plan->pairings) {
    const auto agent = cast.player(pairing.agent, pairing.agent_id);
    if (!agent) return tl::make_unexpected(agent.error());
    if (pairing.mate_in > 0) {
      sides.push_back({*agent, cast.defender(pairing.mate_in)});
      continue;
    }
    const auto opponent = cast.player(pairing.opponent, pairing.opponent_id);
    if (!opponent) return tl::make_unexpected(opponent.error());
    sides.push_back({*agent, *opponent});
  }
  const LoopOptions options{.max_concurrent_games = request.max_concurrent_games,
                            .timeout_per_game_s = request.timeout_per_game_s};
  return play_games(*plan, sides, options, clock, hooks);
}

}  // namespace keisei::evaluation
