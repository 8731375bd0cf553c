#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "app/evaluation_job.h"
#include "app/ladder_file.h"
#include "app/torch/commands.h"
#include "app/torch/signals.h"
#include "app/torch/weights.h"
#include "app/torch/worker_plan.h"
#include "base/file.h"
#include "evaluation/html_report.h"
#include "evaluation/openings.h"
#include "evaluation/plan.h"
#include "evaluation/record_file.h"

namespace keisei::app {
namespace {

constexpr double kWaitSliceS = 0.1;
constexpr double kGraceS = 10;  ///< beyond the job's own deadline, for the escalation

/// What the command line asks for, with the players' weights.
struct Task {
  evaluation::Request request;
  WeightsById weights;
};

/// A name that is no player is a checkpoint file or a run.
Result<evaluation::PlayerSpec> agent_spec(const std::string& text) {
  auto spec = evaluation::parse_player(text);
  if (spec) return spec;
  for (const char* prefix : {"checkpoint:", "usi:", "xboard:", "material:"})
    if (text.starts_with(prefix)) return spec;
  return evaluation::parse_player("checkpoint:" + text);
}

Result<Task> make_task(const EvaluateArgs& args, const config::Config& config) {
  auto request = request_from(config);
  if (!request) return tl::make_unexpected(request.error());
  Task task{std::move(*request), {}};
  auto agent = agent_spec(args.agent_checkpoint);
  if (!agent) return tl::make_unexpected(agent.error());
  task.request.agent = *agent;
  evaluation::visit_players(task.request, [&](evaluation::PlayerSpec& spec, const std::string&) {
    if (spec.is_network() && !spec.simulations) spec.simulations = args.simulations;
  });
  if (args.openings) {
    auto sfens = evaluation::read_openings(*args.openings);
    if (!sfens) return tl::make_unexpected(sfens.error());
    task.request.openings = {0, std::move(*sfens)};
  }
  if (auto valid = evaluation::validate(task.request); !valid) return tl::make_unexpected(valid.error());
  bool live = false;
  evaluation::visit_players(task.request, [&](const evaluation::PlayerSpec& spec, const std::string&) {
    live = live || spec.kind == evaluation::PlayerKind::kLive;
  });
  if (live) return fail(Code::kUsage, "the player 'live' exists only inside a training", "give a checkpoint or a run");
  auto weights = load_players(task.request, weights_reader(config.logging.savedir));
  if (!weights) return tl::make_unexpected(weights.error());
  task.weights = std::move(*weights);
  return task;
}

/// The games as records, and with `all` the result in every form. Returns what was written, for people.
Result<std::string> write_report(const EvaluationOutcome& outcome, const std::filesystem::path& directory,
                                 const std::string& name, bool all) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Code::kFailure, "cannot make " + directory.string() + ": " + error.message());
  const auto base = (directory / name).string();
  if (auto done = evaluation::write_records(base + ".jsonl", outcome.games); !done)
    return tl::make_unexpected(done.error());
  if (!all) return base + ".jsonl";
  const evaluation::Measured measured = outcome.measured();
  const evaluation::HtmlReport html{
      .title = outcome.summary.agent + " against " + outcome.summary.opponent,
      .note = outcome.detail,
      .evaluations = {evaluation::html_evaluation(outcome.summary, outcome.games, outcome.verdicts, {},
                                                  outcome.performance.wall_s)},
      .match = {},
      .verdicts = {},
      .settings = evaluation::settings_of(outcome.request)};
  const std::pair<const char*, std::string> files[] = {{".json", evaluation::to_json(outcome.summary, measured) + "\n"},
                                                       {".txt", evaluation::to_text(outcome.summary, measured)},
                                                       {".md", evaluation::to_markdown(outcome.summary, measured)},
                                                       {".csv", evaluation::to_csv(outcome.games)},
                                                       {".html", evaluation::to_html(html)}};
  for (const auto& [extension, text] : files)
    if (auto done = write_durably(base + extension, text); !done) return tl::make_unexpected(done.error());
  return base + ".{jsonl,json,txt,md,csv,html}";
}

}  // namespace

