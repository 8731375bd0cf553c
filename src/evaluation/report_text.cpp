#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "evaluation/report.h"
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

std::string ends_text(const Summary& s) {
  std::string text;
  for (const auto& [reason, count] : s.end_reasons) {
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  }
  return text.empty() ? "none" : text;
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

/// Text from a worker process: control characters must not reach a terminal.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

/// The report as labelled lines, in order; both spellings of it are made from these.
std::vector<std::pair<std::string, std::string>> lines(const Summary& s, const Measured& measured) {
  std::vector<std::pair<std::string, std::string>> rows;
  rows.emplace_back("Games", games_text(s));
  rows.emplace_back("Score", score_text(s));
  rows.emplace_back("Elo difference", elo_text(s));
  rows.emplace_back("As Black (Sente)", colour_text(s.as_black));
  rows.emplace_back("As White (Gote)", colour_text(s.as_white));
  rows.emplace_back("Ends", ends_text(s));
  rows.emplace_back("Length", lengths_text(s));
  rows.emplace_back("Pairs", pairs_text(s));
  rows.emplace_back("Longest streaks", streaks_text(s));
  rows.emplace_back("Wall time", measured.wall_s ? fixed(*measured.wall_s, 1) + " s" : std::string(kUnknown));
  std::size_t shown = 0;
  for (const auto& [text, count] : s.faults_by_text) {
    if (shown++ == kMaxFaultTexts) {
      rows.emplace_back("Faults", "and " + std::to_string(s.faults_by_text.size() - kMaxFaultTexts) + " more kinds");
      break;
    }
    rows.emplace_back("Faults", std::to_string(count) + " x " + printable(text));
  }
  if (measured.sla != nullptr) {
    for (const guard::Verdict& verdict : *measured.sla) {
      rows.emplace_back("Safeguard " + verdict.clause, verdict_text(verdict));
    }
  }
  return rows;
}

std::string title(const Summary& s) { return s.agent + " against " + s.opponent + " (" + s.strategy + ")"; }

/// Text from outside within a Markdown table.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '<' || c == '*' || c == '_' || c == '[') result += '\\';
    result += c;
  }
  return result;
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
  return text;
}

std::string to_markdown(const Summary& summary, const Measured& measured) {
  std::string text =
      "# Evaluation of " + escaped(title(summary)) + "\n\nStatus: " + summary.status + "\n\n| | |\n|---|---|\n";
  for (const auto& [label, value] : lines(summary, measured)) {
    text += "| " + escaped(label) + " | " + escaped(value) + " |\n";
  }
  return text;
}

}  // namespace keisei::evaluation
