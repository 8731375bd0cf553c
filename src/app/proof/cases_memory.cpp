// A worker that takes more memory than all evaluations together may have, each kind of memory in turn.
#include <algorithm>

#include "app/proof/rig.h"
#include "guard/sla.h"

namespace keisei::app::proof {
namespace {

constexpr double kLimit_mb = 500;           ///< the default of the configuration
constexpr double kBound_s = 60;             ///< for the meal; a busy machine serves slowly
constexpr double kPlausible = 0.3;          ///< of the limit: less was no hog
constexpr const char* kMeal = " 800 2000";  ///< MB, and a rest of 2 ms after each: a pace that any watch can follow

struct Hog {
  const char* name;
  const char* fault;
  std::string words;
};

Outcome run_hog(const Hog& hog, const Settings& settings) {
  guard::SupervisorOptions options = actor_options();
  options.hang_idle_s = options.hang_cpu_s = 0;  // a meal is silent, and long on a busy machine
  options.memory_cgroup = false;                 // a luxury of some machines; the other limits must do without it
  Rig rig(settings, options);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  const Ran ran = rig.run(actor_job(hog.words, kBound_s + settings.patience_s, kLimit_mb), kBound_s);
  const guard::JobReport& report = ran.report;
  if (!ran.ended || report.end != guard::JobEnd::kMemory)
    wrong = joined(wrong, std::string("it was reported as ") + guard::name(report.end) + ": " + report.detail);
  if (report.results.size() != 1) wrong = joined(wrong, "the finished result was lost, or the meal was finished");
  const guard::Targets targets{.memory_mb = kLimit_mb};
  for (const guard::Verdict& verdict : guard::judge(report.performance, report.end, targets)) {
    if (verdict.clause == "memory" && verdict.state != guard::VerdictState::kViolated)
      wrong = joined(wrong, std::string("the verdict on memory is ") + guard::name(verdict.state));
  }
  const guard::Performance& p = report.performance;
  // One process: the larger of the kernel's own high-water mark and the samples. Several share pages: the samples.
  std::optional<double> peak_mb = p.memory_peak_mb;
  if (peak_mb && p.rss_peak_mb && !hog.words.starts_with("fork")) peak_mb = std::max(*peak_mb, *p.rss_peak_mb);
  if (peak_mb && *peak_mb < kPlausible * kLimit_mb) wrong = joined(wrong, "it was stopped long before the limit");
  wrong = joined(wrong, rig.aftermath());
  return counted(kLimit_mb, peak_mb, wrong);
}

}  // namespace

std::vector<Case> memory_cases() {
  if (guard::kSanitized) return {};
  static const std::vector<Hog> kHogs = {
      {"memory_new", "a worker takes 800 MB with new, 0.4 GB/s", std::string("eat new") + kMeal},
      {"memory_mmap", "800 MB of shared mappings (no RLIMIT_DATA)", std::string("eat mmap") + kMeal},
      {"memory_memfd", "800 MB in a memfd", std::string("eat memfd") + kMeal},
      {"memory_threads", "800 MB in 33 threads, a stack and a heap each", std::string("eat threads") + kMeal},
      {"memory_children", "12 children of 60 MB in sessions of their own, 0.2 GB/s", "fork_hogs 12 60 72000"},
  };
  std::vector<Case> all;
  for (const Hog& hog : kHogs) {
    all.push_back({hog.name, "memory", hog.fault, "MB", Cost::kDefault,
                   [&hog](const Settings& settings) { return run_hog(hog, settings); }});
  }
  return all;
}

}  // namespace keisei::app::proof
