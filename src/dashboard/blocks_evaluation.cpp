// The blocks about strength and about what evaluation may cost.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dashboard/blocks.h"
#include "dashboard/numbers.h"
#include "dashboard/panel.h"
#include "dashboard/plot.h"
#include "dashboard/strength_chart.h"

namespace keisei::dashboard {
namespace {

constexpr int kLeastChartRows = 3;
constexpr int kChartFrameRows = 3;  // title, axis, steps
constexpr int kMostChartRows = 21;
constexpr int kOpponentColumns = 16;
constexpr std::size_t kDecisionsShown = 5;

struct Light {
  const char* mark;
  const char* word;
  Tone tone;
};

Light light_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMet:
      return {"●", "met", Tone::kGood};
    case Verdict::kViolated:
      return {"●", "violated", Tone::kBad};
    case Verdict::kUnknown:
      break;
  }
  return {"○", "not measured", Tone::kDim};
}

std::string games_of(const EvaluationView& view) {
  return people_count(view.wins) + "-" + people_count(view.losses) + "-" + people_count(view.draws);
}

/// A rating, or the bound that is known where all games were won or lost.
std::string elo_of(const EvaluationView& view) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (std::isfinite(view.elo)) return people_elo(view.elo, view.elo_low, view.elo_high);
  if (std::isfinite(view.elo_low)) return "≥ " + people_elo(view.elo_low, kNone, kNone);
  if (std::isfinite(view.elo_high)) return "≤ " + people_elo(view.elo_high, kNone, kNone);
  return kDash;
}

/// Evaluations against the newest opponent.
StrengthCurve curve_of(const ProgressState& state) {
  StrengthCurve curve;
  if (!state.evaluations().empty()) curve.opponent = state.evaluations().back().opponent;
  for (const EvaluationView& view : state.evaluations()) {
    if (view.opponent == curve.opponent) {
      curve.points.push_back({view.step, view.score, view.score_low, view.score_high, 0});
    }
  }
  return curve;
}

Line note(std::string text) { return {{std::move(text), Tone::kDim}}; }

std::string seconds(double value) { return std::isfinite(value) && value < 0 ? "0.0s" : people_duration(value); }

/// How a clause is measured, where an event carries it, and its unit.
struct ClauseForm {
  std::string_view clause;
  const char* metric;  ///< of the value
  int decimals;
  const char* unit;
};
constexpr ClauseForm kClauseForms[] = {{"concurrency", "", 0, ""},
                                       {"timeout", "", 0, " s"},
                                       {"latency", "evaluation/performance/evaluation_latency_ms", 0, " ms"},
                                       {"memory", "evaluation/performance/memory_overhead_mb", 0, " MB"},
                                       {"training_impact", "evaluation/performance/training_impact_percent", 2, " %"},
                                       {"cpu", "evaluation/performance/cpu_utilization_percent", 1, " %"},
                                       {"gpu", "evaluation/performance/gpu_utilization_percent", 1, " %"}};

/// `of` as a figure of the clause; a dash where it is not known.
std::string clause_figure(std::string_view clause, double of, bool whole) {
  const auto* form = std::ranges::find(kClauseForms, clause, &ClauseForm::clause);
  const bool known = form != std::end(kClauseForms);
  const int decimals = !known || (whole && of == std::round(of)) ? 0 : form->decimals;
  const std::string text = people_real(of, decimals);
  return text == kDash || !known ? text : text + form->unit;
}

std::string measured(const Scene& scene, const std::string& clause) {
  const auto* form = std::ranges::find(kClauseForms, clause, &ClauseForm::clause);
  return form == std::end(kClauseForms) ? kDash : clause_figure(clause, scene.value(form->metric), false);
}

std::string limit(const Scene& scene, const std::string& clause) {
  return clause_figure(clause, scene.value("evaluation/sla/limits/" + clause), true);
}

}  // namespace

