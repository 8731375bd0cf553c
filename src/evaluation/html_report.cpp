#include "evaluation/html_report.h"

#include <algorithm>
#include <map>

#include "evaluation/markup.h"
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
td.long { overflow-wrap: anywhere; min-width: 10rem; } .violated { font-weight: 700; color: var(--s1); }
footer { margin-top: 2rem; color: var(--soft); font-size: 0.85rem; }
@media print { body { max-width: none; } }
)css";

/// A number as people read it, with the exact value for programs.
std::string number(std::optional<double> value, const std::string& text) {
  if (!value) return "<span>" + text + "</span>";
  return "<data value=\"" + exact(value) + "\">" + text + "</data>";
}
std::string count(int value) { return number(value, std::to_string(value)); }
std::string percent(std::optional<double> value) {
  return number(value, value ? decimal(100 * *value, 1) + " %" : decimal(value, 1));
}

std::string interval_text(std::optional<double> low, std::optional<double> high, const std::string& unit, double scale,
                          bool sign) {
  const auto scaled = [&](std::optional<double> v) {
    return decimal(v ? std::optional(*v * scale) : v, 1, sign) + unit;
  };
  if (low && high) return "95 %: " + scaled(low) + " to " + scaled(high);
  if (low) return "95 %: above " + scaled(low);
  if (high) return "95 %: below " + scaled(high);
  return "no interval";
}

std::string tile(const std::string& label, const std::string& value, const std::string& more) {
  return "<div class=\"tile\"><dt>" + markup(label) + "</dt><dd class=\"large\">" + value + "</dd><dd class=\"more\">" +
         markup(more) + "</dd></div>";
}

std::string tiles(const Tally& total, int asked) {
  const auto interval = score_interval(total);
  const OpenInterval elos = elo_interval(total);
  const auto difference = elo(total);
  const auto superior = los(total);
  std::string out = "<dl class=\"tiles\">";
  out += tile("Score", percent(score(total)),
              interval_text(interval ? std::optional(interval->low) : std::nullopt,
                            interval ? std::optional(interval->high) : std::nullopt, " %", 100, false));
  out += tile("Elo difference", number(difference, decimal(difference, 1, true)),
              interval_text(elos.low, elos.high, "", 1, true));
  out += tile("Likelihood of superiority", percent(superior), "that the first is the stronger");
  out += tile("Games", count(total.games()), std::to_string(total.valid()) + " valid of " + std::to_string(asked));
  return out +
         tile("Won, drawn, lost", count(total.wins) + " / " + count(total.draws) + " / " + count(total.losses),
              std::to_string(total.faults) + (total.faults == 1 ? " fault" : " faults")) +
         "</dl>";
}

std::string section(const std::string& title, const std::string& body) {
  return body.empty() ? "" : "<section><h2>" + markup(title) + "</h2>" + body + "</section>\n";
}

std::string table(const std::string& caption, const std::string& head, const std::string& rows) {
  const std::string label = markup(caption);
  return "<p class=\"caption\">" + label + "</p><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" +
         label + "\"><table aria-label=\"" + label + "\">" +
         (head.empty() ? "" : "<thead><tr>" + head + "</tr></thead>") + "<tbody>" + rows + "</tbody></table></div>";
}

std::string th(const std::string& text, const char* css = "n") {
  return std::string("<th scope=\"col\" class=\"") + css + "\">" + markup(text) + "</th>";
}
std::string row_th(const std::string& text) { return "<th scope=\"row\">" + markup(text) + "</th>"; }
std::string td(const std::string& content) { return "<td class=\"n\">" + content + "</td>"; }
std::string words_td(const std::string& text) { return "<td class=\"long\">" + markup(text) + "</td>"; }

std::string pairs_table(const std::string& caption, const std::vector<std::pair<std::string, std::string>>& rows) {
  if (rows.empty()) return {};
  std::string body;
  for (const auto& [label, value] : rows) body += "<tr>" + row_th(label) + words_td(value) + "</tr>";
  return table(caption, "", body);
}

std::string result_cells(const Tally& t) {
  return td(count(t.games())) + td(count(t.wins)) + td(count(t.draws)) + td(count(t.losses)) + td(count(t.faults)) +
         td(percent(score(t)));
}

/// Of two players the tiles say the difference, without the prior that a fit has.
bool shows_ratings(const MatchTable& match) { return match.rows.size() > 2; }

std::string standings(const MatchTable& match) {
  std::string rows;
  for (const std::size_t i : ranking(match)) {
    const MatchRow& row = match.rows[i];
    const std::string error = row.error_elo ? " ± " + decimal(row.error_elo, 1) : "";
    rows += "<tr>" + row_th(row.name) + result_cells(row.total);
    if (shows_ratings(match)) rows += td(number(row.elo, decimal(row.elo, 1, true) + error));
    rows += "</tr>";
  }
  const std::string head =
      th("Player", "") + th("Games") + th("Won") + th("Drawn") + th("Lost") + th("Faults") + th("Score");
  if (!shows_ratings(match)) return table("Standings", head, rows);
  return table("Standings; Elo against the first player named, with its 95 % interval", head + th("Elo"), rows);
}

