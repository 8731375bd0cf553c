// A worker that does not end, or ends badly: deadlines, hangs, signals, crashes, a machine that is busy.
#include <algorithm>
#include <atomic>
#include <thread>

#include "app/proof/behaviour.h"
#include "app/proof/rig.h"

namespace keisei::app::proof {
namespace {

constexpr double kDeadline_s = 0.5;
constexpr double kProductionStep_s = 2;
constexpr double kLongDeadline_s = 3;  ///< an idle-policy worker may wait long for its first turn
constexpr double kHangCpu_s = 0.5;
constexpr double kHangIdle_s = 1;

struct Ending {
  const char* name;
  const char* clause;
  const char* fault;
  const char* words;
  guard::JobEnd end;
  std::size_t kept;  ///< finished results that must come back
  const char* says;  ///< in the report
  double deadline_s = 0;
  double bound_s = kStopBound_s;  ///< beyond the deadline
  void (*set)(guard::SupervisorOptions&) = nullptr;
};

void production_steps(guard::SupervisorOptions& options) {
  options.ask_s = options.terminate_s = kProductionStep_s;
  options.plain = false;
}
void hang_by_cpu(guard::SupervisorOptions& options) { options.hang_cpu_s = kHangCpu_s; }
void hang_by_silence(guard::SupervisorOptions& options) { options.hang_idle_s = kHangIdle_s; }

Outcome run_ending(const Ending& e, const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  if (e.set != nullptr) e.set(options);
  Rig rig(settings, options);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  const double promised_s = e.deadline_s + e.bound_s;
  const Ran ran = rig.run(actor_job(e.words, e.deadline_s), promised_s);
  if (!ran.ended) wrong = joined(wrong, "it did not end");
  if (ran.report.end != e.end)
    wrong = joined(wrong, std::string("it was reported as ") + guard::name(ran.report.end) + ": " + ran.report.detail);
  if (ran.report.results.size() < e.kept) wrong = joined(wrong, "the finished result was lost");
  if (ran.report.detail.find(e.says) == std::string::npos)
    wrong = joined(wrong, "the report does not say \"" + std::string(e.says) + "\": " + ran.report.detail);
  return timed(rig, promised_s, ran.ended ? std::optional(ran.wall_s) : std::nullopt, wrong);
}

/// Every core has two busy threads at the default policy; the worker, at idle policy, must still end in time.
Outcome noisy_neighbour(const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.plain = false;
  Rig rig(settings, options);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  Ran ran;
  {
    std::atomic<bool> stop{false};
    std::vector<std::jthread> neighbours;
    for (unsigned i = 0; i < 2 * std::max(1U, std::thread::hardware_concurrency()); ++i) {
      neighbours.emplace_back([&] {
        while (!stop) burn(kDeadline_s / 100);
      });
    }
    ran = rig.run(actor_job("ignore_term", kDeadline_s), kDeadline_s + kStopBound_s);
    stop = true;
  }
  if (!ran.ended || ran.report.end != guard::JobEnd::kTimeout)
    wrong = joined(wrong, std::string("it was reported as ") + guard::name(ran.report.end) + ": " + ran.report.detail);
  return timed(rig, kDeadline_s + kStopBound_s, ran.ended ? std::optional(ran.wall_s) : std::nullopt, wrong);
}

/// The same on a clock that only this case moves, and not before the worker ignores the signal: it ends because it is
/// killed, however slow the machine is, or it never does.
Outcome kill_by_force(const Settings& settings) {
  constexpr double kPatience_s = 10;
  constexpr double kRest_s = 0.01;
  FakeClock clock;
  guard::SupervisorOptions options = actor_options();
  Rig rig(settings, options, guard::Gate::make(1), clock);
  const auto id = rig.supervisor().submit(actor_job("ignore_term", kDeadline_s));
  std::string wrong = id && rig.results_arrive(1) ? "" : "no worker could be started";
  const double step_s = std::max({kDeadline_s, options.ask_s, options.terminate_s});
  const bool ended = eventually(settings.clock, kPatience_s + settings.patience_s, [&] {
    clock.advance_ns(static_cast<std::int64_t>(step_s * 1e9));
    nap(kRest_s);
    return !rig.supervisor().busy();
  });
  const double left = static_cast<double>(rig.living().size());
  if (id) {
    const Ran ran = rig.await(*id, settings.clock.monotonic_s(), 0);
    if (ended && (ran.report.end != guard::JobEnd::kTimeout || ran.report.results.size() != 1))
      wrong = joined(wrong, std::string("it was reported as ") + guard::name(ran.report.end));
  }
  if (!ended) wrong = joined(wrong, "it did not end");
  wrong = joined(wrong, rig.aftermath());
  return counted(0, left, wrong);
}

}  // namespace

std::vector<Case> ending_cases() {
  using guard::JobEnd;
  constexpr const char* kTime = "timeout";
  constexpr const char* kApart = "failures stay apart";
  constexpr const char* kStopped = "deadline of 0.5 s";
  static constexpr Ending kRows[] = {
      {"hang", kTime, "a worker sleeps for ever", "sleep", JobEnd::kTimeout, 0, kStopped, kDeadline_s},
      {"busy_loop", kTime, "a worker computes for ever", "busy", JobEnd::kTimeout, 1, kStopped, kDeadline_s},
      {"busy_beats", kTime, "the same, with a heartbeat", "busy_beats", JobEnd::kTimeout, 1, kStopped, kDeadline_s},
      {"sigterm_ignored", kTime, "a worker ignores SIGTERM (idle policy, steps of 2 s)", "ignore_term",
       JobEnd::kTimeout, 1, "deadline of 3.0 s", kLongDeadline_s, kStopBound_s, production_steps},
      {"self_stopped", kTime, "a worker stops itself (SIGSTOP)", "stop", JobEnd::kTimeout, 1, kStopped, kDeadline_s},
      {"chatter", kTime, "a worker floods stdout and stderr", "flood_output", JobEnd::kTimeout, 0, kStopped,
       kDeadline_s},
      {"silent_cpu", kTime, "no deadline: computes without a heartbeat", "busy", JobEnd::kTimeout, 1, "hung", 0,
       kHangCpu_s + kStopBound_s, hang_by_cpu},
      {"silent_sleep", kTime, "no deadline: sleeps without a heartbeat", "sleep", JobEnd::kTimeout, 0, "hung", 0,
       kHangIdle_s + kStopBound_s, hang_by_silence},
      {"throw", kApart, "a worker throws", "throw", JobEnd::kCrashed, 0, "a planted exception", 0, kReportBound_s},
      {"abort", kApart, "a worker aborts", "abort", JobEnd::kCrashed, 0, "signal 6", 0, kReportBound_s},
      {"sigsegv", kApart, "a worker is killed by SIGSEGV", "segv", JobEnd::kCrashed, 0, "signal 11", 0, kReportBound_s},
      {"exit", kApart, "a worker exits in the middle", "exit 3", JobEnd::kCrashed, 1, "exit code 3", 0, kReportBound_s},
      {"channel_closed", kApart, "a worker closes its channel and stays", "close", JobEnd::kProtocol, 0,
       "closed its channel", 0, kReportBound_s},
  };
  std::vector<Case> all;
  for (const Ending& row : kRows) {
    all.push_back({row.name, row.clause, row.fault, "s", Cost::kQuick,
                   [&row](const Settings& settings) { return run_ending(row, settings); }});
  }
  for (Case& one : all) {
    if (one.name == "sigterm_ignored") one.cost = Cost::kDefault;
  }
  all.push_back({"kill_by_force", kTime, "a worker ignores SIGTERM, on a clock of the case's own", "processes left",
                 Cost::kQuick, kill_by_force});
  all.push_back({"noisy_neighbour", kTime, "other work fills every core twice", "s", Cost::kDefault, noisy_neighbour});
  return all;
}

}  // namespace keisei::app::proof