int run_evaluate(const EvaluateArgs& args) {
  auto loaded = config::load(args.source);
  if (!loaded) return report(loaded.error());
  loaded->warnings.insert(loaded->warnings.end(), args.warnings.begin(), args.warnings.end());
  for (const std::string& warning : loaded->warnings) std::fprintf(stderr, "keisei: warning: %s\n", warning.c_str());
  const config::Config& config = loaded->config;
  if (auto device = net::resolve_device(config.env.device); !device) return report(device.error());
  auto task = make_task(args, config);
  if (!task) return report(task.error());
  const std::filesystem::path ladder = task->request.strategy == "ladder"
                                           ? std::filesystem::path(config.logging.savedir) / "ladder.json"
                                           : std::filesystem::path();
  if (!ladder.empty()) {
    auto ratings = read_ladder(ladder, evaluation::protocol_hash(task->request));
    if (!ratings) return report(ratings.error());
    task->request.ladder.elo.ratings = std::move(*ratings);
  }

  const SystemClock clock;
  const StopSignals signals;
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  auto options = supervisor_options(config.evaluation);
  if (!options) return report(options.error());
  options->process_restart_threshold = evaluation::kMaxGames;  // one evaluation, one worker
  auto supervisor = guard::Supervisor::start(
      std::move(*options), guard::Gate::make(guard::gate_limit(config.evaluation.max_concurrent_evaluations, cores)),
      clock);
  if (!supervisor) return report(supervisor.error());
  if (auto checked = check_engines(**supervisor, task->request); !checked) return report(checked.error());
  const guard::Targets targets = guard::Targets::from(config.evaluation, cores);
  const guard::JobLimits limits = guard::limits_for(targets, task->request.timeout_per_game_s);
  auto job = make_job("manual", task->request, limits, task->weights);
  if (!job) return report(job.error());
  auto id = (*supervisor)->submit(std::move(*job));
  if (!id) return report(id.error());

  const auto plan = evaluation::make_plan(task->request);
  const int games = plan ? plan->games() : 0;
  const double begin_s = clock.monotonic_s();
  const double deadline_s = limits.timeout_s > 0 ? begin_s + limits.timeout_s + kGraceS : 1e300;
  bool cancelled = false;
  double shown_s = begin_s;
  while (!(*supervisor)->wait(*id, kWaitSliceS) && clock.monotonic_s() < deadline_s) {
    if (signals.received() != 0 && !cancelled) {
      (*supervisor)->cancel(*id);
      cancelled = true;
    }
    if (clock.monotonic_s() - shown_s < 5 || config.display.quiet) continue;
    shown_s = clock.monotonic_s();
    const guard::Snapshot status = (*supervisor)->status();
    std::fprintf(stderr, "keisei: %d of %d games after %.0f s\n",
                 status.workers.empty() ? 0 : status.workers.front().results, games, shown_s - begin_s);
  }
  const auto reports = (*supervisor)->collect();
  if (reports.empty())
    return report({Code::kFailure, "the evaluation did not end at its deadline", "this is a bug of Keisei"});
  const EvaluationOutcome outcome = conclude(0, task->request, reports.front(), targets);
  if (!outcome.detail.empty())
    std::fprintf(stderr, "keisei: the evaluation ended early (%s): %s\n", guard::name(outcome.end),
                 outcome.detail.c_str());

  if (!ladder.empty() && outcome.summary.ladder)
    if (auto kept = write_ladder(ladder, outcome.summary.protocol, outcome.summary.ladder->ratings); !kept)
      return report(kept.error());
  if (args.save_games || args.output_dir) {
    const auto written = write_report(outcome, args.output_dir.value_or("."), args.run_name.value_or("evaluation"),
                                      args.output_dir.has_value());
    if (!written) return report(written.error());
    std::fprintf(stderr, "keisei: written: %s\n", written->c_str());
  }
  const std::string text = args.json ? evaluation::to_json(outcome.summary, outcome.measured()) + "\n"
                                     : evaluation::to_text(outcome.summary, outcome.measured());
  std::fputs(text.c_str(), stdout);
  if (signals.received() != 0) return 128 + signals.received();
  if (outcome.end == guard::JobEnd::kMemory) return static_cast<int>(Code::kDevice);
  const bool played = outcome.end == guard::JobEnd::kDone && outcome.summary.total.valid() > 0;
  return played ? 0 : static_cast<int>(Code::kFailure);
}

}  // namespace keisei::app
