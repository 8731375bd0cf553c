#include "evaluation/match_report.h"

#include <algorithm>
#include <numeric>

#include "evaluation/markup.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kNameColumns = 32;
constexpr std::size_t kMaxFaultTexts = 5;

std::string left(const std::string& text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  return own >= columns ? text : text + std::string(columns - own, ' ');
}
std::string right(const std::string& text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  return own >= columns ? text : std::string(columns - own, ' ') + text;
}

std::string name_of(const MatchRow& row) { return shortened(printable(row.name), kNameColumns); }

std::string percent(std::optional<double> value) { return decimal(value ? std::optional(100 * *value) : value, 1); }

/// "66 of at most 20000 games".
std::string games_text(const Match& match, const MatchTable& table) {
  return std::to_string(table.games) + (match.stop.empty() ? " of " : " of at most ") +
         std::to_string(table.games_asked) + " games";
}

std::string results(const Tally& t) {
  return "+" + std::to_string(t.wins) + " =" + std::to_string(t.draws) + " -" + std::to_string(t.losses);
}

/// " (Black 3, White 2)" where anybody won.
std::string winners_text(const std::map<std::string, ColourWins>& ends, const std::string& reason) {
  const auto found = ends.find(reason);
  if (found == ends.end() || found->second.black + found->second.white == 0) return {};
  return " (Black " + std::to_string(found->second.black) + ", White " + std::to_string(found->second.white) + ")";
}

/// Columns of equal width for each row, from cells.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += (i == 0 ? left(row[i], widths[i]) : "  " + right(row[i], widths[i]));
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string standings(const MatchTable& table) {
  std::vector<std::vector<std::string>> rows = {{"player", "games", "won", "drawn", "lost", "score %", "95 %"}};
  const bool ratings = table.rows.size() > 2;  // of two players the difference below says it without a prior
  if (ratings) rows.front().emplace_back("Elo ± about the mean");
  const bool faults =
      std::any_of(table.rows.begin(), table.rows.end(), [](const MatchRow& r) { return r.total.faults > 0; });
  if (faults) rows.front().emplace_back("faults");
  for (const std::size_t i : ranking(table)) {
    const MatchRow& row = table.rows[i];
    const Tally& t = row.total;
    const auto interval = score_interval(t);
    rows.push_back({name_of(row), std::to_string(t.games()), std::to_string(t.wins), std::to_string(t.draws),
                    std::to_string(t.losses), percent(score(t)),
                    interval ? percent(interval->low) + " to " + percent(interval->high) : decimal({}, 1)});
    if (ratings)
      rows.back().push_back(decimal(row.elo, 0, true) +
                            (row.error_about_mean_elo ? " ± " + decimal(row.error_about_mean_elo, 0) : ""));
    if (faults) rows.back().push_back(std::to_string(t.faults));
  }
  return aligned(rows);
}

std::string colour_lines(const MatchTable& table) {
  std::vector<std::vector<std::string>> rows = {{"player", "as Black", "%", "as White", "%"}};
  for (const std::size_t i : ranking(table)) {
    const MatchRow& row = table.rows[i];
    rows.push_back({name_of(row), results(row.as_black), percent(score(row.as_black)), results(row.as_white),
                    percent(score(row.as_white))});
  }
  return aligned(rows);
}

/// What is said of two players beyond the table.
std::string difference_lines(const MatchReport& report) {
  const Tally& t = report.table.against[0][1];
  const OpenInterval interval = elo_interval(t);
  std::string text = "  Elo difference  " + decimal(elo(t), 1, true);
  if (interval.low && interval.high)
    text += " (95 %: " + decimal(interval.low, 1, true) + " to " + decimal(interval.high, 1, true) + ")";
  else if (interval.low)
    text += " (95 %: above " + decimal(interval.low, 1, true) + ")";
  else if (interval.high)
    text += " (95 %: below " + decimal(interval.high, 1, true) + ")";
  const auto superior = los(t);
  text += "\n  superiority     " + percent(superior) + (superior ? " % likely" : "") + "\n";
  if (const PairCounts& pairs = report.table.pairs.front(); std::accumulate(pairs.begin(), pairs.end(), 0) > 0) {
    text += "  pairs           ";
    for (std::size_t i = 0; i < pairs.size(); ++i) text += (i > 0 ? " / " : "") + std::to_string(pairs[i]);
    text += " with 0 / 0.5 / 1 / 1.5 / 2 points\n";
  }
  return text;
}

}  // namespace

std::string MatchReport::status() const {
  if (!trouble.empty()) return "interrupted";
  if (stop.reached) return "stopped";
  if (std::accumulate(table.rows.begin(), table.rows.end(), 0,
                      [](int sum, const MatchRow& row) { return sum + row.total.valid(); }) == 0)
    return "no games";
  const int faults = std::accumulate(table.faults_by_text.begin(), table.faults_by_text.end(), 0,
                                     [](int sum, const auto& one) { return sum + one.second; });
  return table.games < table.games_asked || faults > 0 ? "incomplete" : "ok";
}

