#include "store/run_comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/file.h"
#include "config/table.h"
#include "config/value.h"
#include "store/report_text.h"

namespace keisei::store {
namespace {

void read_config(const RunPaths& paths, ComparedRun& run) {
  const auto text = read_text(paths.config(), config::kMaxFileBytes);
  if (!text) {
    run.config_trouble = text.error().message;
    return;
  }
  auto loaded = config::load_text(*text, paths.config().string());
  if (loaded) {
    run.config = std::move(loaded->config);
  } else {
    run.config_trouble = loaded.error().message;
  }
}

std::vector<OptionDifference> differences(const config::Config& a, const config::Config& b) {
  std::vector<OptionDifference> found;
  for (const config::Option& option : config::options()) {
    std::string left = config::value_text(option, a), right = config::value_text(option, b);
    if (left == right) continue;
    found.push_back({config::name_of(option), {std::move(left), std::move(right)}, option.shapes_training});
  }
  return found;
}

std::string number(std::optional<double> value) { return value ? config::number_text(*value) : kUnknown; }

/// Six significant digits for people; all of them are in the JSON.
std::string short_number(std::optional<double> value) {
  if (!value) return kUnknown;
  if (*value == 0) return "0";
  const int digits = static_cast<int>(std::floor(std::log10(std::abs(*value))));
  if (digits < -4 || digits > 14) return number(value);
  const double unit = std::pow(10.0, 5 - digits);
  return digits >= 6 ? fixed(value, 0) : number(std::round(*value * unit) / unit);
}

std::string interval(std::optional<double> low, std::optional<double> high, int decimals) {
  return low || high ? "[" + fixed(low, decimals) + ", " + fixed(high, decimals) + "]" : kUnknown;
}

std::string opening(const RunComparison& c) {
  std::vector<std::vector<std::string>> rows = {{"", "run", "status", "started", "took", "step>", "evaluations>"}};
  for (std::size_t i = 0; i < 2; ++i) {
    const RunSummary& run = c.run[i].report.summary;
    const bool ended = run.started_ms && run.finished_ms;
    rows.push_back({i == 0 ? "A" : "B", printable(run.paths.root.string()), printable(run.status), when(run.started_ms),
                    ended ? lasted(*run.finished_ms - *run.started_ms) : kUnknown,
                    run.step ? grouped(*run.step) : kUnknown, std::to_string(c.run[i].report.evaluations.size())});
  }
  std::string text = table(rows);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& trouble = c.run[i].report.summary.trouble;
    if (trouble)
      text += std::string("  ") + (i == 0 ? "A" : "B") +
              ": its database cannot be read: " + printable(trouble->message) + "\n";
  }
  return text;
}

std::string options_text(const RunComparison& c) {
  std::string text = "\nConfiguration (* influences the result of a training)\n";
  bool known = true;
  for (std::size_t i = 0; i < 2; ++i) {
    if (c.run[i].config) continue;
    known = false;
    text += std::string("  ") + (i == 0 ? "A" : "B") + ": unknown: " + printable(c.run[i].config_trouble) + "\n";
  }
  if (known && c.options.empty()) text += "  no difference\n";
  if (c.options.empty()) return text;
  std::vector<std::vector<std::string>> rows = {{"", "option", "A", "B"}};
  for (const OptionDifference& one : c.options)
    rows.push_back({one.shapes_training ? "*" : "", one.option, printable(one.value[0]), printable(one.value[1])});
  return text + table(rows);
}

std::string strength_text(const RunComparison& c) {
  std::string text = "\nStrength at the newest evaluation (intervals are 95 %)\n";
  std::vector<std::vector<std::string>> rows = {
      {"", "step>", "opponent", "games>", "won-lost-drawn", "score>", "95 %", "Elo>", "95 %"}};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& all = c.run[i].report.evaluations;
    const std::string side = i == 0 ? "A" : "B";
    if (all.empty()) {
      rows.push_back({side, kUnknown, "not evaluated"});
      continue;
    }
    const EvaluationRow& e = all.back();
    rows.push_back({side, grouped(e.step), printable(e.opponent), std::to_string(e.games),
                    std::to_string(e.wins) + "-" + std::to_string(e.losses) + "-" + std::to_string(e.draws),
                    fixed(e.score, 3), interval(e.score_low, e.score_high, 3), fixed(e.elo, 0),
                    interval(e.elo_low, e.elo_high, 0)});
  }
  text += table(rows);
  text += "\nRatings after the newest evaluation (Elo, random = 0)\n";
  rows = {{"", "player", "games>", "Elo>", "95 %"}};
  for (std::size_t i = 0; i < 2; ++i) {
    for (const RatingRow& row : c.run[i].ratings) {
      rows.push_back({i == 0 ? "A" : "B", printable(row.name.empty() ? row.player : row.name),
                      std::to_string(row.games), fixed(row.elo, 0), interval(row.elo_low, row.elo_high, 0)});
    }
  }
  text += rows.size() == 1 ? "  none\n" : table(rows);
  if (!c.same_protocol)
    text += "  Played by different protocols (search, temperature, openings or rules): A and B do not compare.\n";
  return text;
}

