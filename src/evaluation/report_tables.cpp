#include "evaluation/report_tables.h"

#include <algorithm>

#include "evaluation/anytime.h"
#include "evaluation/markup.h"
#include "evaluation/sprt.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxCrossPlayers = 24;  // a wider table cannot be read

using Piece = ReportCell::Piece;

Piece whole(int value) { return {std::to_string(value), value}; }
ReportCell cell(std::vector<Piece> pieces) { return ReportCell(std::move(pieces)); }

/// "8 of 10"
ReportCell played_cell(int played, int asked) { return cell({whole(played), Piece{" of ", {}}, whole(asked)}); }

ReportTable cross_table(const CrossTable& cross) {
  ReportTable table{.title = "Cross table (wins-draws-losses of the row)", .head = {"", "player"}, .rows = {}};
  const std::size_t n = cross.players.size();
  for (std::size_t i = 0; i < n; ++i) table.head.push_back(std::to_string(i + 1));
  table.head.emplace_back("all");
  table.head.emplace_back("score");
  for (std::size_t row = 0; row < n; ++row) {
    std::vector<ReportCell> cells{std::to_string(row + 1), cross.players[row].name};
    for (std::size_t column = 0; column < n; ++column) {
      const Tally& tally = cross.at(row, column);
      cells.push_back(row == column ? "x" : tally.games() == 0 ? "" : results_cell(tally));
    }
    const Tally total = cross.total(row);
    cells.push_back(results_cell(total));
    cells.push_back(percent_cell(score(total)));
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
    std::vector<ReportCell> row{std::to_string(i + 1),
                                pairing.first,
                                pairing.second,
                                played_cell(pairing.total.valid(), pairing.games_asked),
                                results_cell(pairing.total),
                                percent_cell(score(pairing.total)),
                                number_cell(elo(pairing.total), 0, true),
                                interval_cell(elo_interval(pairing.total)),
                                interval_cell(anytime_elo_interval(pairing.pairs))};
    if (has_rule) row.emplace_back((pairing.stop.reached ? "stopped, " : "running, ") + pairing.stop.why);
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
    table.rows.push_back({entry.id, entry.kind, entry.opponent, played_cell(entry.total.valid(), entry.games_asked),
                          results_cell(entry.total), percent_cell(score(entry.total)),
                          tsume ? ReportCell("mate") : percent_cell(entry.pass_score), entry.passed ? "yes" : "no"});
  }
  return table;
}

ReportTable bracket(const Summary& summary) {
  ReportTable table{.title = "Elimination", .head = {"round", "against", "wins-draws-losses", "result"}, .rows = {}};
  for (std::size_t i = 0; i < summary.pairings.size(); ++i) {
    const PairingSummary& pairing = summary.pairings[i];
    const bool lost = summary.elimination->lost_pairing == static_cast<int>(i);
    table.rows.push_back({std::to_string(i + 1), pairing.second,
                          pairing.total.games() > 0 ? results_cell(pairing.total) : "",
                          lost                         ? "lost: out"
                          : pairing.games_asked == 0   ? "not reached"
                          : pairing.total.valid() == 0 ? "not played"
                                                       : "through"});
  }
  return table;
}

Tally results_for(const std::map<std::string, Tally>& ends, const std::string& reason) {
  const auto found = ends.find(reason);
  return found == ends.end() ? Tally{} : found->second;
}

}  // namespace

std::string ReportCell::text() const {
  std::string words;
  for (const Piece& piece : pieces) words += piece.text;
  return words;
}

bool ReportCell::is_number() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.value.has_value(); });
}

ReportCell number_cell(std::optional<double> value, int decimals, bool sign) {
  return cell({Piece{decimal(value, decimals, sign), value}});
}

ReportCell count_cell(int value) { return cell({whole(value)}); }

ReportCell percent_cell(std::optional<double> share) {
  return cell({Piece{share ? decimal(100 * *share, 1) + " %" : decimal(share, 1), share}});
}

ReportCell interval_cell(const OpenInterval& interval) {
  const Piece low{decimal(interval.low, 0, true), interval.low};
  const Piece high{decimal(interval.high, 0, true), interval.high};
  if (interval.low && interval.high) return cell({low, {" to ", {}}, high});
  if (interval.low) return cell({{"above ", {}}, low});
  if (interval.high) return cell({{"below ", {}}, high});
  return number_cell({}, 0);
}

ReportCell results_cell(const Tally& tally) {
  std::vector<Piece> pieces{whole(tally.wins), {"-", {}}, whole(tally.draws), {"-", {}}, whole(tally.losses)};
  if (tally.faults > 0) {
    pieces.insert(pieces.end(), {{" (", {}}, whole(tally.faults), {tally.faults == 1 ? " fault)" : " faults)", {}}});
  }
  return ReportCell(std::move(pieces));
}

ReportTable ends_table(const Summary& summary) {
  ReportTable table{.title = "How games ended (the agent's wins-draws-losses)",
                    .head = {"end", "games", "as Black", "as White"},
                    .rows = {}};
  for (const auto& [reason, games] : summary.end_reasons) {
    table.rows.push_back({reason, count_cell(games), results_cell(results_for(summary.ends_as_black, reason)),
                          results_cell(results_for(summary.ends_as_white, reason))});
  }
  return table;
}

ReportTable ends_table(const MatchTable& match) {
  ReportTable table{.title = "How games ended, by the colour that won",
                    .head = {"end", "games", "Black won", "White won", "drawn", "faults"},
                    .rows = {}};
  for (const auto& [reason, games] : match.end_reasons) {
    const auto found = match.ends.find(reason);
    const ColourWins wins = found == match.ends.end() ? ColourWins{} : found->second;
    table.rows.push_back({reason, count_cell(games), count_cell(wins.black), count_cell(wins.white),
                          count_cell(wins.drawn), count_cell(wins.faults)});
  }
  return table;
}

ReportTable notes_table(std::span<const PlayerNote> notes) {
  ReportTable table{.title = "What is to be known of the engines beside their games",
                    .head = {"kind", "times", "player", "note"},
                    .rows = {}};
  for (const PlayerNote& note : notes) {
    const bool counts = note.kind == PlayerNote::Kind::kIncident;
    table.rows.push_back(
        {std::string(to_string(note.kind)), counts ? count_cell(note.times) : ReportCell(""), note.player, note.text});
  }
  return table;
}

std::vector<ReportTable> report_tables(const Summary& summary) {
  std::vector<ReportTable> tables;
  const std::size_t players = summary.cross.players.size();
  if (players > 2 && players <= kMaxCrossPlayers) tables.push_back(cross_table(summary.cross));
  if (summary.elimination) tables.push_back(bracket(summary));
  if (summary.pairings.size() > 1 && summary.cases.empty() && !summary.elimination) {
    tables.push_back(pairings_table(summary));
  }
  if (!summary.cases.empty()) tables.push_back(cases_table(summary.cases));
  if (summary.ladder) tables.push_back(ladder_table(summary));
  return tables;
}

}  // namespace keisei::evaluation
