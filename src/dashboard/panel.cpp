#include "dashboard/panel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "dashboard/numbers.h"
#include "dashboard/strength_chart.h"

namespace keisei::dashboard {
namespace {

constexpr int kLabelColumns = 8;
constexpr int kGapColumns = 2;
constexpr int kMinSparkColumns = 4, kMaxSparkColumns = 24;
constexpr int kColumnsWithoutSparks = 60;  // what three values and their names take
constexpr int kWideColumns = 110;          // from here on the second row has sparklines too
constexpr int kTallRows = 36;              // from here on there are more messages
constexpr int kChartRows = 7;
constexpr int kRowsForChart = 50;  // a terminal this tall has room for the strength curve
constexpr int kFewMessages = 3, kManyMessages = 8;

/// A row and how much it matters: when the terminal is low, the rows of the highest number go first.
struct Row {
  int rank;
  Line line;
};

Line item(std::string_view name, std::string value, Tone tone = Tone::kStrong, std::string spark = {}) {
  Line line;
  if (!name.empty()) line.push_back({std::string(name) + " ", Tone::kDim});
  line.push_back({std::move(value), tone});
  if (!spark.empty()) line.push_back({" " + std::move(spark), Tone::kAccent});
  return line;
}

/// A label and those items, from the left, that fit whole.
Line row_of(std::string_view label, const std::vector<Line>& items, int columns) {
  Line row{{pad_right(label, kLabelColumns), Tone::kDim}};
  int used = kLabelColumns;
  for (const Line& next : items) {
    const int width = cell_width(next) + (used > kLabelColumns ? kGapColumns : 0);
    if (used + width > columns && used > kLabelColumns) break;
    if (used > kLabelColumns) row.push_back({std::string(kGapColumns, ' '), Tone::kNormal});
    row.insert(row.end(), next.begin(), next.end());
    used += width;
  }
  return row;
}

std::string repeat(std::string_view cell, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += cell;
  return text;
}

class Layout {
 public:
  Layout(const ProgressState& state, double now_s, Size size)
      : state_(state), now_s_(now_s), columns_(size.columns - 1), rows_(size.rows) {
    const int spark = std::min((columns_ + 1 - kColumnsWithoutSparks) / 3, kMaxSparkColumns);
    spark_ = spark < kMinSparkColumns ? 0 : spark;
  }

  std::vector<Row> rows() const {
    std::vector<Row> rows{{0, header()}};
    if (!state_.updated()) {
      const bool over = state_.ended();
      rows.push_back({1,
                      {{over ? "ended before the first update" : "starting…", Tone::kAccent},
                       {"  " + people_duration(state_.elapsed_s(now_s_)), Tone::kDim}}});
    } else {
      rows.push_back({1, progress()});
      rows.push_back({2, speed()});
      rows.push_back({6, shares()});
      rows.push_back({4, losses()});
      rows.push_back({7, step_sizes()});
      rows.push_back({5, games()});
      rows.push_back({3, strength()});
      rows.push_back({8, evaluation()});
      rows.push_back({9, worker()});
      rows.push_back({10, machine()});
      add_chart(rows);
    }
    add_messages(rows);
    return rows;
  }

 private:
  double value(std::string_view name) const { return state_.value(name); }
  std::string spark(std::string_view name, int columns) const { return sparkline(state_.history(name), columns); }

  Line header() const {
    Line line{{"── ", Tone::kDim}, {"keisei", Tone::kStrong}};
    if (!state_.run().empty()) line.push_back({" " + state_.run(), Tone::kAccent});
    std::string right;
    if (state_.ended()) right = " ended ";
    if (const double update = value("progress/update"); std::isfinite(update) && right.empty()) {
      right = " update " + people_count(update) + " ";
    }
    line.push_back({" ", Tone::kDim});
    const int fill = columns_ - cell_width(line) - cell_width(right) - 2;
    if (fill > 0) {
      line.push_back({repeat("─", fill), Tone::kDim});
      line.push_back({right, Tone::kNormal});
      line.push_back({"──", Tone::kDim});
    }
    return line;
  }

  Line progress() const {
    std::string numbers = "  " + people_percent(state_.progress()) + "  " + people_count(value("progress/timesteps")) +
                          " of " + people_count(value("progress/total_timesteps")) + " plies";
    const int width = std::max(columns_ - std::max(cell_width(numbers), 32), 4);
    return {{bar(state_.progress(), width), Tone::kAccent}, {std::move(numbers), Tone::kStrong}};
  }

