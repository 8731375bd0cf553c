// What an evaluation found, for programs (`keisei.evaluation/1`), terminals and Markdown. A Summary is recomputed from
// the game records and from nothing else; the safeguards' figures come from guard as they were measured. Unknown is
// null (JSON) or "not measured" (text), never 0. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/record.h"
#include "evaluation/request.h"
#include "evaluation/statistics.h"

namespace keisei::guard {
struct Performance;
struct Verdict;
}  // namespace keisei::guard

namespace keisei::evaluation {

struct Summary {
  std::string status;  ///< ok | no games | incomplete (fewer records than asked, or faults among them)
  std::string strategy;
  std::string agent;
  std::string opponent;
  std::string agent_id;
  std::string opponent_id;
  std::string protocol;
  std::uint64_t seed = 0;
  int games_asked = 0;
  Tally total;
  Tally as_black;                              ///< the agent's games as Black (Sente)
  Tally as_white;                              ///< and as White (Gote)
  std::map<std::string, int> end_reasons;      ///< every game once
  std::map<std::string, Tally> by_end_reason;  ///< the agent's results by end reason
  std::map<std::string, int> faults_by_text;   ///< what went wrong, and how often
  PairCounts pairs{};
  std::optional<Lengths> plies;  ///< of valid games
  Streaks streaks;
  double game_seconds = 0;  ///< sum over games; games run side by side, so not wall time
};

/// Recomputes everything from `games`, in their order.
[[nodiscard]] Summary summarise(const Request& request, std::span<const GameRecord> games);

/// What was measured around the games; null pointers where nothing was.
struct Measured {
  std::optional<double> wall_s;
  const guard::Performance* performance = nullptr;
  const std::vector<guard::Verdict>* sla = nullptr;
};

[[nodiscard]] std::string to_json(const Summary& summary, const Measured& measured);  ///< one object, one line
[[nodiscard]] std::string to_text(const Summary& summary, const Measured& measured);  ///< for a terminal
[[nodiscard]] std::string to_markdown(const Summary& summary, const Measured& measured);

}  // namespace keisei::evaluation
