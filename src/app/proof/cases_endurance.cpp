// What many evaluations leave behind in the process that supervises them: nothing. One supervisor, jobs one after the
// other, a fresh worker every twentieth and a crash every fiftieth; measured from the end of the warm-up on, because
// the first jobs fill caches that later ones use again.
#include <algorithm>

#include "app/proof/rig.h"
#include "guard/resource_monitor.h"

namespace keisei::app::proof {
namespace {

constexpr double kBound_s = 60;  ///< for one job, on a busy machine
constexpr int kJobsOfAWorker = 20;
constexpr int kCrashEach = 50;
constexpr double kMostGrowth_mib = 1;  ///< resident set; the allocator's own granularity is a part of it
constexpr double kMbOfMib = 1.048576;

struct Left {
  double rss_mib = 0;
  std::size_t descriptors = 0;
  std::size_t files = 0;
  std::size_t zombies = 0;
};

Outcome endure(int warm_up, int jobs, const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.process_restart_threshold = kJobsOfAWorker;
  const TemporaryFolder temporary;
  Rig rig(settings, options);
  const guard::ResourceMonitor monitor(settings.clock);
  std::string wrong;
  const auto run = [&](const char* words, guard::JobEnd end) {
    const Ran ran = rig.run(actor_job(words, 0), kBound_s);
    if (!ran.ended || ran.report.end != end) wrong = std::string(words) + ": " + ran.report.detail;
  };
  const auto many = [&](int count) {
    for (int i = 1; i <= count; ++i) {
      const bool crash = i % kCrashEach == kCrashEach / 2;
      run(crash ? "exit 1" : "results 1", crash ? guard::JobEnd::kCrashed : guard::JobEnd::kDone);
    }
    run("results 1", guard::JobEnd::kDone);  // a worker is there, and no other is being reaped
  };
  const auto look = [&] {
    const guard::Reading rss = monitor.memory(0).rss_mb;
    if (!rss.value) wrong = joined(wrong, "the resident set is unknown");
    return Left{rss.value.value_or(0) / kMbOfMib, entries("/proc/self/fd"), temporary.files(), zombies()};
  };
  many(warm_up);
  const Left before = look();
  many(jobs);
  const Left after = look();
  if (after.descriptors > before.descriptors)
    wrong = joined(wrong, std::to_string(after.descriptors - before.descriptors) + " descriptors more");
  if (after.files > before.files)
    wrong = joined(wrong, std::to_string(after.files - before.files) + " temporary files more");
  if (after.zombies > 0) wrong = joined(wrong, std::to_string(after.zombies) + " zombies");
  wrong = joined(wrong, rig.aftermath());
  return counted(kMostGrowth_mib, std::max(0.0, after.rss_mib - before.rss_mib), wrong);
}

}  // namespace

std::vector<Case> endurance_cases() {
  if (guard::kSanitized) return {};  // a sanitizer keeps what was freed
  constexpr const char* kClause = "nothing stays";
  constexpr const char* kUnit = "MiB more";
  return {
      {"hundred_evaluations", kClause, "100 evaluations, growth over the last 80", kUnit, Cost::kQuick,
       [](const Settings& settings) { return endure(20, 80, settings); }},
      {"thousand_evaluations", kClause, "1,000 evaluations, growth over the last 800", kUnit, Cost::kThorough,
       [](const Settings& settings) { return endure(200, 800, settings); }},
  };
}

}  // namespace keisei::app::proof
