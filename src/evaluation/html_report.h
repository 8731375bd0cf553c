// A report as one HTML file that needs nothing else: no script, no outside resource, light and dark by the reader's
// setting, well-formed as XML, legible on a telephone. Every number stands in a <data value="..."> with the very value
// that the JSON report has. Everything from outside is escaped. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/match_table.h"
#include "evaluation/ratings.h"
#include "evaluation/report.h"
#include "guard/sla.h"

namespace keisei::evaluation {

/// One evaluation of an agent, e.g. at one step of a training.
struct HtmlEvaluation {
  Summary summary;
  std::optional<std::int64_t> step;  ///< of the agent's training
  std::optional<double> wall_s;
  std::vector<int> plies;           ///< of the agent's valid games
  std::vector<guard::Verdict> sla;  ///< empty = not judged
};

struct HtmlReport {
  std::string title;
  std::string note;                                           ///< a sentence below it; may be empty
  std::vector<HtmlEvaluation> evaluations;                    ///< by rising step; the last one is shown in full
  std::optional<MatchTable> match;                            ///< standings and cross table
  std::vector<std::pair<std::string, std::string>> verdicts;  ///< what was decided: label and sentence
  std::vector<std::pair<std::string, std::string>> settings;  ///< label and value
  std::vector<PlayerNote> notes{};                            ///< of the players of the match
};

/// The page, UTF-8.
[[nodiscard]] std::string to_html(const HtmlReport& report);

/// An evaluation of these games; `sla` may be empty.
[[nodiscard]] HtmlEvaluation html_evaluation(Summary summary, std::span<const GameRecord> games,
                                             std::vector<guard::Verdict> sla, std::optional<std::int64_t> step = {},
                                             std::optional<double> wall_s = {});

/// Rules, openings, seed and protocol of a request, for HtmlReport::settings.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settings_of(const Request& request);
/// The same of a match.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settings_of(const Match& match);

}  // namespace keisei::evaluation