Block strength_block(const Scene& scene, int columns) {
  const auto& all = scene.progress().evaluations();
  Block block{.title = "Strength", .lines = {}, .rank = 0, .grow = nullptr};
  if (all.empty()) {
    const double every = scene.value("evaluation/interval_timesteps");
    block.lines = {note("not yet evaluated"),
                   note(std::isfinite(every) ? "due every " + people_count(every) + " plies" : "")};
    return block;
  }
  const EvaluationView& last = all.back();
  const int room = std::min(rest_columns(columns), kMostSparkColumns);
  block.lines.push_back(
      reading("Elo", elo_of(last), Tone::kGood, sparkline(scene.progress().history("evaluation/elo"), room)));
  block.lines.push_back(reading("score", people_interval(last.score, last.score_low, last.score_high)));
  block.lines.push_back({{pad_right("against", kNameColumns), Tone::kDim},
                         {cut(last.opponent.empty() ? kDash : last.opponent, kOpponentColumns), Tone::kNormal},
                         {"  W-L-D ", Tone::kDim},
                         {games_of(last), Tone::kNormal}});
  block.lines.push_back({{pad_right("evaluated", kNameColumns), Tone::kDim},
                         {"at " + people_count(static_cast<double>(last.step)) + " plies", Tone::kNormal},
                         {"  in all ", Tone::kDim},
                         {people_count(static_cast<double>(all.size())), Tone::kNormal}});
  block.grow = [&scene, columns](int rows) -> std::vector<Line> {
    const StrengthCurve curve = curve_of(scene.progress());
    const int chart = std::min(rows - kChartFrameRows - 1, kMostChartRows);
    if (curve.points.size() < 2 || chart < kLeastChartRows) return {};
    std::vector<Line> lines{{}};
    // An odd number of rows has one for the even score.
    for (Line& line : strength_chart(curve, columns, chart - (chart + 1) % 2)) lines.push_back(std::move(line));
    return lines;
  };
  return block;
}

Block evaluations_block(const Scene& scene, int columns) {
  Block block{.title = "Evaluations", .lines = {}, .rank = 2, .grow = nullptr};
  block.lines = {{{pad_left("plies", 7) + "  " + pad_right("score", 21) + pad_left("W-L-D", 9) + "  " +
                       pad_left("Elo", 11) + "  opponent",
                   Tone::kDim}}};
  const auto table = [&scene, columns](int rows) {
    std::vector<Line> lines;
    const auto& all = scene.progress().evaluations();
    for (auto view = all.rbegin(); view != all.rend() && static_cast<int>(lines.size()) < rows; ++view) {
      const int opponent = std::max(8, columns - 52);
      lines.push_back({{pad_left(people_count(static_cast<double>(view->step)), 7) + "  ", Tone::kDim},
                       {pad_right(people_interval(view->score, view->score_low, view->score_high), 21), Tone::kStrong},
                       {pad_left(games_of(*view), 9) + "  ", Tone::kNormal},
                       {pad_left(elo_of(*view), 11) + "  ", Tone::kGood},
                       {cut(view->opponent, opponent), Tone::kNormal}});
    }
    return lines;
  };
  if (scene.progress().evaluations().empty()) block.lines.push_back(note("none yet"));
  block.grow = table;
  return block;
}

Block decisions_block(const Scene& scene, int columns) {
  Block block{.title = "Promotions and sequential tests", .lines = {}, .rank = 4, .grow = nullptr};
  const auto& all = scene.state.decisions();
  if (all.empty()) {
    block.lines = {note("none: no pool of earlier weights, no stop rule")};
    return block;
  }
  for (auto one = all.rbegin(); one != all.rend() && block.lines.size() < kDecisionsShown; ++one) {
    block.lines.push_back({{pad_left(people_count(static_cast<double>(one->step)), 7) + "  ", Tone::kDim},
                           {cut(one->text, columns - 9), Tone::kNormal}});
  }
  return block;
}

Block elo_block(const Scene& scene, int columns) {
  const auto& history = scene.progress().history("evaluation/elo");
  Block block{.title = "Elo over the evaluations", .lines = {}, .rank = 3, .grow = nullptr};
  if (history.empty()) {
    block.lines = {note("no rating yet")};
    return block;
  }
  const auto [low, high] = std::minmax_element(history.begin(), history.end());
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  block.lines = {{{"lowest ", Tone::kDim},
                  {people_elo(*low, kNone, kNone), Tone::kNormal},
                  {"  highest ", Tone::kDim},
                  {people_elo(*high, kNone, kNone), Tone::kNormal},
                  {"  latest ", Tone::kDim},
                  {people_elo(history.back(), kNone, kNone), Tone::kGood}}};
  block.grow = [&scene, columns](int rows) {
    std::vector<Line> lines;
    for (std::string& line : plot(scene.progress().history("evaluation/elo"), columns, std::min(rows, kMostChartRows)))
      lines.push_back({{std::move(line), Tone::kAccent}});
    return lines;
  };
  return block;
}

