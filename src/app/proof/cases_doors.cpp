// One door: on every path by which an evaluation starts, as many worker processes are started as permits are given.
// Requests are made as the paths make them and played by real workers (random in place of networks, which need
// libtorch); each worker serves one job, so that a start is a process. The count of processes is the one of the only
// file that creates any, so a second door would show whoever opened it.
#include <algorithm>
#include <filesystem>

#include "app/evaluation_job.h"
#include "app/match_worker.h"
#include "app/proof/rig.h"
#include "evaluation/plan.h"
#include "guard/kennel.h"
#include "guard/spawn.h"

namespace keisei::app::proof {
namespace {

constexpr int kStarts = 50;      ///< on each path
constexpr double kBound_s = 60;  ///< for one, on a busy machine
constexpr const char* kWeights = "0123456789abcdef";

using evaluation::Request;

struct Path {
  const char* name;
  const char* kind;  ///< of the job
  const char* strategy;
  const char* agent = "live";
};

/// A request of two plies a game: what is counted are starts.
Request request_of(const Path& path, int number) {
  Request request;
  request.strategy = path.strategy;
  request.agent = evaluation::parse_player(path.agent).value();
  request.agent_id = kWeights;
  request.num_games = 2;
  request.rules.max_moves = 2;
  request.openings.random_plies = 0;
  request.seed = static_cast<std::uint64_t>(number);
  if (request.strategy == "benchmark") {
    request.suite.push_back({.id = "g1", .sfen = shogi::Position::start().sfen(), .opponent = {}, .opponent_id = {}});
  } else if (request.strategy != "single_opponent") {
    request.num_games = 6;  // at least one of each pairing
    for (const char* name : {"random", "greedy"}) request.opponents.push_back({*evaluation::parse_player(name), ""});
  }
  return request;
}

/// The job of that path, as its caller makes it, for the actor.
Result<guard::Job> job_of(const Path& path, int number) {
  Request request = request_of(path, number);
  const auto bytes = std::as_bytes(std::span(std::string_view("weights")));
  auto weights = load_players(request, [&](const evaluation::PlayerSpec&) {
    return Result<std::pair<std::string, std::vector<std::byte>>>(
        std::pair(std::string(kWeights), std::vector(bytes.begin(), bytes.end())));
  });
  if (!weights) return tl::make_unexpected(weights.error());
  (*weights)[kWeights].assign(bytes.begin(), bytes.end());
  auto job = make_job(path.kind, request, {.timeout_s = 0, .memory_mb = 0, .game_timeout_s = 0}, *weights);
  if (!job) return job;
  const auto play = std::as_bytes(std::span(std::string_view("play ")));
  job->request.insert(job->request.begin(), play.begin(), play.end());
  return job;
}

/// What one path is counted by.
struct Count {
  std::uint64_t spawned = guard::processes_spawned();
  std::uint64_t admitted = 0;
};

std::string differs(const std::string& path, const Count& before, std::uint64_t admitted) {
  const std::uint64_t spawns = guard::processes_spawned() - before.spawned;
  const std::uint64_t permits = admitted - before.admitted;
  if (spawns == kStarts && permits == kStarts) return {};
  return path + ": " + std::to_string(spawns) + " processes and " + std::to_string(permits) + " permits for " +
         std::to_string(kStarts) + " starts";
}

std::string run_path(Rig& rig, const Path& path) {
  const Count before{.admitted = rig.gate().admitted()};
  for (int i = 0; i < kStarts; ++i) {
    auto job = job_of(path, i);
    if (!job) return std::string(path.name) + ": " + job.error().message;
    const Ran ran = rig.run(std::move(*job), kBound_s);
    if (!ran.ended || ran.report.end != guard::JobEnd::kDone || ran.report.results.empty())
      return std::string(path.name) + ": " + guard::name(ran.report.end) + " " + ran.report.detail;
  }
  return differs(path.name, before, rig.gate().admitted());
}

/// Pairs of a match by the worker that plays matches.
std::string run_match(Rig& rig) {
  evaluation::Match match;
  for (const char* name : {"random", "greedy"}) match.players.push_back({*evaluation::parse_player(name), name});
  match.games = 2 * kStarts;
  match.rules.max_moves = 2;
  match.openings.random_plies = 0;
  const auto good = evaluation::checked(std::move(match));
  if (!good) return "match: " + good.error().message;
  const Count before{.admitted = rig.gate().admitted()};
  for (const evaluation::MatchPair& pair : evaluation::pairs_of(*good)) {
    guard::Job job =
        actor_job(evaluation::encode(evaluation::job_of(*good, {2 * pair.number, 2 * pair.number + 1})), 0);
    job.kind = kMatchKind + std::to_string(2 * pair.number);
    const Ran ran = rig.run(std::move(job), kBound_s);
    if (!ran.ended || ran.report.end != guard::JobEnd::kDone || ran.report.results.size() != 2)
      return std::string("match: ") + guard::name(ran.report.end) + " " + ran.report.detail;
  }
  return differs("match", before, rig.gate().admitted());
}

/// Engines, which a worker starts in its kennel: one process each, in a cage.
std::string run_kennel() {
  auto kennel = guard::Kennel::open({.launcher = "/proc/self/exe", .limit_data = !guard::kSanitized});
  if (!kennel) return "kennel: " + kennel.error().message;
  const Count before;
  for (std::uint64_t i = 0; i < kStarts; ++i) {
    const auto caged = (*kennel)->start({.argv = {"/usr/bin/true"}});
    if (!caged) return "kennel: " + caged.error().message;
  }
  return differs("kennel", before, kStarts);
}

Outcome one_door(const Settings& settings) {
  static constexpr Path kPaths[] = {
      {"checkpoint", "checkpoint", "single_opponent", "checkpoint:a.keisei"},
      {"periodic", "periodic", "single_opponent"},
      {"tournament", "periodic", "tournament"},
      {"ladder", "periodic", "ladder"},
      {"benchmark", "periodic", "benchmark"},
      {"custom", "periodic", "custom"},
      {"manual", "manual", "single_opponent"},
  };
  guard::SupervisorOptions options = actor_options();
  options.process_restart_threshold = 1;
  const auto gate = guard::Gate::make(1);
  const std::uint64_t before = guard::processes_spawned();
  std::string wrong;
  {
    Rig rig(settings, options, gate, settings.clock);
    for (const Path& path : kPaths) wrong = joined(wrong, run_path(rig, path));
    wrong = joined(wrong, rig.close());
  }
  {
    options.worker = {"/proc/self/exe", "__match_worker"};
    Rig rig(settings, options, gate, settings.clock);
    wrong = joined(wrong, run_match(rig));
    wrong = joined(wrong, rig.close());
  }
  wrong = joined(wrong, run_kennel());
  return counted(static_cast<double>(gate->admitted() + kStarts),
                 static_cast<double>(guard::processes_spawned() - before), wrong);
}

}  // namespace

std::vector<Case> door_cases() {
  return {{"one_door", "concurrency", "nine paths, 50 starts each", "processes", Cost::kDefault, one_door}};
}

}  // namespace keisei::app::proof