  Line speed() const {
    return row_of("speed",
                  {item("", people_count(value("time/steps_per_second")) + " plies/s", Tone::kStrong,
                        spark("time/steps_per_second", spark_)),
                   item("elapsed", people_duration(state_.elapsed_s(now_s_))),
                   item("ETA", people_duration(state_.eta_s(now_s_)))},
                  columns_);
  }

  Line shares() const {
    return row_of("time",
                  {item("self-play", people_percent(value("time/share_selfplay"))),
                   item("learn", people_percent(value("time/share_learn"))),
                   item("evaluate", people_percent(value("time/share_evaluate"))),
                   item("save", people_percent(value("time/share_save")))},
                  columns_);
  }

  Line measured(std::string_view shown, std::string_view name, int spark_columns, int decimals = 3) const {
    return item(shown, people_real(value(name), decimals), Tone::kStrong, spark(name, spark_columns));
  }

  Line losses() const {
    return row_of("loss",
                  {measured("policy", "ppo/policy_loss", spark_), measured("value", "ppo/value_loss", spark_),
                   measured("entropy", "ppo/entropy", spark_)},
                  columns_);
  }

  Line step_sizes() const {
    const int small = columns_ + 1 >= kWideColumns ? spark_ / 2 : 0;
    return row_of("step",
                  {measured("KL", "ppo/kl_divergence_approx", small, 4), measured("clip", "ppo/clip_fraction", small),
                   measured("explained", "ppo/explained_variance", small, 2),
                   measured("rate", "ppo/learning_rate", 0, 4), measured("gradient", "ppo/gradient_norm", 0, 2)},
                  columns_);
  }

  Line games() const {
    return row_of("games",
                  {item("", people_count(value("selfplay/games"))),
                   item("decisive", people_percent(value("selfplay/decisive_share"))),
                   item("truncated", people_percent(value("selfplay/truncated_share"))),
                   item("length", people_count(value("selfplay/mean_plies"))),
                   item("repetition", people_percent(value("selfplay/repetition_share"))),
                   item("black-white-draw", people_count(value("selfplay/black_wins")) + "-" +
                                                people_count(value("selfplay/white_wins")) + "-" +
                                                people_count(value("selfplay/draws"))),
                   item("", "", Tone::kNormal, spark("selfplay/decisive_share", spark_))},
                  columns_);
  }

  Line strength() const {
    const auto& all = state_.evaluations();
    const auto rated =
        std::find_if(all.rbegin(), all.rend(), [](const EvaluationView& view) { return std::isfinite(view.elo); });
    if (rated == all.rend()) return row_of("Elo", {item("", all.empty() ? "not yet evaluated" : kDash)}, columns_);
    std::deque<double> scores;
    for (const EvaluationView& view : all) {
      if (view.opponent == rated->opponent && std::isfinite(view.score)) scores.push_back(view.score);
    }
    const int wide = spark_ == 0 ? 0 : std::max(spark_, 12);
    return row_of("Elo",
                  {item("", people_elo(rated->elo, rated->elo_low, rated->elo_high), Tone::kGood),
                   item("over", people_count(static_cast<double>(all.size())) + " evaluations", Tone::kNormal,
                        sparkline(state_.history("evaluation/elo"), wide)),
                   item("score vs " + cut(rated->opponent, 24), people_percent(rated->score), Tone::kNormal,
                        sparkline(scores, wide))},
                  columns_);
  }

  Line evaluation() const {
    const auto& all = state_.evaluations();
    if (all.empty()) return row_of("last", {item("", kDash)}, columns_);
    const EvaluationView& last = all.back();
    return row_of(
        "last",
        {item("score", people_interval(last.score, last.score_low, last.score_high)),
         item("W-L-D", people_count(last.wins) + "-" + people_count(last.losses) + "-" + people_count(last.draws)),
         item("vs", last.opponent.empty() ? kDash : cut(last.opponent, 24)),
         item("at", people_count(static_cast<double>(last.step))),
         item("strategy", last.strategy.empty() ? kDash : cut(last.strategy, 24))},
        columns_);
  }

