// Memory that libtorch takes: a network whose activations need far more than all evaluations may have, and weights that
// announce a network far larger than they are. Played by the worker of production, keisei-torch, from a checkpoint of a
// real training of one update; no switch in the worker is needed, because the request alone asks for the memory.

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/evaluation_job.h"
#include "app/launch_torch.h"
#include "app/proof/behaviour.h"
#include "app/proof/rig.h"
#include "base/file.h"
#include "base/scratch.h"
#include "guard/spawn.h"
#include "store/run_index.h"
#include "store/tensor_file.h"

namespace keisei::app::proof {
namespace {

constexpr double kLimit_mb = 500;  ///< the default of the configuration
constexpr double kTraining_s = 120;
constexpr double kBound_s = 120;
constexpr int kGames = 4096;    ///< of each of the two stages, all at once: half of them ask the network together
constexpr int kChannels = 256;  ///< one activation of 2,048 positions is then 170 MB
constexpr const char* kAgent = "agent";

/// The weights of a training of one update.
Result<store::TensorFile> trained(const Settings& settings) {
  const Scratch scratch("proof");
  if (scratch.path().empty()) return fail(Code::kFailure, "no temporary directory can be made");
  guard::SpawnPlan plan{
      "/proc/self/exe", {"keisei", "train", "--savedir", scratch.path().string(), "--run-name", "r"}, {}};
  for (const std::string& setting :
       {std::string("training.total_timesteps=64"), std::string("training.steps_per_epoch=64"),
        std::string("training.minibatch_size=64"), std::string("training.ppo_epochs=1"),
        std::string("training.tower_depth=1"), "training.tower_width=" + std::to_string(kChannels),
        std::string("selfplay.games=4"), std::string("env.max_moves_per_game=60"),
        std::string("evaluation.enable_periodic_evaluation=false")}) {
    plan.argv.push_back("--override");
    plan.argv.push_back(setting);
  }
  auto child = guard::spawn(plan);
  if (!child) return tl::make_unexpected(child.error());
  std::optional<guard::Exit> exit;
  if (!eventually(settings.clock, kTraining_s + settings.patience_s, [&] {
        exit = child->try_reap();
        return exit.has_value();
      }))
    return fail(Code::kFailure, "the training of one update did not end");
  if (exit->signalled || exit->code != 0) return fail(Code::kFailure, "the training ended with " + exit->text());
  auto loaded = store::open_checkpoint("r", scratch.path());
  if (!loaded) return tl::make_unexpected(loaded.error());
  store::TensorFile weights;
  weights.metadata = {{"network", loaded->file.meta("network").value_or("")}};
  for (const store::Tensor& tensor : loaded->file.tensors())
    if (tensor.name.starts_with("net.")) weights.add(tensor);
  return weights;
}

/// Two stages: opponents that need no memory play kGames among themselves, then the network plays as many.
evaluation::Request hungry() {
  evaluation::Request request;
  request.strategy = "custom";
  request.agent_id = kAgent;
  for (const char* name : {"random", "greedy"}) request.opponents.push_back({*evaluation::parse_player(name), ""});
  request.custom = {evaluation::CustomPlan::kSequence, {{1, 2, kGames}, {0, 1, kGames}}};
  request.rules.max_moves = 1;
  request.openings.random_plies = 0;
  request.max_concurrent_games = kGames;
  return request;
}

/// What any worker can play.
evaluation::Request modest() {
  evaluation::Request request;
  request.agent = evaluation::PlayerSpec{};
  request.num_games = 2;
  request.rules.max_moves = 2;
  return request;
}

Ran run_on(Rig& rig, const evaluation::Request& request, const WeightsById& weights, double timeout_s) {
  auto job =
      make_job("manual", request, {.timeout_s = timeout_s, .memory_mb = kLimit_mb, .game_timeout_s = 0}, weights);
  if (job) return rig.run(std::move(*job), kBound_s);
  Ran ran;
  ran.report.detail = job.error().message;
  return ran;
}

/// Runs the hungry request with these weights beside `expect`, which says what is wrong with its report.
Outcome by_tensors(const Settings& settings, const std::function<void(store::TensorFile&)>& change,
                   const std::function<std::string(const guard::JobReport&)>& expect) {
  const auto torch = sibling_program("keisei-torch");
  if (!torch) return counted(kLimit_mb, std::nullopt, "not tried: " + torch.error().message);
  auto file = trained(settings);
  if (!file) return counted(kLimit_mb, std::nullopt, file.error().message);
  change(*file);
  guard::SupervisorOptions options = actor_options();
  options.worker = {*torch, "__worker"};
  options.hang_idle_s = options.hang_cpu_s = 0;  // a batch of this size is silent, and long on a busy machine
  options.memory_cgroup = false;                 // a luxury of some machines; the other limits must do without it
  Rig rig(settings, options);
  const Ran ran = run_on(rig, hungry(), {{kAgent, store::encode(*file)}}, kBound_s + settings.patience_s);
  std::string wrong = ran.ended ? expect(ran.report) : "it did not end: " + ran.report.detail;
  std::optional<double> peak_mb = ran.report.performance.memory_peak_mb;
  if (peak_mb) peak_mb = std::max(*peak_mb, ran.report.performance.rss_peak_mb.value_or(0));
  if (!eventually(settings.clock, kStopBound_s + settings.patience_s, [&] { return rig.gate().in_use() == 0; }))
    wrong = joined(wrong, "the permit did not come back");
  const Ran next = run_on(rig, modest(), {}, kBound_s + settings.patience_s);
  if (!next.ended || next.report.end != guard::JobEnd::kDone || next.report.results.size() != 2)
    wrong = joined(wrong, std::string("the next evaluation did not run: ") + guard::name(next.report.end) + " " +
                              next.report.detail);
  wrong = joined(wrong, rig.close());
  return counted(kLimit_mb, peak_mb, wrong);
}

/// Stopped at the limit, or refused an allocation and played on in smaller batches: the games of the first stage are
/// there in both cases.
Outcome tensors_until_limit(const Settings& settings) {
  return by_tensors(
      settings, [](store::TensorFile&) {},
      [](const guard::JobReport& report) -> std::string {
        const std::size_t games = report.results.size();
        if (games < static_cast<std::size_t>(kGames))
          return "only " + std::to_string(games) + " finished games were kept (" + guard::name(report.end) + ": " +
                 report.detail + ")";
        const bool all = games == 2 * static_cast<std::size_t>(kGames);
        if (report.end == guard::JobEnd::kMemory || (report.end == guard::JobEnd::kDone && all)) return {};
        return std::string("it was reported as ") + guard::name(report.end) + ": " + report.detail;
      });
}

/// Refused by the name of the first section that is not as announced, before any of it is allocated.
Outcome tensors_announced(const Settings& settings) {
  const auto announce = [](store::TensorFile& file) {
    auto network = nlohmann::json::parse(file.metadata["network"], nullptr, false);
    if (!network.is_object()) return;
    network["blocks"] = 100;
    network["channels"] = 1024;
    file.metadata["network"] = network.dump();
  };
  return by_tensors(settings, announce, [](const guard::JobReport& report) -> std::string {
    if (report.end == guard::JobEnd::kFailed && report.detail.find("net.") != std::string::npos) return {};
    return std::string("it was reported as ") + guard::name(report.end) + ": " + report.detail;
  });
}

}  // namespace

std::vector<Case> tensor_cases() {
  if (guard::kSanitized) return {};
  return {
      {"tensors_until_limit", "memory", "a network takes tensors until the limit", "MB", Cost::kThorough,
       tensors_until_limit},
      {"tensors_announced", "memory", "weights announce 100 blocks x 1,024 channels", "MB", Cost::kThorough,
       tensors_announced},
  };
}

}  // namespace keisei::app::proof