Block queue_block(const Scene& scene, int columns) {
  Block block{.title = "Evaluation", .lines = {}, .rank = 2, .grow = nullptr};
  const double running = scene.value("evaluation/running"), queued = scene.value("evaluation/queued");
  const bool off = scene.value("evaluation/enabled") == 0.0;
  const std::string state = off ? "off" : !std::isfinite(running) ? kDash : running > 0 ? "running" : "idle";
  std::string aside = scene.state.held_back();
  if (aside.empty() && std::isfinite(queued)) aside = people_count(queued) + " in the queue";
  const bool broken = scene.state.breaker() == "open" || scene.state.breaker() == "half_open";
  if (broken) aside = "breaker " + spaced(scene.state.breaker());
  block.lines.push_back(reading("worker", state, off || broken ? Tone::kWarn : Tone::kStrong, aside,
                                broken || !scene.state.held_back().empty() ? Tone::kWarn : Tone::kDim));
  block.lines.push_back(reading(
      "credit", seconds(scene.value("evaluation/credit_s")), Tone::kStrong,
      sparkline(scene.progress().history("evaluation/credit_s"), std::min(rest_columns(columns), kMostSparkColumns))));
  const double low = scene.value("governor/impact_low_percent"), high = scene.value("governor/impact_high_percent");
  const bool bounded = std::isfinite(low) && std::isfinite(high);
  block.lines.push_back(
      reading("impact", people_percent(scene.value("governor/impact_percent") / 100, 2), Tone::kStrong,
              bounded ? "[" + people_real(low, 1) + ", " + people_real(high, 1) + "] %" : "", Tone::kDim));
  const double dropped = scene.value("governor/pairs_dropped");
  block.lines.push_back(reading("pairs", people_count(scene.value("governor/pairs")), Tone::kStrong,
                                std::isfinite(dropped) ? people_count(dropped) + " left out" : "", Tone::kDim));
  return block;
}

Block ledger_block(const Scene& scene, int columns) {
  Block block{.title = "Credit ledger", .lines = {}, .rank = 3, .grow = nullptr};
  const int room = std::min(rest_columns(columns), kMostSparkColumns);
  const auto row = [&](const char* name, const char* metric, std::string value) {
    block.lines.push_back(
        reading(name, std::move(value), Tone::kStrong, sparkline(scene.progress().history(metric), room)));
  };
  row("duty", "governor/duty_percent", people_percent(scene.value("governor/duty_percent") / 100, 2));
  row("bank", "governor/bank_s", seconds(scene.value("governor/bank_s")));
  row("paused", "evaluation/paused_s", people_duration(scene.value("evaluation/paused_s")));
  const std::string stall = people_real(scene.value("governor/longest_stall_ms"), 1);
  block.lines.push_back(reading("worst pause", stall == kDash ? stall : stall + " ms"));
  const double excess = scene.value("governor/ledger_excess_s");
  block.lines.push_back(reading("overdrawn", std::isfinite(excess) ? seconds(std::max(excess, 0.0)) : kDash,
                                excess > 0 ? Tone::kBad : Tone::kStrong));
  return block;
}

Block lights_block(const Scene& scene, int columns) {
  Block block{.title = "Safeguards", .lines = {}, .rank = 1, .grow = nullptr};
  const auto& clauses = scene.state.clauses();
  if (clauses.empty()) {
    block.lines = {note("not measured before an evaluation")};
    return block;
  }
  const int half = columns / 2;
  for (std::size_t i = 0; i < clauses.size(); i += 2) {
    Line line;
    for (std::size_t k = i; k < std::min(i + 2, clauses.size()); ++k) {
      const Light light = light_of(clauses[k].latest);
      line.push_back({std::string(light.mark) + " ", light.tone});
      const bool plain = clauses[k].latest == Verdict::kMet;
      const std::string name = spaced(clauses[k].name) + (plain                                     ? ""
                                                          : clauses[k].latest == Verdict::kViolated ? " violated"
                                                                                                    : " –");
      line.push_back({pad_right(name, half - 2), light.tone == Tone::kGood ? Tone::kNormal : light.tone});
    }
    block.lines.push_back(std::move(line));
  }
  return block;
}

Block clauses_block(const Scene& scene) {
  Block block{.title = "Safeguards, clause by clause", .lines = {}, .rank = 0, .grow = nullptr};
  block.lines = {{{"  " + pad_right("clause", 16) + pad_right("latest", 14) + pad_left("measured", 10) +
                       pad_left("limit", 10) + pad_left("met", 7) + pad_left("violated", 10) + pad_left("unknown", 9),
                   Tone::kDim}}};
  for (const ClauseView& clause : scene.state.clauses()) {
    const Light light = light_of(clause.latest);
    const auto count = [](std::int64_t n) { return people_count(static_cast<double>(n)); };
    block.lines.push_back({{std::string(light.mark) + " ", light.tone},
                           {pad_right(spaced(clause.name), 16), Tone::kNormal},
                           {pad_right(light.word, 14), light.tone},
                           {pad_left(measured(scene, clause.name), 10), Tone::kStrong},
                           {pad_left(limit(scene, clause.name), 10), Tone::kNormal},
                           {pad_left(count(clause.met), 7), Tone::kNormal},
                           {pad_left(count(clause.violated), 10), clause.violated > 0 ? Tone::kBad : Tone::kNormal},
                           {pad_left(count(clause.unknown), 9), Tone::kDim}});
  }
  if (scene.state.clauses().empty()) block.lines.push_back(note("not measured before an evaluation"));
  return block;
}

}  // namespace keisei::dashboard