  Line worker() const {
    const double running = value("evaluation/running"), unknown = value("evaluation/sla/unknown_count");
    std::string verdict = kDash;
    Tone tone = Tone::kNormal;
    if (state_.sla() == Verdict::kMet) {
      verdict = "met";
      tone = Tone::kGood;
      if (unknown > 0) verdict += " (" + people_count(unknown) + " not measured)";
    } else if (state_.sla() == Verdict::kViolated) {
      verdict = people_count(value("evaluation/sla/violation_count")) + " violated";
      tone = Tone::kBad;
    }
    return row_of("worker",
                  {item("", !std::isfinite(running) ? kDash
                            : running > 0           ? "evaluating"
                                                    : "idle"),
                   item("queued", people_count(value("evaluation/queued"))),
                   item("credit", people_duration(value("evaluation/credit_s"))), item("SLA", verdict, tone)},
                  columns_);
  }

  Line machine() const {
    const double cpu = value("system/cpu_percent");
    std::vector<Line> items{item("CPU", people_percent(cpu / 100, 0)),
                            item("memory", people_mebibytes(value("system/rss_mb")))};
    if (state_.dropped() > 0) {
      items.push_back(item("events dropped", people_count(static_cast<double>(state_.dropped())), Tone::kWarn));
    }
    return row_of("system", items, columns_);
  }

  void add_chart(std::vector<Row>& rows) const {
    const auto& all = state_.evaluations();
    if (rows_ < kRowsForChart || all.empty()) return;
    StrengthCurve curve{all.back().opponent, {}};
    for (const EvaluationView& view : all) {
      if (view.opponent != curve.opponent) continue;
      curve.points.push_back({view.step, view.score, view.score_low, view.score_high, 0});
    }
    if (curve.points.size() < 2) return;
    for (Line& line : strength_chart(curve, columns_, kChartRows)) rows.push_back({20, std::move(line)});
  }

  void add_messages(std::vector<Row>& rows) const {
    const auto& all = state_.messages();
    const auto wanted = static_cast<std::size_t>(rows_ >= kTallRows ? kManyMessages : kFewMessages);
    const std::size_t shown = std::min(wanted, all.size());
    for (std::size_t i = all.size() - shown; i < all.size(); ++i) {
      const Message& message = all[i];
      const int age = static_cast<int>(all.size() - 1 - i);
      rows.push_back({age == 0 ? 5 : 10 + age,
                      {{people_clock(message.utc_ms) + " ", Tone::kDim},
                       {message.text, message.is_warning ? Tone::kWarn : Tone::kNormal}}});
    }
  }

  const ProgressState& state_;
  const double now_s_;
  const int columns_;
  const int rows_;
  int spark_ = 0;
};

}  // namespace

std::string sparkline(const std::deque<double>& values, int columns) {
  constexpr std::array<std::string_view, 8> kLevels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto count = std::min(values.size(), static_cast<std::size_t>(std::max(columns, 0)));
  if (count == 0) return {};
  std::vector<double> means(count, 0.0);
  for (std::size_t cell = 0; cell < count; ++cell) {
    const std::size_t begin = cell * values.size() / count, end = (cell + 1) * values.size() / count;
    for (std::size_t i = begin; i < end; ++i) means[cell] += values[i] / static_cast<double>(end - begin);
  }
  const auto [low, high] = std::minmax_element(means.begin(), means.end());
  std::string text;
  for (const double mean : means) {
    // Halves first, so that a span of the largest doubles does not overflow.
    const double span = *high / 2 - *low / 2;
    const double share = span > 0 ? (mean / 2 - *low / 2) / span : 0.0;
    text += kLevels[std::min<std::size_t>(static_cast<std::size_t>(share * kLevels.size()), kLevels.size() - 1)];
  }
  return text;
}

std::string bar(double share, int columns) {
  constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (columns <= 0) return {};
  const double safe = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  const int eighths = static_cast<int>(safe * columns * 8);
  const int full = eighths / 8, part = eighths % 8;
  return repeat("█", full) + std::string(kEighths[static_cast<std::size_t>(part)]) +
         repeat("░", columns - full - (part > 0 ? 1 : 0));
}

std::vector<std::string> panel(const ProgressState& state, double now_s, Size size, Paint paint) {
  const int columns = std::max(size.columns, kMinPanelColumns);
  std::vector<Row> rows = Layout(state, now_s, {columns, size.rows}).rows();
  const auto most = static_cast<std::size_t>(std::max(size.rows - 1, 1));
  while (rows.size() > most) {
    rows.erase(std::max_element(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.rank < b.rank; }));
  }
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const Row& row : rows) lines.push_back(to_text(row.line, std::max(size.columns - 1, 1), paint));
  return lines;
}

}  // namespace keisei::dashboard
