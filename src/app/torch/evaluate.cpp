#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "app/evaluation_job.h"
#include "app/torch/commands.h"
#include "app/torch/periodic_evaluation.h"
#include "app/torch/signals.h"
#include "app/torch/weights.h"
#include "evaluation/openings.h"
#include "evaluation/record_file.h"

namespace keisei::app {
namespace {

constexpr double kWaitSliceS = 0.1;
constexpr double kGraceS = 10;  ///< beyond the job's own deadline, for the escalation

/// What the command line asks for, with the players' weights.
struct Task {
  evaluation::Request request;
  std::vector<std::byte> agent, opponent;
};

/// Fills `bytes` and `id` when the player is a checkpoint.
Result<void> load_player(evaluation::PlayerSpec& spec, const std::string& savedir, std::vector<std::byte>& bytes,
                         std::string& id) {
  if (spec.kind == evaluation::PlayerKind::kLive)
    return fail(Code::kUsage, "the player 'live' exists only inside a training", "give a checkpoint or a run");
  if (spec.simulations.value_or(0) > 0)
    return fail(Code::kUsage, evaluation::to_string(spec) + ": this build plays the policy without search",
                "leave simulations out");
  if (spec.kind != evaluation::PlayerKind::kCheckpoint) return {};
  auto weights = load_weights(spec.path, savedir);
  if (!weights) return tl::make_unexpected(weights.error());
  bytes = std::move(weights->bytes);
  id = weights->id;
  return {};
}

/// A name that is no player is a checkpoint file or a run.
Result<evaluation::PlayerSpec> agent_spec(const std::string& text) {
  auto spec = evaluation::parse_player(text);
  if (spec) return spec;
  if (text.starts_with("checkpoint:") || text.starts_with("usi:") || text.starts_with("material:")) return spec;
  return evaluation::parse_player("checkpoint:" + text);
}

Result<Task> make_task(const EvaluateArgs& args, const config::Config& config) {
  auto request = request_from(config);
  if (!request) return tl::make_unexpected(request.error());
  Task task{std::move(*request), {}, {}};
  auto agent = agent_spec(args.agent_checkpoint);
  if (!agent) return tl::make_unexpected(agent.error());
  task.request.agent = *agent;
  if (args.openings) {
    auto sfens = evaluation::read_openings(*args.openings);
    if (!sfens) return tl::make_unexpected(sfens.error());
    task.request.openings = {0, std::move(*sfens)};
  }
  if (auto valid = evaluation::validate(task.request); !valid) return tl::make_unexpected(valid.error());
  if (auto loaded = load_player(task.request.agent, config.logging.savedir, task.agent, task.request.agent_id); !loaded)
    return tl::make_unexpected(loaded.error());
  if (auto loaded = load_player(task.request.opponent, config.logging.savedir, task.opponent, task.request.opponent_id);
      !loaded)
    return tl::make_unexpected(loaded.error());
  return task;
}

}  // namespace

int run_evaluate(const EvaluateArgs& args) {
  auto loaded = config::load(args.source);
  if (!loaded) return report(loaded.error());
  loaded->warnings.insert(loaded->warnings.end(), args.warnings.begin(), args.warnings.end());
  for (const std::string& warning : loaded->warnings) std::fprintf(stderr, "keisei: warning: %s\n", warning.c_str());
  const config::Config& config = loaded->config;
  if (auto device = net::resolve_device(config.env.device); !device) return report(device.error());
  if (args.simulations && *args.simulations > 0)
    return report(
        {Code::kUsage,
         "--simulations " + std::to_string(*args.simulations) + ": this build plays the policy without search",
         "leave it out"});
  auto task = make_task(args, config);
  if (!task) return report(task.error());

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
  const guard::Targets targets = guard::Targets::from(config.evaluation, cores);
  const guard::JobLimits limits = guard::limits_for(targets, task->request.timeout_per_game_s);
  auto job = make_job("manual", task->request, limits, task->agent, task->opponent);
  if (!job) return report(job.error());
  auto id = (*supervisor)->submit(std::move(*job));
  if (!id) return report(id.error());

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
                 status.workers.empty() ? 0 : status.workers.front().results, task->request.num_games,
                 shown_s - begin_s);
  }
  const auto reports = (*supervisor)->collect();
  if (reports.empty())
    return report({Code::kFailure, "the evaluation did not end at its deadline", "this is a bug of Keisei"});
  const EvaluationOutcome outcome = conclude(0, task->request, reports.front(), targets);
  if (!outcome.detail.empty())
    std::fprintf(stderr, "keisei: the evaluation ended early (%s): %s\n", guard::name(outcome.end),
                 outcome.detail.c_str());

  if (args.save_games || args.output_dir) {
    const std::filesystem::path directory = args.output_dir.value_or(".");
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    const auto path = directory / (args.run_name.value_or("evaluation") + ".jsonl");
    if (auto written = evaluation::write_records(path, outcome.games); !written) return report(written.error());
    std::fprintf(stderr, "keisei: games written to %s\n", path.c_str());
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