std::string clause_words(const std::optional<ClauseSummary>& clause) {
  if (!clause) return kUnknown;
  std::string text =
      std::to_string(clause->met) + " / " + std::to_string(clause->violated) + " / " + std::to_string(clause->unknown);
  if (clause->worst) {
    const std::string unit = clause->unit.empty() ? "" : " " + clause->unit;
    text += ", worst " + short_number(clause->worst) + unit;
    if (clause->threshold) text += " (limit " + short_number(clause->threshold) + unit + ")";
  }
  return text;
}

}  // namespace

Result<ComparedRun> read_compared(const std::filesystem::path& root) {
  ComparedRun run;
  auto report = read_run(root);
  if (!report) return tl::make_unexpected(report.error());
  run.report = std::move(*report);
  const RunPaths& paths = run.report.summary.paths;
  read_config(paths, run);
  if (run.report.evaluations.empty()) return run;
  const auto database = RunDatabase::open(paths.database(), RunDatabase::Mode::kRead);
  if (!database) return run;
  // An evaluation without ratings (a suite of problems) leaves those before it standing.
  for (auto e = run.report.evaluations.rbegin(); e != run.report.evaluations.rend() && run.ratings.empty(); ++e) {
    if (auto ratings = database->ratings(e->id)) run.ratings = std::move(*ratings);
  }
  return run;
}

RunComparison compare(ComparedRun a, ComparedRun b) {
  RunComparison c;
  c.run = {std::move(a), std::move(b)};
  if (c.run[0].config && c.run[1].config) c.options = differences(*c.run[0].config, *c.run[1].config);
  std::map<std::string, MetricPair> metrics;
  std::map<std::string, ClausePair> clauses;
  std::array<std::string, 2> protocol;
  for (std::size_t i = 0; i < 2; ++i) {
    const RunReport& report = c.run[i].report;
    for (const Metric& metric : report.latest) {
      MetricPair& pair = metrics[metric.name];
      pair.step[i] = metric.step;
      if (std::isfinite(metric.value)) pair.value[i] = metric.value;
    }
    for (ClauseSummary& clause : summarise_clauses(report.sla)) clauses[clause.clause].summary[i] = std::move(clause);
    if (!report.evaluations.empty()) protocol[i] = report.evaluations.back().protocol;
  }
  for (auto& [name, pair] : metrics) {
    pair.name = name;
    c.metrics.push_back(std::move(pair));
  }
  for (auto& [name, pair] : clauses) {
    pair.clause = name;
    c.clauses.push_back(std::move(pair));
  }
  c.same_protocol = protocol[0].empty() || protocol[1].empty() || protocol[0] == protocol[1];
  return c;
}

std::string comparison_text(const RunComparison& c) {
  std::string text = opening(c) + options_text(c) + strength_text(c);
  text += "\nService levels (met / violated / not measured)\n";
  std::vector<std::vector<std::string>> rows = {{"clause", "A", "B"}};
  for (const ClausePair& one : c.clauses)
    rows.push_back({printable(one.clause), clause_words(one.summary[0]), clause_words(one.summary[1])});
  text += c.clauses.empty() ? "  no verdict yet\n" : table(rows);
  text += "\nMetrics (newest value)\n";
  rows = {{"metric", "A>", "B>"}};
  for (const MetricPair& one : c.metrics) {
    if (one.name.starts_with("evaluation/sla/")) continue;  // told above, in words
    rows.push_back({printable(one.name), short_number(one.value[0]), short_number(one.value[1])});
  }
  return text + (c.metrics.empty() ? "  none\n" : table(rows));
}

}  // namespace keisei::store
