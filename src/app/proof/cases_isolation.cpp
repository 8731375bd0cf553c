// What separates a worker from training: nothing escapes, nothing secret crosses, the policy holds, and a worker does
// not outlive its supervisor.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "app/proof/behaviour.h"
#include "app/proof/rig.h"
#include "guard/proc.h"

namespace keisei::app::proof {
namespace {

constexpr double kBound_s = 10;

pid_t pid_in(const guard::JobReport& report) {
  if (report.results.empty()) return 0;
  return std::atoi(text_of(report.results[0]).c_str());
}

/// Seconds until no process of the rig lives; nothing when that takes too long.
std::optional<double> until_none(const Rig& rig, const std::function<bool()>& gone, double bound_s) {
  const Settings& settings = rig.settings();
  const double begin_s = settings.clock.monotonic_s();
  if (!eventually(settings.clock, bound_s + settings.patience_s + kGiveUp_s, gone)) return std::nullopt;
  return settings.clock.monotonic_s() - begin_s;
}

Outcome escaped(const std::string& words, const Settings& settings) {
  Rig rig(settings);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  constexpr double kDeadline_s = 2;
  const Ran ran = rig.run(actor_job(words, kDeadline_s + settings.patience_s), kDeadline_s + kStopBound_s);
  const pid_t stray = pid_in(ran.report);
  std::optional<double> gone_s;
  if (stray <= 0) {
    wrong = joined(wrong, "nothing escaped: " + ran.report.detail);
  } else {
    rig.must_end(stray);
    // Gone, not even a zombie.
    gone_s = until_none(
        rig, [&] { return !guard::proc::stat(stray); }, kGoneBound_s);
  }
  return timed(rig, kGoneBound_s, gone_s, wrong);
}

Outcome fork_bomb(const Settings& settings) {
  constexpr std::size_t kChildren = 50;
  Rig rig(settings);
  const double begin_s = settings.clock.monotonic_s();
  const auto id = rig.supervisor().submit(actor_job("fork_bomb " + std::to_string(kChildren), 0));
  std::string wrong = id && rig.results_arrive(1) ? "" : "the bomb did not go off";
  if (!eventually(settings.clock, kBound_s + settings.patience_s, [&] { return rig.living().size() > kChildren; }))
    wrong = joined(wrong, "only " + std::to_string(rig.living().size()) + " processes were seen");
  if (!id) return timed(rig, kStopBound_s, std::nullopt, wrong);
  const double cancelled_s = settings.clock.monotonic_s();
  rig.supervisor().cancel(*id);
  const Ran ran = rig.await(*id, begin_s, kStopBound_s);
  if (!ran.ended || ran.report.end != guard::JobEnd::kCancelled)
    wrong = joined(wrong, std::string("it was reported as ") + guard::name(ran.report.end) + ": " + ran.report.detail);
  std::optional<double> gone_s;
  if (until_none(
          rig, [&] { return rig.living().empty(); }, kGoneBound_s))
    gone_s = settings.clock.monotonic_s() - cancelled_s;
  return timed(rig, kStopBound_s + kGoneBound_s, gone_s, wrong);
}

/// A canary in the environment and an inheritable descriptor; how many of them a worker sees.
Outcome secrets(const Settings& settings) {
  constexpr const char* kNames[] = {"KEISEI_PROOF_API_KEY", "KEISEI_PROOF_SECRET_TOKEN"};
  const std::string canary = "canary-" + std::to_string(settings.clock.monotonic_ns());
  for (const char* name : kNames) ::setenv(name, canary.c_str(), 1);
  const Fd leak(::open("/dev/null", O_RDONLY));  // not close-on-exec, on purpose
  guard::SupervisorOptions options = actor_options();
  options.plain = false;
  Rig rig(settings, options);
  const Ran seen = rig.run(actor_job("environment", 0), kBound_s);
  const Ran open = rig.run(actor_job("descriptors", 0), kBound_s);
  for (const char* name : kNames) ::unsetenv(name);
  std::string wrong;
  std::optional<double> crossed;
  if (seen.report.results.size() == 1 && open.report.results.size() == 1) {
    const std::string environment = text_of(seen.report.results[0]);
    const std::string descriptors = text_of(open.report.results[0]);
    if (environment.find("PATH=") == std::string::npos) wrong = "what it may inherit did not come";
    crossed = (environment.find(canary) != std::string::npos ? 1 : 0) + (descriptors != "0 1 2 3 " ? 1 : 0);
  }
  wrong = joined(wrong, rig.aftermath());
  return counted(0, crossed, wrong);
}

/// Runs one job under wrong circumstances: the results that come from a worker that must refuse.
Outcome refused(const guard::SupervisorOptions& options, const char* says, const Settings& settings) {
  std::string wrong;
  double results = 0;
  {
    Rig rig(settings, options);
    const Ran ran = rig.run(actor_job("results 1", 0), kBound_s);
    results = static_cast<double>(ran.report.results.size());
    if (!ran.ended || ran.report.end != guard::JobEnd::kCrashed || ran.report.detail.find(says) == std::string::npos)
      wrong = std::string("it was reported as ") + guard::name(ran.report.end) + ": " + ran.report.detail;
    if (rig.gate().in_use() != 0) wrong = joined(wrong, "the permit did not come back");
    wrong = joined(wrong, rig.close());
  }
  return counted(0, results, wrong);
}

Outcome own_session(const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.plain = false;
  options.worker = {"/proc/self/exe", "__actor", "--own-session"};
  return refused(options, "session", settings);
}

Outcome default_policy(const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.plain = false;
  options.launcher_argv = {"keisei", "__launch", "--plain"};  // a launcher that sets no policy
  return refused(options, "not SCHED_IDLE", settings);
}

/// All that a worker finds itself under at its first instruction.
Outcome circumstances(const Settings& settings) {
  constexpr double kMemory_mb = 400;
  guard::SupervisorOptions options = actor_options();
  options.plain = false;
  Rig rig(settings, options);
  const Ran ran = rig.run(actor_job("circumstances", 0, kMemory_mb), kBound_s);
  const std::string all = ran.report.results.empty() ? "" : text_of(ran.report.results[0]);
  std::vector<std::string> expected = {"policy 5 nice 19 ", " oom 1000 ",    " core 0 ",      " own_group 1",
                                       " same_session 1",   " pdeathsig 9 ", " blocked_int 0"};
  if (!guard::kSanitized) expected.emplace_back(" data 400000000 ");
  std::string wrong;
  double missing = 0;
  for (const std::string& part : expected) {
    if (all.find(part) != std::string::npos) continue;
    ++missing;
    wrong = joined(wrong, "not in force:" + part);
  }
  wrong = joined(wrong, rig.aftermath());
  return counted(0, missing, wrong);
}

/// A process with a supervisor and a worker that ignores SIGTERM is killed without warning.
Outcome parent_killed(const Settings& settings) {
  const std::string mark = "KEISEI_PROOF_HOST=" + std::to_string(settings.clock.monotonic_ns());
  Rig rig(settings);  // makes this process the one that orphans come to
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return counted(kGoneBound_s, std::nullopt, "no pipe");
  const Fd from(ends[0]);
  Fd to(ends[1]);
  guard::Child host = start_self({"--host", "ignore_term", mark}, to.get());
  to.reset();
  std::array<char, 32> line{};
  std::string wrong;
  if (::read(from.get(), line.data(), line.size() - 1) <= 0) wrong = "the host did not start a worker";
  const pid_t worker = std::atoi(line.data());
  if (worker <= 0 || !alive(worker)) return timed(rig, kGoneBound_s, std::nullopt, joined(wrong, "no worker to lose"));
  rig.must_end(worker);
  ::kill(host.pid(), SIGKILL);
  const auto gone_s = until_none(
      rig, [&] { return !alive(worker); }, kGoneBound_s);
  (void)eventually(settings.clock, kBound_s, [&] { return host.try_reap().has_value(); });
  (void)eventually(settings.clock, kBound_s, [&] { return ::waitpid(worker, nullptr, WNOHANG) != 0; });  // ours by now
  return timed(rig, kGoneBound_s, gone_s, wrong);
}

}  // namespace

std::vector<Case> isolation_cases() {
  constexpr const char* kNothing = "nothing stays";
  constexpr const char* kIsolation = "isolation";
  return {
      {"fork_bomb", kNothing, "a worker starts 50 processes in groups of their own", "s", Cost::kDefault, fork_bomb},
      {"escape_crash", kNothing, "a grandchild leaves group and session, the worker dies", "s", Cost::kQuick,
       [](const Settings& s) { return escaped("escape crash", s); }},
      {"escape_clean", kNothing, "the same with an empty environment", "s", Cost::kQuick,
       [](const Settings& s) { return escaped("escape crash clean", s); }},
      {"escape_done", kNothing, "the same, and the worker says done", "s", Cost::kQuick,
       [](const Settings& s) { return escaped("escape done", s); }},
      {"parent_killed", kNothing, "the supervising process is killed -9", "s", Cost::kQuick, parent_killed},
      {"secrets", kIsolation, "secrets in the environment, an open descriptor", "seen", Cost::kQuick, secrets},
      {"own_session", kIsolation, "a worker under setsid", "results", Cost::kQuick, own_session},
      {"default_policy", kIsolation, "a worker at the default policy", "results", Cost::kQuick, default_policy},
      {"circumstances", kIsolation, "limits, policy and signals as a worker finds them", "missing", Cost::kQuick,
       circumstances},
  };
}

}  // namespace keisei::app::proof
