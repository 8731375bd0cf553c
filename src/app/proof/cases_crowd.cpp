// Many at once and many in a row: permits, spawns, the restart budget, and what 50 jobs leave behind.
#include <algorithm>
#include <array>
#include <atomic>
#include <sstream>
#include <thread>

#include "app/proof/rig.h"

namespace keisei::app::proof {
namespace {

constexpr double kBound_s = 60;  ///< for many short jobs

/// When a worker worked: what the actor's "span" says, in nanoseconds of the clock that all processes share.
struct Span {
  long long begin_ns = 0;
  long long end_ns = 0;
};

/// The most spans that overlap anywhere.
std::size_t overlap(const std::vector<Span>& spans) {
  std::vector<std::pair<long long, int>> edges;
  for (const Span& span : spans) {
    edges.emplace_back(span.begin_ns, 1);
    edges.emplace_back(span.end_ns, -1);  // sorts before a beginning at the same time
  }
  std::sort(edges.begin(), edges.end());
  int at_once = 0;
  int most = 0;
  for (const auto& [at_ns, step] : edges) most = std::max(most, at_once += step);
  return static_cast<std::size_t>(most);
}

/// Eight threads ask 1,000 times, at two supervisors that share one gate of 4.
Outcome thousand_requests(const Settings& settings) {
  constexpr int kLimit = 4;
  constexpr int kThreads = 8;
  constexpr int kEach = 125;
  const auto gate = guard::Gate::make(kLimit);
  Rig first(settings, actor_options(), gate, settings.clock);
  Rig second(settings, actor_options(), gate, settings.clock);
  const std::array<guard::Supervisor*, 2> both = {&first.supervisor(), &second.supervisor()};
  std::atomic<int> accepted{0};
  std::atomic<int> refused{0};
  int reported = 0;
  int done = 0;
  std::vector<Span> spans;
  const auto look = [&] {
    for (guard::Supervisor* supervisor : both) {
      for (const guard::JobReport& report : supervisor->collect()) {
        ++reported;
        done += report.end == guard::JobEnd::kDone ? 1 : 0;
        Span span;
        if (report.results.empty()) continue;
        std::istringstream(text_of(report.results[0])) >> span.begin_ns >> span.end_ns;
        spans.push_back(span);
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    std::atomic<int> ended{0};
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          (both[static_cast<std::size_t>((t + i) % 2)]->submit(actor_job("span 5", 0)) ? accepted : refused) += 1;
          std::this_thread::sleep_for(std::chrono::milliseconds(4));
        }
        ++ended;
      });
    }
    while (ended < kThreads) {
      look();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  std::string wrong;
  if (!eventually(settings.clock, kBound_s + settings.patience_s, [&] {
        look();
        return !both[0]->busy() && !both[1]->busy();
      }))
    wrong = "the jobs did not end";
  look();
  if (accepted + refused != kThreads * kEach) wrong = joined(wrong, "requests were lost");
  if (reported != accepted || done != reported)
    wrong = joined(wrong, std::to_string(accepted) + " jobs were accepted, " + std::to_string(reported) +
                              " reported, " + std::to_string(done) + " done");
  if (gate->admitted() != static_cast<std::uint64_t>(done))
    wrong =
        joined(wrong, std::to_string(gate->admitted()) + " permits were given for " + std::to_string(done) + " jobs");
  const auto spawned = both[0]->status().spawned + both[1]->status().spawned;
  if (spawned > 2 * kLimit) wrong = joined(wrong, std::to_string(spawned) + " workers were started");
  if (spans.size() != static_cast<std::size_t>(done)) wrong = joined(wrong, "not every job said when it ran");
  const std::size_t peak = std::max(overlap(spans), static_cast<std::size_t>(gate->peak()));
  if (!eventually(settings.clock, kStopBound_s + settings.patience_s, [&] { return gate->in_use() == 0; }))
    wrong = joined(wrong, std::to_string(gate->in_use()) + " permits did not come back");
  wrong = joined(joined(wrong, first.aftermath()), second.aftermath());
  return counted(kLimit, static_cast<double>(peak), wrong);
}

/// Two supervisors share one permit. The worker of the first does not obey its deadline; the job of the second must
/// not begin before that worker is dead.
Outcome permit_until_reaped(const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.ask_s = options.terminate_s = 1;
  const auto gate = guard::Gate::make(1);
  Rig first(settings, options, gate, settings.clock);
  Rig second(settings, options, gate, settings.clock);
  constexpr double kDeadline_s = 1;
  const double begin_s = settings.clock.monotonic_s();
  const auto stubborn = first.supervisor().submit(actor_job("ignore_term", kDeadline_s));
  std::string wrong = stubborn && first.results_arrive(1) ? "" : "no worker could be started";
  const auto next = second.supervisor().submit(actor_job("work 50", 0));
  std::size_t peak = 0;
  const auto over = [&] {
    peak = std::max(peak, first.living().size() + second.living().size());
    return !first.supervisor().busy() && !second.supervisor().busy();
  };
  if (!next || !eventually(settings.clock, kDeadline_s + 2 * kStopBound_s + settings.patience_s, over))
    wrong = joined(wrong, "the second job did not end");
  if (stubborn) (void)first.await(*stubborn, begin_s, kStopBound_s);
  wrong = joined(wrong, second.aftermath());
  wrong = joined(wrong, first.aftermath());
  return counted(1, static_cast<double>(peak), wrong);
}

/// With a worker for each job, as many are started as permits are given.
Outcome spawn_count(const Settings& settings) {
  constexpr int kJobs = 12;
  guard::SupervisorOptions options = actor_options();
  options.process_restart_threshold = 1;
  Rig rig(settings, options);
  std::string wrong;
  for (int i = 0; i < kJobs; ++i) {
    const Ran ran = rig.run(actor_job("results 1", 0), kBound_s);
    if (!ran.ended || ran.report.end != guard::JobEnd::kDone) wrong = "a job did not run: " + ran.report.detail;
  }
  const auto admitted = rig.gate().admitted();
  const auto spawned = rig.supervisor().status().spawned;
  if (admitted != kJobs) wrong = joined(wrong, std::to_string(admitted) + " permits were given");
  if (spawned < admitted) wrong = joined(wrong, "a worker was used again after its last job");
  wrong = joined(wrong, rig.aftermath());
  return counted(static_cast<double>(admitted), static_cast<double>(spawned), wrong);
}

Outcome crash_loop(const Settings& settings) {
  constexpr int kTries = 3;
  constexpr double kCrashes_s = 10;
  FakeClock clock;
  guard::SupervisorOptions options = actor_options();
  options.breaker_deaths = kTries;
  Rig rig(settings, options, guard::Gate::make(2), clock);
  guard::Supervisor& supervisor = rig.supervisor();
  for (int i = 0; i < 8; ++i) (void)supervisor.submit(actor_job("abort", 0));  // those after the third may be refused
  std::string wrong;
  if (!eventually(settings.clock, kCrashes_s + settings.patience_s, [&] { return !supervisor.busy(); }))
    wrong = "the jobs did not end";
  (void)supervisor.collect();
  const auto spawned = supervisor.status().spawned;
  if (spawned < kTries) wrong = joined(wrong, "it was given up early");
  if (supervisor.status().breaker != "open") wrong = joined(wrong, "the breaker is " + supervisor.status().breaker);
  if (supervisor.submit(actor_job("results 1", 0))) wrong = joined(wrong, "a job was accepted all the same");
  clock.advance_ns(static_cast<std::int64_t>(options.breaker_window_s * 1e9));
  if (supervisor.status().breaker != "half_open") wrong = joined(wrong, "it did not become half-open");
  // One trial closes it again; the job of the aftermath runs behind it.
  if (!rig.warm() || supervisor.status().breaker != "closed") wrong = joined(wrong, "the trial did not close it");
  wrong = joined(wrong, rig.aftermath());
  return counted(kTries, static_cast<double>(spawned), wrong);
}

/// 50 jobs, every fifth a crash and every tenth a deadline.
Outcome leaks(const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.ask_s = options.terminate_s = 0.02;
  const TemporaryFolder temporary;
  Rig rig(settings, options);
  std::string wrong;
  const auto run = [&](const char* words, double timeout_s, guard::JobEnd end) {
    const Ran ran = rig.run(actor_job(words, timeout_s), kBound_s);
    if (!ran.ended || ran.report.end != end) wrong = std::string(words) + ": " + ran.report.detail;
  };
  const auto round = [&](int i) {
    if (i % 10 == 9) return run("sleep", 0.05, guard::JobEnd::kTimeout);
    if (i % 5 == 4) return run("exit 1", 0, guard::JobEnd::kCrashed);
    run("results 3", 0, guard::JobEnd::kDone);
  };
  for (int i = 0; i < 10; ++i) round(i);
  run("results 1", 0, guard::JobEnd::kDone);
  const auto held = [&] { return static_cast<double>(entries("/proc/self/fd") + temporary.files()); };
  const double before = held();
  for (int i = 0; i < 50; ++i) round(i);
  run("results 1", 0, guard::JobEnd::kDone);
  // For half a second after a death the supervisor looks into /proc, one descriptor at a time.
  double more = 0;
  (void)eventually(settings.clock, kStopBound_s + settings.patience_s, [&] {
    more = held() - before;
    return more <= 0;
  });
  wrong = joined(wrong, rig.aftermath());
  return counted(0, std::max(0.0, more), wrong);
}

}  // namespace

std::vector<Case> crowd_cases() {
  constexpr const char* kClause = "concurrency";
  return {
      {"thousand_requests", kClause, "1,000 requests from 8 threads, limit 4", "at once", Cost::kDefault,
       thousand_requests},
      {"permit_until_reaped", kClause, "the next job is due while a worker will not die", "at once", Cost::kDefault,
       permit_until_reaped},
      {"spawn_count", kClause, "a worker for each job", "processes", Cost::kQuick, spawn_count},
      {"crash_loop", "restart budget", "every worker aborts", "processes", Cost::kQuick, crash_loop},
      {"leaks", "nothing stays", "50 jobs, crashes and deadlines among them", "descriptors and files", Cost::kDefault,
       leaks},
  };
}

}  // namespace keisei::app::proof
