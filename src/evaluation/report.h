// What an evaluation found, for programs (`keisei.evaluation/1`), terminals, Markdown and tables. A Summary is
// recomputed from the request and the game records and, but for the players' notes, from nothing else, and holds counts
// only: scores and intervals follow from them where they are shown. The safeguards' figures come from guard as they
// were measured. Unknown is null (JSON) or "not measured" (text), never 0. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/player_note.h"
#include "evaluation/record.h"
#include "evaluation/request.h"
#include "evaluation/schedule.h"
#include "evaluation/statistics.h"

namespace keisei::guard {
struct Performance;
struct Verdict;
}  // namespace keisei::guard

namespace keisei::evaluation {

/// One pairing of the plan, seen from its first player.
struct PairingSummary {
  std::string first;  ///< canonical spelling
  std::string second;
  std::string first_id;
  std::string second_id;
  bool of_agent = true;  ///< the first player is the agent of the request
  int games_asked = 0;   ///< after a stop: the games that count
  Tally total;
  Tally as_black;  ///< the first player's games as Black
  Tally as_white;
  PairCounts pairs{};
  StopState stop;  ///< of the request's stop rule
  friend bool operator==(const PairingSummary&, const PairingSummary&) = default;
};

/// All games between two players, seen from the first; `players` numbers them, the agent is 0.
struct CrossTable {
  struct Player {
    std::string name;
    std::string id;
    friend bool operator==(const Player&, const Player&) = default;
  };
  std::vector<Player> players;
  std::vector<Tally> cells;  ///< players x players, row against column; the diagonal is empty

  [[nodiscard]] const Tally& at(std::size_t row, std::size_t column) const {
    return cells[row * players.size() + column];
  }
  [[nodiscard]] Tally total(std::size_t row) const;
  friend bool operator==(const CrossTable&, const CrossTable&) = default;
};

/// One case of a benchmark.
struct CaseSummary {
  std::string id;
  std::string kind;  ///< game | tsume
  std::string opponent;
  int mate_in = 0;  ///< plies of a tsume
  double pass_score = 0;
  int games_asked = 0;
  Tally total;
  bool passed = false;  ///< a tsume: mated by consecutive checks within its plies
  friend bool operator==(const CaseSummary&, const CaseSummary&) = default;
};

/// How far a single elimination came.
struct EliminationSummary {
  std::optional<int> lost_pairing;         ///< number of the pairing whose loss ended it
  std::optional<std::uint64_t> lost_game;  ///< and of the game
  int passed = 0;                          ///< pairings gone through without a loss
  friend bool operator==(const EliminationSummary&, const EliminationSummary&) = default;
};

/// A ladder's rating of the agent (sequential Elo), and why it met whom.
struct LadderSummary {
  double before = 0;
  double after = 0;
  std::vector<LadderChoice> choices;
  std::map<std::string, double> ratings;  ///< afterwards, of everybody known: the next evaluation's table
  friend bool operator==(const LadderSummary&, const LadderSummary&) = default;
};

struct Summary {
  std::string status;  ///< ok | no games | incomplete (fewer records than asked, or faults among them)
  std::string strategy;
  std::string plan;  ///< custom: round_robin | single_elimination | sequence; else ""
  std::string agent;
  std::string opponent;  ///< "3 opponents" where there are several
  std::string agent_id;
  std::string opponent_id;  ///< "" where there are several
  std::string protocol;
  std::string stop_when;  ///< the stop rule's spelling, "" without one
  std::uint64_t seed = 0;
  int games_asked = 0;  ///< the agent's
  Tally total;          ///< the agent's games; those between opponents are in `pairings` and `cross` alone
  Tally as_black;       ///< the agent's games as Black (Sente)
  Tally as_white;       ///< and as White (Gote)
  std::map<std::string, int> end_reasons;      ///< every game of the agent once
  std::map<std::string, Tally> by_end_reason;  ///< the agent's results by end reason
  std::map<std::string, Tally> ends_as_black;  ///< the same of its games as Black
  std::map<std::string, Tally> ends_as_white;  ///< and as White
  std::map<std::string, int> faults_by_text;   ///< what went wrong, and how often, in all games
  PairCounts pairs{};
  std::optional<Lengths> plies;  ///< of the agent's valid games
  Streaks streaks;
  double game_seconds = 0;               ///< sum over games; games run side by side, so not wall time
  std::vector<PairingSummary> pairings;  ///< in the order of the plan
  CrossTable cross;                      ///< players that are one set of weights are one row
  std::vector<CaseSummary> cases;        ///< benchmark
  std::optional<EliminationSummary> elimination;
  std::optional<LadderSummary> ladder;
  std::vector<PlayerNote> notes;  ///< of foreign players, from their worker; summarise() leaves it empty

  friend bool operator==(const Summary&, const Summary&) = default;
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

/// The Summary in an object of to_json(); what was measured and what follows from counts is not read. kBadData names
/// the field that is missing or not allowed. read_summary(to_json(s, m)) == s.
[[nodiscard]] Result<Summary> read_summary(std::string_view json);
inline constexpr std::size_t kMaxSummaryBytes = 64U << 20;

/// One row a game, with a header row (RFC 4180, lines end with \r\n).
[[nodiscard]] std::string to_csv(std::span<const GameRecord> games);

}  // namespace keisei::evaluation
