#include "evaluation/html_report.h"

#include <algorithm>
#include <map>

#include "evaluation/html_parts.h"
#include "evaluation/markup.h"
#include "evaluation/report_tables.h"
#include "evaluation/svg_chart.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kPageStyle = R"css(
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 66rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; }
.tile { background: var(--card); padding: 0.75rem; border-radius: 0.4rem; }
.tile dt { color: var(--soft); font-size: 0.85rem; } .tile dd { margin: 0; }
.tile .large { font-size: 1.4rem; font-weight: 600; } .tile .more { color: var(--soft); font-size: 0.85rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0.75rem; }
.charts figure { margin: 0; max-width: 42rem; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; } .caption { color: var(--soft); margin: 1rem 0 0.25rem; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: start; vertical-align: top;
  border-bottom: 1px solid var(--grid); }
td.n, th.n { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.word { white-space: nowrap; } td.long { overflow-wrap: anywhere; min-width: 13rem; }
.violated { font-weight: 700; color: var(--s1); }
footer { margin-top: 2rem; color: var(--soft); font-size: 0.85rem; }
@media print { body { max-width: none; } }
)css";

/// Of two players the tiles say the difference, without the prior that a fit has.
bool shows_ratings(const MatchTable& match) { return match.rows.size() > 2; }

std::string standings(const MatchTable& match) {
  std::string rows;
  for (const std::size_t i : ranking(match)) {
    const MatchRow& row = match.rows[i];
    const std::string error = row.error_about_mean_elo ? " ± " + decimal(row.error_about_mean_elo, 1) : "";
    rows += "<tr>" + html::row_head(row.name) + html::result_cells(row.total);
    if (shows_ratings(match)) rows += html::number_cell(html::number(row.elo, decimal(row.elo, 1, true) + error));
    rows += "</tr>";
  }
  std::string head = html::head_cell("Player", false);
  for (const char* column : {"Games", "Won", "Drawn", "Lost", "Faults", "Score"}) head += html::head_cell(column);
  if (!shows_ratings(match)) return html::table("Standings", head, rows);
  return html::table("Standings; Elo, the first player named at 0, with the 95 % interval about the mean of all",
                     head + html::head_cell("Elo"), rows);
}

std::string cross_table(const MatchTable& match) {
  const std::vector<std::size_t> order = ranking(match);
  ReportTable cross{
      .title = "Cross table: won-drawn-lost of the row against the column", .head = {"Player"}, .rows = {}};
  for (std::size_t k = 0; k < order.size(); ++k) {
    cross.head.push_back(std::to_string(k + 1));
    cross.rows.push_back({std::to_string(k + 1) + ". " + match.rows[order[k]].name});
    for (const std::size_t other : order) {
      const Tally& tally = match.against[order[k]][other];
      cross.rows.back().push_back(other == order[k] ? "·" : tally.games() == 0 ? "" : results_cell(tally));
    }
  }
  return html::table(cross);
}

ChartShares shares(const std::string& label, const Tally& t) { return {label, t.wins, t.draws, t.losses}; }

std::vector<ChartBar> bars_of(const std::map<std::string, int>& counts) {
  std::vector<ChartBar> bars;
  for (const auto& [name, n] : counts) bars.push_back({name, static_cast<double>(n)});
  std::stable_sort(bars.begin(), bars.end(), [](const ChartBar& a, const ChartBar& b) { return a.value > b.value; });
  return bars;
}

/// The heading over a table of a strategy: its title up to where it goes into detail.
std::string table_section(const ReportTable& table) {
  const std::string name = table.title.substr(0, table.title.find_first_of(":("));
  return name.substr(0, name.find_last_not_of(' ') + 1);
}

std::string figure(const std::string& svg) { return "<figure>" + svg + "</figure>"; }

std::string ends_and_lengths(const std::map<std::string, int>& ends, const std::vector<int>& plies) {
  return figure(bar_chart({"How the games ended", "games", ""}, bars_of(ends))) +
         figure(histogram({"Length of the games", "plies", "games"}, plies));
}

