#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "evaluation/anytime.h"
#include "evaluation/markup.h"
#include "evaluation/report.h"
#include "evaluation/report_tables.h"
#include "evaluation/sprt.h"
#include "guard/performance.h"
#include "guard/sla.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kUnknown = "not measured";
constexpr std::size_t kMaxFaultTexts = 5;  // shown; the rest is counted

std::string fixed(double value, int decimals, const char* sign = "") {
  std::array<char, 64> buffer{};
  const std::string format = std::string("%") + sign + ".*f";
  std::snprintf(buffer.data(), buffer.size(), format.c_str(), decimals, value);
  return buffer.data();
}

std::string percent(const std::optional<double>& value) {
  return value ? fixed(100 * *value, 1) + " %" : std::string(kUnknown);
}

std::string signed_elo(const std::optional<double>& value) { return value ? fixed(*value, 0, "+") : "?"; }

std::string counted(int n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string results(const Tally& t) {
  std::string text = counted(t.wins, "win", "wins") + ", " + counted(t.losses, "loss", "losses") + ", " +
                     counted(t.draws, "draw", "draws");
  if (t.faults > 0) text += ", " + counted(t.faults, "fault", "faults");
  return text;
}

std::string score_text(const Summary& s) {
  const auto interval = score_interval(s.total);
  if (!interval) return std::string(kUnknown);
  return percent(score(s.total)) + " (95 %: " + fixed(100 * interval->low, 1) + " to " +
         fixed(100 * interval->high, 1) + ")";
}

std::string elo_text(const Summary& s) {
  if (s.total.valid() == 0) return std::string(kUnknown);
  const OpenInterval interval = elo_interval(s.total);
  const auto estimate = elo(s.total);
  std::string text = estimate ? signed_elo(estimate) : std::string("no finite estimate");
  if (interval.low && interval.high) {
    text += " (95 %: " + signed_elo(interval.low) + " to " + signed_elo(interval.high) + ")";
  } else if (interval.low) {
    text += " (95 %: above " + signed_elo(interval.low) + ")";
  } else if (interval.high) {
    text += " (95 %: below " + signed_elo(interval.high) + ")";
  }
  if (const auto superior = los(s.total)) text += "; likelihood of superiority " + percent(superior);
  return text;
}

std::string lengths_text(const Summary& s) {
  if (!s.plies) return std::string(kUnknown);
  return "mean " + fixed(s.plies->mean, 1) + " plies, median " + fixed(s.plies->median, 1) + ", " +
         std::to_string(s.plies->min) + " to " + std::to_string(s.plies->max);
}

std::string pairs_text(const Summary& s) {
  std::string text;
  for (const int count : s.pairs) text += (text.empty() ? "" : " / ") + std::to_string(count);
  return text + " with 0 / 0.5 / 1 / 1.5 / 2 points";
}

/// Figures of the pairs against one opponent.
void add_pair_rows(std::vector<std::pair<std::string, std::string>>& rows, const Summary& s) {
  if (s.pairings.size() != 1 || s.pairs == PairCounts{}) return;
  if (const auto normalised = normalised_elo(s.pairs)) {
    rows.emplace_back("Normalised Elo", fixed(normalised->elo, 0, "+") + " (95 %: " + fixed(normalised->low, 0, "+") +
                                            " to " + fixed(normalised->high, 0, "+") + ")");
  }
  const Interval score = anytime_interval(s.pairs);
  const OpenInterval elo = anytime_elo_interval(s.pairs);
  rows.emplace_back("Anytime 95 %", fixed(100 * score.low, 1) + " to " + fixed(100 * score.high, 1) + " %; Elo " +
                                        signed_elo(elo.low) + " to " + signed_elo(elo.high));
  if (!s.stop_when.empty()) {
    const StopState& stop = s.pairings.front().stop;
    rows.emplace_back("Stop rule", s.stop_when + ": " + (stop.reached ? "stopped, " : "not reached, ") + stop.why);
  }
}

std::string cases_text(const Summary& s) {
  const auto passed =
      std::count_if(s.cases.begin(), s.cases.end(), [](const CaseSummary& entry) { return entry.passed; });
  return std::to_string(passed) + " of " + std::to_string(s.cases.size()) + " (" +
         fixed(100 * static_cast<double>(passed) / static_cast<double>(s.cases.size()), 1) + " %)";
}

std::string streaks_text(const Summary& s) {
  return counted(s.streaks.win, "win", "wins") + ", " + counted(s.streaks.loss, "loss", "losses") + ", " +
         counted(s.streaks.draw, "draw", "draws");
}

std::string games_text(const Summary& s) {
  return std::to_string(s.total.valid()) + " of " + std::to_string(s.games_asked) + " played: " + results(s.total);
}

std::string colour_text(const Tally& t) {
  return counted(t.games(), "game", "games") + ": " + results(t) + "; score " + percent(score(t));
}

std::string verdict_text(const guard::Verdict& verdict) {
  if (verdict.state == guard::VerdictState::kUnknown || !verdict.value) {
    return std::string(kUnknown) + (verdict.source.empty() ? "" : " (" + verdict.source + ")");
  }
  return std::string(guard::name(verdict.state)) + ", " + fixed(*verdict.value, 1) + " of " +
         fixed(verdict.threshold, 1) + (verdict.source.empty() ? "" : " (" + verdict.source + ")");
}

/// The report as labelled lines, in order; both spellings of it are made from these.
std::vector<std::pair<std::string, std::string>> lines(const Summary& s, const Measured& measured) {
  std::vector<std::pair<std::string, std::string>> rows;
  rows.emplace_back("Games", games_text(s));
  rows.emplace_back("Score", score_text(s));
  rows.emplace_back("Elo difference", elo_text(s));
  rows.emplace_back("As Black (Sente)", colour_text(s.as_black));
  rows.emplace_back("As White (Gote)", colour_text(s.as_white));
  rows.emplace_back("Length", lengths_text(s));
  rows.emplace_back("Pairs", pairs_text(s));
  add_pair_rows(rows, s);
  rows.emplace_back("Longest streaks", streaks_text(s));
  if (!s.cases.empty()) rows.emplace_back("Cases passed", cases_text(s));
  rows.emplace_back("Wall time", measured.wall_s ? fixed(*measured.wall_s, 1) + " s" : std::string(kUnknown));
  std::size_t shown = 0;
  for (const auto& [text, count] : s.faults_by_text) {
    if (shown++ == kMaxFaultTexts) {
      rows.emplace_back("Faults", "and " + std::to_string(s.faults_by_text.size() - kMaxFaultTexts) + " more kinds");
      break;
    }
    rows.emplace_back("Faults", std::to_string(count) + " x " + printable(text));
  }
  for (const PlayerNote& note : s.notes) rows.emplace_back("Note", printable(sentence_of(note)));
  if (measured.sla != nullptr) {
    for (const guard::Verdict& verdict : *measured.sla) {
      rows.emplace_back("Safeguard " + verdict.clause, verdict_text(verdict));
    }
  }
  return rows;
}

std::string title(const Summary& s) {
  return s.agent + " against " + s.opponent + " (" + s.strategy + (s.plan.empty() ? "" : ", " + s.plan) + ")";
}

/// Text from outside within a Markdown table.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '<' || c == '*' || c == '_' || c == '[') result += '\\';
    result += c;
  }
  return result;
}

