#include "store/run_report.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "store/report_text.h"
#include "store/sla_report.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

constexpr int kBarCells = 20;
constexpr std::size_t kNameColumns = 90;  // of a line of metric names

/// The score as a bar of cells over the whole range 0..1.
std::string bar(std::optional<double> score) {
  if (!score) return "";
  const int full = static_cast<int>(std::lround(std::clamp(*score, 0.0, 1.0) * kBarCells));
  std::string text;
  for (int i = 0; i < kBarCells; ++i) text += i < full ? "█" : "·";
  return text;
}

std::string interval(std::optional<double> low, std::optional<double> high, int decimals) {
  if (!low && !high) return "–";
  return "[" + fixed(low, decimals) + ", " + fixed(high, decimals) + "]";
}

std::string verdict_words(const std::string& verdict) { return verdict == "unknown" ? "not measured" : verdict; }

std::string strength(const std::vector<EvaluationRow>& evaluations) {
  std::vector<std::vector<std::string>> rows = {
      {"step>", "opponent", "games>", "won-lost-drawn", "faults>", "score>", "95 %", "", "Elo>", "95 %"}};
  for (const EvaluationRow& e : evaluations) {
    rows.push_back({grouped(e.step), printable(e.opponent), std::to_string(e.games),
                    std::to_string(e.wins) + "-" + std::to_string(e.losses) + "-" + std::to_string(e.draws),
                    std::to_string(e.faults), fixed(e.score, 3), interval(e.score_low, e.score_high, 3), bar(e.score),
                    fixed(e.elo, 0), interval(e.elo_low, e.elo_high, 0)});
  }
  return table(rows);
}

std::string sla_ledger(const std::vector<SlaRow>& sla) {
  std::vector<std::vector<std::string>> rows = {{"evaluation>", "clause", "verdict", "value>", "limit>", "source"}};
  for (const SlaRow& row : sla) {
    rows.push_back({std::to_string(row.evaluation_id), printable(row.clause), verdict_words(row.verdict),
                    fixed(row.value, 2), fixed(row.threshold, 2), printable(row.source)});
  }
  return table(rows);
}

std::string opening_words(const RunReport& report) {
  const RunSummary& run = report.summary;
  std::string text = "Run " + printable(run.paths.name()) + ": " + printable(run.status);
  if (run.pid) text += " (process " + std::to_string(*run.pid) + ")";
  if (run.step) text += ", newest checkpoint at step " + grouped(*run.step);
  text += ".\n  " + printable(run.paths.root.string()) + "\n  started " + when(run.started_ms);
  if (run.started_ms && run.finished_ms) text += ", took " + lasted(*run.finished_ms - *run.started_ms);
  text += "\n";
  if (run.trouble) text += "  Its database cannot be read: " + printable(run.trouble->message) + "\n";
  return text;
}

/// Names by their first word, wrapped: "  ppo/    entropy policy_loss ...".
std::string metric_names(const std::vector<Metric>& latest) {
  std::vector<std::vector<std::string>> rows = {{"", ""}};
  std::size_t used = 0;
  for (const Metric& metric : latest) {
    const std::size_t slash = metric.name.find('/');
    const std::size_t split = slash == std::string::npos ? 0 : slash + 1;
    const std::string family = printable(metric.name.substr(0, split)), rest = printable(metric.name.substr(split));
    if (rows.back()[0] == family && used + rest.size() < kNameColumns) {
      rows.back()[1] += " " + rest;
      used += rest.size() + 1;
    } else {
      rows.push_back({family, rest});
      used = rest.size();
    }
  }
  rows.erase(rows.begin());
  return rows.empty() ? "  none yet\n" : table(rows);
}

}  // namespace

Result<RunReport> read_run(const fs::path& root) {
  RunReport report;
  report.summary = summarise_run(root);
  auto files = CheckpointStore(report.summary.paths.checkpoints(), 1).list();
  if (!files) return tl::make_unexpected(files.error());
  report.files = std::move(*files);
  if (report.summary.trouble) return report;
  const auto database = RunDatabase::open(report.summary.paths.database(), RunDatabase::Mode::kRead);
  if (!database) {
    report.summary.trouble = database.error();
    return report;
  }
  const auto take = [&](auto result, auto& into) {
    if (result) {
      into = std::move(*result);
    } else {
      report.summary.trouble = result.error();
    }
  };
  take(database->meta(), report.meta);
  take(database->evaluations(), report.evaluations);
  take(database->sla(), report.sla);
  take(database->notable_events(kMaxNotableRead), report.notable);
  take(database->latest_metrics(), report.latest);
  take(database->checkpoints(), report.checkpoints);
  return report;
}

std::string run_text(const RunReport& report, bool whole_ledger) {
  std::string text = opening_words(report);
  text += "\nStrength (score against the opponent; intervals are 95 %)\n";
  text += report.evaluations.empty() ? "  no evaluation yet\n" : strength(report.evaluations);
  text += "\nService levels of the evaluations\n";
  text += report.sla.empty() ? "  no verdict yet\n" : clauses_text(summarise_clauses(report.sla));
  if (whole_ledger && !report.sla.empty()) text += "\nEvery verdict\n" + sla_ledger(report.sla);
  text += "\nOut of the ordinary\n";
  const std::vector<NotableEvent> notable = notable_events(report.notable);
  text += notable_text(notable, whole_ledger ? notable.size() : kMaxNotableShown);
  text += "\nMetrics (keisei runs plot RUN METRIC... draws them)\n" + metric_names(report.latest);
  text += "\nCheckpoints\n";
  if (report.files.empty()) {
    text += "  none\n";
    return text;
  }
  std::vector<std::vector<std::string>> rows = {{"step>", "bytes>", "sha256", "file"}};
  for (const CheckpointFile& file : report.files) {
    const auto row = std::find_if(report.checkpoints.begin(), report.checkpoints.end(),
                                  [&](const CheckpointRow& one) { return one.step == file.step; });
    rows.push_back({grouped(file.step), grouped(static_cast<std::int64_t>(file.bytes)),
                    row == report.checkpoints.end() ? "–" : printable(row->sha256.substr(0, 12)),
                    file.path.filename().string()});
  }
  return text + table(rows);
}

std::string runs_text(const fs::path& savedir, std::span<const RunSummary> runs) {
  if (runs.empty()) return "No runs in " + printable(savedir.string()) + ". Start one with: keisei train\n";
  std::vector<std::vector<std::string>> rows = {{"run", "status", "started", "step>", "checkpoints>", ""}};
  for (const RunSummary& run : runs) {
    rows.push_back({printable(run.paths.name()), printable(run.status), when(run.started_ms),
                    run.step ? grouped(*run.step) : "–", std::to_string(run.checkpoints),
                    run.trouble ? "database unreadable" : ""});
  }
  return table(rows);
}

}  // namespace keisei::store
