#include "dashboard/summary.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "dashboard/numbers.h"

namespace keisei::dashboard {
namespace {

constexpr int kChartRows = 9;  // odd, so that one row is the even score
constexpr int kIndentColumns = 7;

std::string_view verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMet:
      return "met";
    case Verdict::kViolated:
      return "violated";
    case Verdict::kUnknown:
      return "not measured";
  }
  return "not measured";
}

Tone verdict_tone(Verdict verdict) {
  return verdict == Verdict::kMet ? Tone::kGood : verdict == Verdict::kViolated ? Tone::kBad : Tone::kWarn;
}

std::string with_unit(double value, const std::string& unit) {
  const int decimals = std::abs(value) >= 100 || value == std::floor(value) ? 0 : 2;
  const std::string number = people_real(value, decimals);
  return number == kDash || unit.empty() ? number : number + " " + unit;
}

Line labelled(std::string_view label, std::string value, Tone tone = Tone::kNormal) {
  return {{pad_right(label, 10), Tone::kDim}, {std::move(value), tone}};
}

/// For a shell: quoted when it holds anything but harmless characters.
std::string quoted(const std::string& text) {
  const auto harmless = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+:@%=,").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), harmless)) return text;
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace

std::vector<Line> sla_table(const std::vector<SlaRow>& rows, int columns) {
  if (rows.empty()) return {};
  constexpr int kVerdict = 14, kNumber = 14;
  int clause = 6;
  for (const SlaRow& row : rows) clause = std::max(clause, cell_width(row.clause) + 2);
  clause = std::clamp(clause, 6, std::max(6, columns - kVerdict - 2 * kNumber));
  std::vector<Line> lines{{{pad_right("clause", clause) + pad_right("verdict", kVerdict) + pad_left("value", kNumber) +
                                pad_left("limit", kNumber),
                            Tone::kDim}}};
  for (const SlaRow& row : rows) {
    // What was not measured is said so, whatever number stands beside it.
    const std::string value = row.verdict == Verdict::kUnknown ? kDash : with_unit(row.value, row.unit);
    const std::string limit = with_unit(row.limit, row.unit);
    lines.push_back(
        {{pad_right(printable(row.clause), clause), Tone::kNormal},
         {pad_right(verdict_text(row.verdict), kVerdict), verdict_tone(row.verdict)},
         {pad_left(value, kNumber), Tone::kStrong},
         {pad_left(limit == kDash ? limit : (row.at_most ? "max " : "min ") + limit, kNumber), Tone::kDim}});
  }
  return lines;
}

std::string summary_text(const RunSummary& summary, int columns, Paint paint) {
  std::string text;
  const auto add = [&](const Line& line) { text += to_text(line, columns, paint) + "\n"; };
  const auto add_whole = [&](const Line& line) {
    text += to_text(line, std::max(columns, cell_width(line)), paint) + "\n";
  };
  const auto add_block = [&](const std::vector<Line>& lines) {
    if (lines.empty()) return;
    text += "\n";
    for (const Line& line : lines) add(line);
  };

  add({{"run ", Tone::kDim}, {printable(summary.run), Tone::kStrong}, {" " + printable(summary.ended), Tone::kNormal}});
  add(labelled("trained", people_count(static_cast<double>(summary.timesteps)) + " plies in " +
                              people_count(static_cast<double>(summary.updates)) + " updates, " +
                              people_count(static_cast<double>(summary.games)) + " games"));
  add(labelled("time", people_duration(summary.wall_s) + " at " + people_count(summary.steps_per_s) + " plies/s"));
  add(labelled("Elo", people_elo(summary.elo, summary.elo_low, summary.elo_high), Tone::kStrong));
  if (summary.dropped_events > 0) {
    add(labelled("dropped", people_count(static_cast<double>(summary.dropped_events)) + " telemetry events",
                 Tone::kWarn));
  }
  for (const StrengthCurve& curve : summary.curves) {
    add_block(strength_chart(curve, columns, kChartRows));
    const auto last = std::find_if(curve.points.rbegin(), curve.points.rend(),
                                   [](const StrengthPoint& point) { return point.known(); });
    if (last != curve.points.rend()) {
      add({{std::string(kIndentColumns, ' ') + "last ", Tone::kDim},
           {people_interval(last->score, last->low, last->high), Tone::kStrong},
           {" over " + people_count(static_cast<double>(last->games)) + " games", Tone::kNormal}});
    }
  }
  add_block(sla_table(summary.sla, columns));
  if (!summary.directory.empty()) {
    text += "\n";
    add_whole(labelled("run in", printable(summary.directory)));
  }
  for (std::size_t i = 0; i < summary.next_commands.size(); ++i) {
    add_whole(labelled(i == 0 ? "next" : "", printable(summary.next_commands[i]), Tone::kAccent));
  }
  return text;
}

std::vector<std::string> next_commands(const std::string& run, const std::string& directory) {
  return {"keisei runs show " + quoted(run),
          "keisei evaluate --agent_checkpoint " + quoted(directory) + " --num_games 100",
          "keisei train --run-name " + quoted(run) + " --resume"};
}

}  // namespace keisei::dashboard
