#include <string>

#include "evaluation/report.h"

namespace keisei::evaluation {

Summary summarise(const Request& request, std::span<const GameRecord> games) {
  Summary summary;
  summary.strategy = request.strategy;
  summary.agent = to_string(request.agent);
  summary.opponent = to_string(request.opponent);
  summary.agent_id = player_id(request.agent, request.agent_id);
  summary.opponent_id = player_id(request.opponent, request.opponent_id);
  summary.protocol = protocol_hash(request);
  summary.seed = request.seed;
  summary.games_asked = request.num_games;
  std::vector<int> plies;
  std::vector<GameResult> results;
  for (const GameRecord& game : games) {
    const GameResult result = game.result();
    const std::string reason(to_string(game.reason));
    summary.total.add(result);
    (game.agent_colour == shogi::Color::kBlack ? summary.as_black : summary.as_white).add(result);
    ++summary.end_reasons[reason];
    summary.by_end_reason[reason].add(result);
    summary.game_seconds += game.seconds;
    if (result == GameResult::kFault) {
      ++summary.faults_by_text[game.fault];
      continue;
    }
    plies.push_back(game.plies());
    results.push_back(result);
  }
  summary.pairs = pair_counts(games);
  summary.plies = lengths(plies);
  summary.streaks = streaks(results);
  if (summary.total.valid() == 0) {
    summary.status = "no games";
  } else if (summary.total.valid() < request.num_games) {
    summary.status = "incomplete";
  } else {
    summary.status = "ok";
  }
  return summary;
}

}  // namespace keisei::evaluation