/// Elo over steps, one line an opponent.
std::string strength(const std::vector<HtmlEvaluation>& evaluations) {
  std::map<std::string, ChartSeries> by_opponent;
  std::string rows;
  for (const HtmlEvaluation& e : evaluations) {
    if (!e.step) continue;
    const auto difference = elo(e.summary.total);
    const OpenInterval interval = elo_interval(e.summary.total);
    ChartSeries& series = by_opponent[e.summary.opponent];
    series.name = "against " + e.summary.opponent;
    const auto at = static_cast<double>(*e.step);
    if (difference) series.points.push_back({at, *difference, interval.low, interval.high, e.summary.opponent});
    rows += "<tr>" + html::number_cell(html::number(at, std::to_string(*e.step))) +
            html::words_cell(e.summary.opponent) + html::result_cells(e.summary.total) +
            html::number_cell(html::number(difference, decimal(difference, 1, true))) + "</tr>";
  }
  if (rows.empty() || evaluations.size() < 2) return {};
  std::vector<ChartSeries> series;
  for (auto& [name, one] : by_opponent) series.push_back(std::move(one));
  std::string head = html::head_cell("Step") + html::head_cell("Opponent", false);
  for (const char* column : {"Games", "Won", "Drawn", "Lost", "Faults", "Score", "Elo"})
    head += html::head_cell(column);
  return "<div class=\"charts\">" +
         figure(line_chart({"Strength over training", "steps", "Elo difference, 95 %"}, series)) + "</div>" +
         html::table("Evaluations", head, rows);
}

std::string faults(const std::map<std::string, int>& texts) {
  ReportTable table{.title = "Games that could not be played, by reason; they are in no rate",
                    .head = {"Games", "Reason"},
                    .rows = {}};
  for (const auto& [text, n] : texts) table.rows.push_back({count_cell(n), text});
  return html::table(table);
}

std::string safeguards(const std::vector<guard::Verdict>& verdicts) {
  if (verdicts.empty()) return {};
  std::string rows;
  for (const guard::Verdict& v : verdicts) {
    const std::string name = guard::name(v.state);
    rows += "<tr>" + html::row_head(v.clause) + "<td class=\"" + name + "\">" + name + "</td>" +
            html::number_cell(html::number(v.value, decimal(v.value, 1))) +
            html::number_cell(html::number(v.threshold, decimal(v.threshold, 1))) + html::words_cell(v.source) +
            "</tr>";
  }
  return html::table("Verdict on every clause; what was not measured is unknown, never met",
                     html::head_cell("Clause", false) + html::head_cell("Verdict", false) + html::head_cell("Value") +
                         html::head_cell("Limit") + html::head_cell("Source", false),
                     rows);
}

/// The agent against each of several opponents, and how sure that is.
std::string opponents_charts(const Summary& s) {
  std::vector<ChartShares> results;
  std::vector<ChartInterval> differences;
  if (!s.cases.empty()) return {};  // many cases have one opponent
  for (const PairingSummary& pairing : s.pairings) {
    if (!pairing.of_agent || pairing.total.valid() == 0) continue;
    results.push_back(shares(pairing.second, pairing.total));
    const OpenInterval interval = elo_interval(pairing.total);
    if (const auto difference = elo(pairing.total))
      differences.push_back({pairing.second, *difference, interval.low, interval.high});
  }
  if (results.size() < 2) return {};
  std::string out = figure(share_chart({"Results by opponent", "", ""}, results));
  if (differences.size() > 1)
    out +=
        figure(interval_chart({"Elo difference by opponent, 95 %", "the agent above the opponent", ""}, differences));
  return out;
}

std::string one_evaluation(const HtmlEvaluation& e) {
  const Summary& s = e.summary;
  const std::vector<ChartShares> rows = {shares("all games", s.total), shares("as Black", s.as_black),
                                         shares("as White", s.as_white)};
  std::string out = html::tiles(s.total, s.games_asked);
  for (const ReportTable& table : report_tables(s)) {
    const std::string heading = table_section(table);
    out += html::section(heading, html::table(table, heading));
  }
  out += html::section("Games", "<div class=\"charts\">" + figure(share_chart({"Results by colour", "", ""}, rows)) +
                                    opponents_charts(s) + ends_and_lengths(s.end_reasons, e.plies) + "</div>" +
                                    html::table(ends_table(s)));
  out += html::section("Faults", faults(s.faults_by_text));
  out += html::section("Notes", html::table(notes_table(s.notes)));
  return out + html::section("Safeguards", safeguards(e.sla));
}