std::string cross_table(const MatchTable& match) {
  const std::vector<std::size_t> order = ranking(match);
  std::string head = th("Player", "");
  for (std::size_t k = 0; k < order.size(); ++k) head += th(std::to_string(k + 1));
  std::string rows;
  for (std::size_t k = 0; k < order.size(); ++k) {
    rows += "<tr>" + row_th(std::to_string(k + 1) + ". " + match.rows[order[k]].name);
    for (const std::size_t other : order) {
      const Tally& t = match.against[order[k]][other];
      rows += td(other == order[k] ? "·"
                                   : count(t.wins) + "-" + count(t.draws) + "-" + count(t.losses) +
                                         (t.faults > 0 ? " (" + std::to_string(t.faults) + " faults)" : ""));
    }
    rows += "</tr>";
  }
  return table("Cross table: won-drawn-lost of the row against the column", head, rows);
}

ChartShares shares(const std::string& label, const Tally& t) { return {label, t.wins, t.draws, t.losses}; }

std::vector<ChartBar> bars_of(const std::map<std::string, int>& counts) {
  std::vector<ChartBar> bars;
  for (const auto& [name, n] : counts) bars.push_back({name, static_cast<double>(n)});
  std::stable_sort(bars.begin(), bars.end(), [](const ChartBar& a, const ChartBar& b) { return a.value > b.value; });
  return bars;
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
    rows += "<tr>" + td(number(at, std::to_string(*e.step))) + words_td(e.summary.opponent) +
            result_cells(e.summary.total) + td(number(difference, decimal(difference, 1, true))) + "</tr>";
  }
  if (rows.empty() || evaluations.size() < 2) return {};
  std::vector<ChartSeries> series;
  for (auto& [name, one] : by_opponent) series.push_back(std::move(one));
  return "<div class=\"charts\">" +
         figure(line_chart({"Strength over training", "steps", "Elo difference, 95 %"}, series)) + "</div>" +
         table("Evaluations",
               th("Step") + th("Opponent", "") + th("Games") + th("Won") + th("Drawn") + th("Lost") + th("Faults") +
                   th("Score") + th("Elo"),
               rows);
}

std::string faults(const std::map<std::string, int>& texts) {
  if (texts.empty()) return {};
  std::string rows;
  for (const auto& [text, n] : texts) rows += "<tr>" + td(count(n)) + words_td(text) + "</tr>";
  return table("Games that could not be played, by reason; they are in no rate", th("Games") + th("Reason", ""), rows);
}

std::string safeguards(const std::vector<guard::Verdict>& verdicts) {
  if (verdicts.empty()) return {};
  std::string rows;
  for (const guard::Verdict& v : verdicts) {
    const std::string name = guard::name(v.state);
    rows += "<tr>" + row_th(v.clause) + "<td class=\"" + name + "\">" + name + "</td>" +
            td(number(v.value, decimal(v.value, 1))) + td(number(v.threshold, decimal(v.threshold, 1))) +
            words_td(v.source) + "</tr>";
  }
  return table("Verdict on every clause; what was not measured is unknown, never met",
               th("Clause", "") + th("Verdict", "") + th("Value") + th("Limit") + th("Source", ""), rows);
}

std::string one_evaluation(const HtmlEvaluation& e) {
  const Summary& s = e.summary;
  const std::vector<ChartShares> rows = {shares("all games", s.total), shares("as Black", s.as_black),
                                         shares("as White", s.as_white)};
  std::string out = tiles(s.total, s.games_asked);
  out += section("Games", "<div class=\"charts\">" + figure(share_chart({"Results by colour", "", ""}, rows)) +
                              ends_and_lengths(s.end_reasons, e.plies) + "</div>");
  out += section("Faults", faults(s.faults_by_text));
  return out + section("Safeguards", safeguards(e.sla));
}

std::string one_match(const MatchTable& match) {
  std::string out;
  if (match.rows.size() == 2) out += tiles(match.against[0][1], match.games_asked);
  std::vector<ChartShares> rows;
  std::vector<ChartInterval> ratings;
  for (const std::size_t i : ranking(match)) {
    const MatchRow& row = match.rows[i];
    rows.push_back(shares(row.name, row.total));
    rows.push_back(shares("as Black", row.as_black));
    rows.push_back(shares("as White", row.as_white));
    if (!row.elo) continue;
    const auto at_error = [&](double sign) {
      return row.error_elo ? std::optional(*row.elo + sign * *row.error_elo) : std::nullopt;
    };
    ratings.push_back({row.name, *row.elo, at_error(-1), at_error(1)});
  }
  out += section("Standings", standings(match) + cross_table(match));
  std::string charts = figure(share_chart({"Results by colour", "", ""}, rows));
  if (shows_ratings(match) && ratings.size() > 1)
    charts += figure(interval_chart({"Ratings, 95 %", "Elo against " + match.rows.front().name, ""}, ratings));
  out +=
      section("Games", "<div class=\"charts\">" + charts + ends_and_lengths(match.end_reasons, match.plies) + "</div>");
  return out + section("Faults", faults(match.faults_by_text));
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
    out += section("Strength", strength(report.evaluations));
  }
  out += section("Decided", pairs_table("What the stop rules say", report.verdicts));
  out += section("Settings", pairs_table("What was played by", report.settings));
  return out + "</main>\n<footer>Draws count half. Faults are in no rate. Written by Keisei.</footer></body></html>\n";
}

HtmlEvaluation html_evaluation(Summary summary, std::span<const GameRecord> games, std::vector<guard::Verdict> sla,
                               std::optional<std::int64_t> step, std::optional<double> wall_s) {
  HtmlEvaluation evaluation{std::move(summary), step, wall_s, {}, std::move(sla)};
  for (const GameRecord& game : games)
    if (game.result() != GameResult::kFault) evaluation.plies.push_back(game.plies());
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
  rows.emplace_back("Games", std::to_string(match.games) + " of each pairing" +
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
