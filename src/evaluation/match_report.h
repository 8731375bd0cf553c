// A match told: the final table for a terminal, `keisei.match/1` for programs, a few lines while it runs, and the page.
// All of it follows from the game records. Unknown is an en dash or null, never 0. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "evaluation/html_report.h"
#include "evaluation/match_stop.h"
#include "evaluation/match_table.h"

namespace keisei::evaluation {

struct MatchReport {
  Match match;
  MatchTable table;       ///< of the games that count
  StopState stop;         ///< of the match's stop rule
  int beyond = 0;         ///< games played after the pair at which the rule held: kept in the journal, not counted
  int resumed = 0;        ///< games that were there before
  std::string trouble;    ///< why it ended early; "" where it did not
  std::string directory;  ///< "" where nothing is kept
  std::optional<double> wall_s;     ///< of this part of it
  std::vector<PlayerNote> notes{};  ///< what the workers of this part of it said of the players

  /// ok | stopped (by its rule) | incomplete (faults among its games) | interrupted | no games
  [[nodiscard]] std::string status() const;
};

[[nodiscard]] std::string to_text(const MatchReport& report);
[[nodiscard]] std::string to_json(const MatchReport& report);  ///< one object, one line
[[nodiscard]] HtmlReport to_html_report(const MatchReport& report);

/// One line: "12 of 100 games: +5 =2 -5 (50.0 %), LLR ...".
[[nodiscard]] std::string progress_line(const Match& match, const MatchTable& table, const StopState& stop);
/// The cross table as lines of a terminal, at most `columns` wide where that is possible.
[[nodiscard]] std::string cross_lines(const MatchTable& table, std::size_t columns);

}  // namespace keisei::evaluation
