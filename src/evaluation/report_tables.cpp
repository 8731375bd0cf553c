#include "evaluation/report_tables.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "evaluation/anytime.h"
#include "evaluation/sprt.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxCrossPlayers = 24;  // a wider table cannot be read

std::string fixed(double value, int decimals, bool sign = false) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), sign ? "%+.*f" : "%.*f", decimals, value);
  return buffer.data();
}

std::string wdl(const Tally& t) {
  return std::to_string(t.wins) + "-" + std::to_string(t.draws) + "-" + std::to_string(t.losses) +
         (t.faults > 0 ? " (" + std::to_string(t.faults) + (t.faults == 1 ? " fault)" : " faults)") : "");
}

std::string percent(const std::optional<double>& value) { return value ? fixed(100 * *value, 1) + " %" : "-"; }

std::string elo_range(const std::optional<double>& low, const std::optional<double>& high) {
  if (!low && !high) return "-";
  return (low ? fixed(*low, 0, true) : std::string("?")) + " to " + (high ? fixed(*high, 0, true) : std::string("?"));
}

ReportTable cross_table(const CrossTable& cross) {
  ReportTable table{.title = "Cross table (wins-draws-losses of the row)", .head = {"", "player"}, .rows = {}};
  const std::size_t n = cross.players.size();
  for (std::size_t i = 0; i < n; ++i) table.head.push_back(std::to_string(i + 1));
  table.head.emplace_back("all");
  table.head.emplace_back("score");
  for (std::size_t row = 0; row < n; ++row) {
    std::vector<std::string> cells{std::to_string(row + 1), cross.players[row].name};
    for (std::size_t column = 0; column < n; ++column) {
      cells.push_back(row == column ? "x" : cross.at(row, column).games() == 0 ? "" : wdl(cross.at(row, column)));
    }
    const Tally total = cross.total(row);
    cells.push_back(wdl(total));
    cells.push_back(percent(score(total)));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

ReportTable pairings_table(const Summary& summary) {
  ReportTable table{
      .title = "Pairings", .head = {"", "player", "against", "games", "wins-draws-losses", "score"}, .rows = {}};
  const bool has_rule = !summary.stop_when.empty();
  for (const char* head : {"Elo", "95 %", "95 % anytime"}) table.head.emplace_back(head);
  if (has_rule) table.head.emplace_back("stop rule");
  for (std::size_t i = 0; i < summary.pairings.size(); ++i) {
    const PairingSummary& pairing = summary.pairings[i];
    const auto estimate = elo(pairing.total);
    const OpenInterval interval = elo_interval(pairing.total);
    const OpenInterval anytime = anytime_elo_interval(pairing.pairs);
    std::vector<std::string> row{std::to_string(i + 1),
                                 pairing.first,
                                 pairing.second,
                                 std::to_string(pairing.total.valid()) + " of " + std::to_string(pairing.games_asked),
                                 wdl(pairing.total),
                                 percent(score(pairing.total)),
                                 estimate ? fixed(*estimate, 0, true) : "-",
                                 elo_range(interval.low, interval.high),
                                 elo_range(anytime.low, anytime.high)};
    if (has_rule) row.push_back((pairing.stop.reached ? "stopped, " : "running, ") + pairing.stop.why);
    table.rows.push_back(std::move(row));
  }
  return table;
}

ReportTable cases_table(const std::vector<CaseSummary>& cases) {
  ReportTable table{.title = "Cases",
                    .head = {"case", "kind", "against", "games", "wins-draws-losses", "score", "needed", "passed"},
                    .rows = {}};
  for (const CaseSummary& entry : cases) {
    const bool tsume = entry.kind == "tsume";
    table.rows.push_back({entry.id, entry.kind, entry.opponent,
                          std::to_string(entry.total.valid()) + " of " + std::to_string(entry.games_asked),
                          wdl(entry.total), percent(score(entry.total)), tsume ? "mate" : percent(entry.pass_score),
                          entry.passed ? "yes" : "no"});
  }
  return table;
}

ReportTable bracket(const Summary& summary) {
  ReportTable table{.title = "Elimination", .head = {"round", "against", "wins-draws-losses", "result"}, .rows = {}};
  for (std::size_t i = 0; i < summary.pairings.size(); ++i) {
    const PairingSummary& pairing = summary.pairings[i];
    const bool lost = summary.elimination->lost_pairing == static_cast<int>(i);
    table.rows.push_back({std::to_string(i + 1), pairing.second, wdl(pairing.total),
                          lost                         ? "lost: out"
                          : pairing.games_asked == 0   ? "not reached"
                          : pairing.total.valid() == 0 ? "not played"
                                                       : "through"});
  }
  return table;
}

ReportTable ladder_table(const LadderSummary& ladder) {
  ReportTable table{.title = "Ladder: rating " + fixed(ladder.before, 1) + " before, " + fixed(ladder.after, 1) +
                             " after (" + fixed(ladder.after - ladder.before, 1, true) + ")",
                    .head = {"opponent", "rating", "chosen", "why"},
                    .rows = {}};
  for (const LadderChoice& choice : ladder.choices) {
    table.rows.push_back({choice.opponent, fixed(choice.rating, 0), choice.chosen ? "yes" : "no", choice.why});
  }
  return table;
}

}  // namespace

std::vector<ReportTable> report_tables(const Summary& summary) {
  std::vector<ReportTable> tables;
  const std::size_t players = summary.cross.players.size();
  if (players > 2 && players <= kMaxCrossPlayers) tables.push_back(cross_table(summary.cross));
  if (summary.elimination) tables.push_back(bracket(summary));
  if (summary.pairings.size() > 1 && summary.cases.empty() && !summary.elimination) {
    tables.push_back(pairings_table(summary));
  }
  if (!summary.cases.empty()) tables.push_back(cases_table(summary.cases));
  if (summary.ladder) tables.push_back(ladder_table(*summary.ladder));
  return tables;
}

}  // namespace keisei::evaluation