std::string to_text(const MatchReport& report) {
  const MatchTable& table = report.table;
  std::string text = "Match: " + games_text(report.match, table) + ", " + report.status() + "\n\n" + standings(table);
  if (table.rows.size() > 2) text += "\n" + cross_lines(table, 100);
  text += "\n" + colour_lines(table) + "\n";
  if (table.rows.size() == 2) text += difference_lines(report);
  if (!report.match.stop.empty())
    text += "  stop rule       " + report.match.stop + ": " + (report.stop.reached ? "reached, " : "not reached, ") +
            printable(report.stop.why) + "\n";
  if (report.beyond > 0)
    text += "  beyond the stop " + std::to_string(report.beyond) + " games, kept and not counted\n";
  text += "  ends            ";
  bool first = true;
  for (const auto& [reason, n] : table.end_reasons) {
    text += (first ? "" : ", ") + reason + " " + std::to_string(n) + winners_text(table.ends, reason);
    first = false;
  }
  text += first ? "none\n" : "\n";
  if (const auto plies = lengths(table.plies))
    text += "  length          mean " + decimal(plies->mean, 1) + " plies, median " + decimal(plies->median, 1) + ", " +
            std::to_string(plies->min) + " to " + std::to_string(plies->max) + "\n";
  std::size_t shown = 0;
  for (const auto& [fault, n] : table.faults_by_text) {
    if (shown++ == kMaxFaultTexts) {
      text += "  faults          and " + std::to_string(table.faults_by_text.size() - kMaxFaultTexts) + " more kinds\n";
      break;
    }
    text += "  faults          " + std::to_string(n) + " x " + printable(fault) + "\n";
  }
  for (const PlayerNote& note : report.notes) text += "  note            " + printable(sentence_of(note)) + "\n";
  if (!report.trouble.empty()) text += "  ended early     " + printable(report.trouble) + "\n";
  if (!report.directory.empty()) text += "  kept in         " + printable(report.directory) + "\n";
  return text;
}

std::string cross_lines(const MatchTable& table, std::size_t columns) {
  const std::vector<std::size_t> order = ranking(table);
  std::vector<std::vector<std::string>> rows(1, {""});
  for (std::size_t k = 0; k < order.size(); ++k) rows.front().push_back(std::to_string(k + 1));
  for (std::size_t k = 0; k < order.size(); ++k) {
    rows.push_back({std::to_string(k + 1) + " " + name_of(table.rows[order[k]])});
    for (const std::size_t other : order) {
      const Tally& t = table.against[order[k]][other];
      const std::string cell = std::to_string(t.wins) + "-" + std::to_string(t.draws) + "-" + std::to_string(t.losses);
      rows.back().push_back(other == order[k] ? "·" : t.games() == 0 ? decimal({}, 0) : cell);
    }
  }
  std::string full = aligned(rows);
  std::size_t width = 0;
  for (std::size_t at = 0; at < full.size();) {
    const std::size_t end = full.find('\n', at);
    width = std::max(width, columns_of(std::string_view(full).substr(at, end - at)));
    at = end + 1;
  }
  if (width <= columns) return full;
  // Too wide: scores alone.
  for (std::size_t k = 0; k < order.size(); ++k) {
    for (std::size_t j = 0; j < order.size(); ++j) {
      const auto s = score(table.against[order[k]][order[j]]);
      rows[k + 1][j + 1] = k == j ? "·" : s ? decimal(100 * *s, 0) : decimal({}, 0);
    }
  }
  return aligned(rows);
}

std::string progress_line(const Match& match, const MatchTable& table, const StopState& stop) {
  std::string line = games_text(match, table);
  if (table.rows.size() == 2) {
    const Tally& t = table.against[0][1];
    line += ": " + name_of(table.rows[0]) + " " + results(t) + " (" + percent(score(t)) + " %) against " +
            name_of(table.rows[1]);
  } else if (table.games > 0) {
    const MatchRow& best = table.rows[ranking(table).front()];
    line += ": " + name_of(best) + " leads with " + percent(score(best.total)) + " %";
    if (best.elo) line += ", Elo " + decimal(best.elo, 0, true);
  }
  if (!match.stop.empty() && !stop.why.empty()) line += "; " + printable(stop.why);
  int faults = 0;
  for (const auto& [text, n] : table.faults_by_text) faults += n;
  if (faults > 0) line += "; " + std::to_string(faults) + " faults";
  return line;
}

HtmlReport to_html_report(const MatchReport& report) {
  HtmlReport page;
  for (const MatchRow& row : report.table.rows) page.title += (page.title.empty() ? "" : " – ") + row.name;
  page.title = "Match: " + shortened(page.title, 120);
  page.note = games_text(report.match, report.table) + ", " + report.status() +
              (report.trouble.empty() ? "." : ": " + report.trouble);
  page.match = report.table;
  if (!report.match.stop.empty()) page.verdicts.emplace_back(report.match.stop, report.stop.why);
  if (report.beyond > 0)
    page.verdicts.emplace_back("Beyond the stop", std::to_string(report.beyond) + " games, kept and not counted");
  page.settings = settings_of(report.match);
  page.notes = report.notes;
  return page;
}

}  // namespace keisei::evaluation