std::string one_match(const MatchTable& match) {
  std::string out;
  if (match.rows.size() == 2) out += html::tiles(match.against[0][1], match.games_asked);
  std::vector<ChartShares> rows;
  std::vector<ChartInterval> ratings;
  for (const std::size_t i : ranking(match)) {
    const MatchRow& row = match.rows[i];
    rows.push_back(shares(row.name, row.total));
    rows.push_back(shares("as Black", row.as_black));
    rows.push_back(shares("as White", row.as_white));
    if (!row.elo) continue;
    const auto at_error = [&](double sign) {
      return row.error_about_mean_elo ? std::optional(*row.elo + sign * *row.error_about_mean_elo) : std::nullopt;
    };
    ratings.push_back({row.name, *row.elo, at_error(-1), at_error(1)});
  }
  out += html::section("Standings", standings(match) + cross_table(match));
  std::string charts = figure(share_chart({"Results by colour", "", ""}, rows));
  if (shows_ratings(match) && ratings.size() > 1)
    charts += figure(interval_chart(
        {"Ratings, 95 %", "Elo, " + match.rows.front().name + " at 0; about the mean of all", ""}, ratings));
  out += html::section("Games", "<div class=\"charts\">" + charts + ends_and_lengths(match.end_reasons, match.plies) +
                                    "</div>" + html::table(ends_table(match)));
  return out + html::section("Faults", faults(match.faults_by_text));
}

}  // namespace

std::string to_html(const HtmlReport& report) {
  std::string out =
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<meta name=\"color-scheme\" content=\"light dark\"/><title>" +
      markup(report.title) + "</title>\n<style>" + chart_style() + std::string(kPageStyle) +
      "</style></head>\n<body><main>\n<h1>" + markup(report.title) + "</h1>\n";
  if (!report.note.empty()) out += "<p>" + markup(report.note) + "</p>\n";
  if (report.match) out += one_match(*report.match);
  if (!report.evaluations.empty()) {
    out += one_evaluation(report.evaluations.back());
    out += html::section("Strength", strength(report.evaluations));
  }
  out += html::section("Notes", html::table(notes_table(report.notes)));
  out += html::section("Decided", html::pairs_table("What the stop rules say", report.verdicts));
  out += html::section("Settings", html::pairs_table("What was played by", report.settings));
  return out + "</main>\n<footer>Draws count half. Faults are in no rate. Written by Keisei.</footer></body></html>\n";
}

HtmlEvaluation html_evaluation(Summary summary, std::span<const GameRecord> games, std::vector<guard::Verdict> sla,
                               std::optional<std::int64_t> step, std::optional<double> wall_s) {
  HtmlEvaluation evaluation{std::move(summary), step, wall_s, {}, std::move(sla)};
  const std::vector<PairingSummary>& pairings = evaluation.summary.pairings;
  for (const GameRecord& game : games) {
    const auto place = static_cast<std::size_t>(game.pairing);
    const bool of_others = place < pairings.size() && !pairings[place].of_agent;
    if (game.result() != GameResult::kFault && !of_others) evaluation.plies.push_back(game.plies());
  }
  return evaluation;
}

std::vector<std::pair<std::string, std::string>> settings_of(const Request& request) {
  std::vector<std::pair<std::string, std::string>> rows = {
      {"Agent", to_string(request.agent) + (request.agent_id.empty() ? "" : " (" + request.agent_id + ")")},
      {"Strategy", request.strategy},
      {"Rules", "at most " + std::to_string(request.rules.max_moves) + " plies, declaration " +
                    std::string(to_string(request.rules.declaration))},
      {"Openings", request.openings.sfens.empty()
                       ? std::to_string(request.openings.random_plies) + " random plies, drawn by seed"
                       : std::to_string(request.openings.sfens.size()) + " listed"},
      {"Temperature", decimal(request.temperature, 2)},
      {"Seed", std::to_string(request.seed)},
      {"Protocol", protocol_hash(request)}};
  return rows;
}

std::vector<std::pair<std::string, std::string>> settings_of(const Match& match) {
  std::vector<std::pair<std::string, std::string>> rows;
  const std::vector<std::string> names = names_of(match);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& id = match.players[i].id;
    rows.emplace_back("Player " + std::to_string(i + 1),
                      names[i] + (id.empty() || id == names[i] ? "" : " (" + id + ")"));
  }
  rows.emplace_back("Games",
                    std::to_string(match.games) + " of each pairing" +
                        (match.neighbours == 0 ? "" : ", " + std::to_string(match.neighbours) + " neighbours") +
                        (match.stop.empty() ? "" : " at most; stops by " + match.stop));
  rows.emplace_back("Rules", "at most " + std::to_string(match.rules.max_moves) + " plies, declaration " +
                                 std::string(to_string(match.rules.declaration)));
  rows.emplace_back("Openings", match.openings.sfens.empty()
                                    ? std::to_string(match.openings.random_plies) + " random plies, drawn by seed"
                                    : std::to_string(match.openings.sfens.size()) + " from a file");
  rows.emplace_back("Adjudication", to_string(match.adjudication));
  rows.emplace_back("Seed", std::to_string(match.seed));
  rows.emplace_back("Protocol", match.protocol);
  return rows;
}

}  // namespace keisei::evaluation