std::vector<std::string> words_of(const std::vector<ReportCell>& row) {
  std::vector<std::string> words;
  for (const ReportCell& cell : row) words.push_back(cell.text());
  return words;
}

/// A table in columns, the title above.
std::string aligned(const ReportTable& table) {
  std::vector<std::size_t> widths(table.head.size(), 0);
  std::vector<std::vector<std::string>> rows{table.head};
  for (const auto& row : table.rows) rows.push_back(words_of(row));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string text = printable(table.title) + "\n";
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += " " + printable(row[i]) + std::string(widths[i] - columns_of(row[i]) + 1, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string markdown_of(const ReportTable& table) {
  const auto line = [](const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + escaped(printable(cell)) + " |";
    return text + "\n";
  };
  std::string text = "\n## " + escaped(printable(table.title)) + "\n\n" + line(table.head) + "|";
  for (std::size_t i = 0; i < table.head.size(); ++i) text += "---|";
  text += "\n";
  for (const auto& row : table.rows) text += line(words_of(row));
  return text;
}

/// What both spellings say below the lines.
std::vector<ReportTable> tables_of(const Summary& summary) {
  std::vector<ReportTable> tables = report_tables(summary);
  if (summary.total.games() > 0) tables.push_back(ends_table(summary));
  return tables;
}

}  // namespace

std::string to_text(const Summary& summary, const Measured& measured) {
  const auto rows = lines(summary, measured);
  std::size_t width = 0;
  for (const auto& [label, value] : rows) width = std::max(width, label.size());
  std::string text = "Evaluation of " + title(summary) + ": " + summary.status + "\n";
  for (const auto& [label, value] : rows) {
    text += "  " + label + std::string(width + 2 - label.size(), ' ') + value + "\n";
  }
  for (const ReportTable& table : tables_of(summary)) text += "\n" + aligned(table);
  return text;
}

std::string to_markdown(const Summary& summary, const Measured& measured) {
  std::string text =
      "# Evaluation of " + escaped(title(summary)) + "\n\nStatus: " + summary.status + "\n\n| | |\n|---|---|\n";
  for (const auto& [label, value] : lines(summary, measured)) {
    text += "| " + escaped(label) + " | " + escaped(value) + " |\n";
  }
  for (const ReportTable& table : tables_of(summary)) text += markdown_of(table);
  return text;
}

}  // namespace keisei::evaluation
