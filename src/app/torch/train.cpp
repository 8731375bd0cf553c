#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/torch/commands.h"
#include "app/torch/session.h"
#include "app/web_page.h"
#include "dashboard/progress.h"
#include "dashboard/summary.h"

namespace keisei::app {
namespace {
using nlohmann::ordered_json;

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

std::optional<double> steps_per_s(const SessionResult& r) {
  if (r.wall_s <= 0) return std::nullopt;
  return static_cast<double>(r.steps_here) / r.wall_s;
}

ordered_json evaluation_json(const EvaluationOutcome& e) {
  const auto interval = evaluation::score_interval(e.summary.total);
  return {{"step", e.step},
          {"opponent", e.summary.opponent},
          {"games", e.summary.total.games()},
          {"wins", e.summary.total.wins},
          {"losses", e.summary.total.losses},
          {"draws", e.summary.total.draws},
          {"faults", e.summary.total.faults},
          {"score", or_null(evaluation::score(e.summary.total))},
          {"score_ci95", interval ? ordered_json{interval->low, interval->high} : ordered_json(nullptr)},
          {"elo", or_null(evaluation::elo(e.summary.total))},
          {"end", guard::name(e.end)}};
}

/// What evaluation cost training, as the experiment found it; null where none ran.
ordered_json impact_json(const SessionResult& r) {
  if (!r.governor) return nullptr;
  const guard::GovernorStatus& g = *r.governor;
  const guard::ImpactEstimate& impact = g.impact;
  return {{"percent", or_null(impact.impact_percent)},
          {"ci95", impact.impact_low_percent && impact.impact_high_percent
                       ? ordered_json{*impact.impact_low_percent, *impact.impact_high_percent}
                       : ordered_json(nullptr)},
          {"verdict", guard::name(impact.verdict)},
          {"reason", impact.reason},
          {"pairs", impact.counts.clean},
          {"pairs_dropped", impact.counts.dropped_in_all()},
          {"duty_percent", g.duty_percent},
          {"longest_stall_ms", 1e3 * g.longest_stall_s},
          {"ledger_excess_s", g.worst_excess_s},
          {"gate_shuts", g.shuts}};
}

/// The worst verdict of each clause over all evaluations, and the value that goes with it. Training impact is measured
/// over the whole run, so that its newest verdict stands in the place of those that knew less.
std::vector<guard::Verdict> worst_verdicts(const std::vector<EvaluationOutcome>& evaluations) {
  const auto rank = [](guard::VerdictState s) {
    return s == guard::VerdictState::kViolated ? 2 : s == guard::VerdictState::kUnknown ? 1 : 0;
  };
  std::vector<guard::Verdict> worst;
  for (const auto& e : evaluations)
    for (const guard::Verdict& v : e.verdicts) {
      auto found = std::find_if(worst.begin(), worst.end(), [&](const auto& w) { return w.clause == v.clause; });
      if (found == worst.end())
        worst.push_back(v);
      else if (v.clause == "training_impact" && found->state != guard::VerdictState::kViolated)
        *found = v;
      else if (rank(v.state) > rank(found->state) ||
               (v.state == found->state && v.value.value_or(0) > found->value.value_or(0)))
        *found = v;
    }
  return worst;
}

ordered_json to_json(const SessionResult& r) {
  ordered_json evaluations = ordered_json::array();
  for (const auto& e : r.evaluations) evaluations.push_back(evaluation_json(e));
  ordered_json sla = ordered_json::array();
  for (const auto& v : worst_verdicts(r.evaluations))
    sla.push_back({{"clause", v.clause},
                   {"verdict", guard::name(v.state)},
                   {"value", or_null(v.value)},
                   {"threshold", v.threshold},
                   {"source", v.source}});
  return {{"schema", "keisei.train/1"},
          {"run", r.run},
          {"directory", r.directory.string()},
          {"status", r.signal == 0 ? "finished" : "interrupted"},
          {"timesteps", r.counters.timesteps},
          {"updates", r.counters.updates},
          {"games", r.counters.games.finished},
          {"wall_s", r.wall_s},
          {"steps_per_s", or_null(steps_per_s(r))},
          {"paused_for_evaluation_s", r.governor ? r.governor->paused_s : 0.0},
          {"training_impact", impact_json(r)},
          {"weights_sha256", r.weights_sha256},
          {"checkpoint",
           r.checkpoint.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(r.checkpoint.string())},
          {"evaluations", evaluations},
          {"sla", sla}};
}

dashboard::RunSummary to_summary(const SessionResult& r) {
  dashboard::RunSummary s;
  s.run = r.run;
  s.directory = r.directory.string();
  s.ended = r.signal == 0 ? "finished" : r.signal == 2 ? "stopped by SIGINT" : "stopped by SIGTERM";
  s.timesteps = r.counters.timesteps;
  s.updates = r.counters.updates;
  s.games = r.counters.games.finished;
  s.wall_s = r.wall_s;
  if (const auto rate = steps_per_s(r)) s.steps_per_s = *rate;
  for (const auto& e : r.evaluations) {
    auto curve =
        std::find_if(s.curves.begin(), s.curves.end(), [&](const auto& c) { return c.opponent == e.summary.opponent; });
    if (curve == s.curves.end()) curve = s.curves.insert(s.curves.end(), {e.summary.opponent, {}});
    dashboard::StrengthPoint point;
    point.step = e.step;
    point.games = e.summary.total.valid();
    if (const auto score = evaluation::score(e.summary.total)) point.score = *score;
    if (const auto interval = evaluation::score_interval(e.summary.total)) {
      point.low = interval->low;
      point.high = interval->high;
    }
    curve->points.push_back(point);
  }
  for (const auto& v : worst_verdicts(r.evaluations)) {
    dashboard::SlaRow row;
    row.clause = v.clause;
    row.verdict = v.state == guard::VerdictState::kMet        ? dashboard::Verdict::kMet
                  : v.state == guard::VerdictState::kViolated ? dashboard::Verdict::kViolated
                                                              : dashboard::Verdict::kUnknown;
    if (v.value) row.value = *v.value;
    row.limit = v.threshold;
    s.sla.push_back(std::move(row));
  }
  if (!r.evaluations.empty()) {
    const auto& last = r.evaluations.back().summary.total;
    if (const auto elo = evaluation::elo(last)) s.elo = *elo;
    const auto interval = evaluation::elo_interval(last);
    if (interval.low) s.elo_low = *interval.low;
    if (interval.high) s.elo_high = *interval.high;
  }
  s.dropped_events = r.dropped_events;
  s.next_commands = dashboard::next_commands(r.run, s.directory);
  return s;
}

int columns_of(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// What would be trained, without writing anything.
int print_plan(const config::Config& config, bool json) {
  const TrainingPlan plan = plan_of(config);
  const std::size_t parameters = net::parameter_count(architecture_of(config.training));
  const double rollout_mb =
      1e-6 * static_cast<double>(config.training.steps_per_epoch) * (sizeof(net::Features) + 2.0 * 100 + 48);
  const double checkpoint_mb = 1e-6 * 4.0 * static_cast<double>(parameters) * (3.0 + config.selfplay.pool_size);
  const ordered_json object = {
      {"schema", "keisei.plan/1"},
      {"updates", plan.updates},
      {"timesteps", plan.updates * config.training.steps_per_epoch},
      {"games", config.selfplay.games},
      {"plies_per_update", plan.plies_per_update},
      {"minibatches_per_update",
       config.training.ppo_epochs * (config.training.steps_per_epoch / config.training.minibatch_size)},
      {"threads", plan.threads},
      {"shards", config.training.shards},
      {"parameters", parameters},
      {"rollout_mb", rollout_mb},
      {"checkpoint_mb", checkpoint_mb}};
  if (json) {
    std::printf("%s\n", object.dump().c_str());
    return 0;
  }
  for (const auto& [key, value] : object.items())
    if (key != "schema") std::printf("%-24s %s\n", key.c_str(), value.dump().c_str());
  std::printf("\n%s", config::to_yaml(config).c_str());
  return 0;
}

}  // namespace

int run_train(const TrainArgs& args) {
  auto resolved = resolve(args);
  if (!resolved) return report(resolved.error());
  resolved->loaded.warnings.insert(resolved->loaded.warnings.end(), args.warnings.begin(), args.warnings.end());
  if (args.dry_run) {
    for (const std::string& warning : resolved->loaded.warnings)
      std::fprintf(stderr, "keisei: warning: %s\n", warning.c_str());
    return print_plan(resolved->loaded.config, args.json);
  }
  const SystemClock clock;
  std::unique_ptr<dashboard::WebServer> page;  // lives as long as the session
  if (args.serve) {
    auto started = serve_beside(resolved->loaded.config.logging.savedir, args.port, clock);
    if (!started) return report(started.error());
    page = std::move(*started);
    std::fprintf(stderr, "keisei: serving runs at %s\n", page->url().c_str());
  }
  auto result = run_session(*resolved, clock);
  if (!result) return report(result.error());
  if (args.json)
    std::printf("%s\n", to_json(*result).dump().c_str());
  else
    std::printf(
        "%s", dashboard::summary_text(to_summary(*result), columns_of(1),
                                      dashboard::choose_paint(dashboard::surroundings(1), dashboard::ColourWish::kAuto))
                  .c_str());
  return result->signal == 0 ? 0 : 128 + result->signal;
}

}  // namespace keisei::app
