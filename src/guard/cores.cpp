#include "guard/cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "guard/kept_file.h"
#include "guard/proc_text.h"

namespace keisei::guard {
namespace {

struct FreeSet {
  void operator()(cpu_set_t* set) const { CPU_FREE(set); }
};

/// A mask for the largest machine; the usual cpu_set_t ends at 1024 processors.
struct Mask {
  std::unique_ptr<cpu_set_t, FreeSet> set{CPU_ALLOC(proc::kMaxCpus)};
  std::size_t bytes = CPU_ALLOC_SIZE(proc::kMaxCpus);
  Mask() { CPU_ZERO_S(bytes, set.get()); }
};

std::string cores_text(std::size_t count) { return std::to_string(count) + (count == 1 ? " core" : " cores"); }

}  // namespace

int CoreMap::usable_cores() const {
  const double cores = static_cast<double>(physical.size());
  const double most = quota_cores.value ? std::min(cores, std::floor(*quota_cores.value)) : cores;
  return std::max(1, static_cast<int>(most));
}

std::vector<int> affinity() {
  const Mask mask;
  std::vector<int> cpus;
  if (::sched_getaffinity(0, mask.bytes, mask.set.get()) != 0) return cpus;
  for (std::size_t cpu = 0; cpu < proc::kMaxCpus; ++cpu) {
    if (CPU_ISSET_S(cpu, mask.bytes, mask.set.get())) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

CoreMap map_cores(std::vector<int> usable, Reading quota_cores, const std::filesystem::path& cpus) {
  CoreMap map;
  std::sort(usable.begin(), usable.end());
  usable.erase(std::unique(usable.begin(), usable.end()), usable.end());
  map.quota_cores = std::move(quota_cores);
  map.topology_known = !usable.empty();
  std::vector<int> placed;
  for (const int cpu : usable) {
    if (std::find(placed.begin(), placed.end(), cpu) != placed.end()) continue;
    const auto topology = cpus / ("cpu" + std::to_string(cpu)) / "topology";
    std::optional<std::vector<int>> siblings;
    // The first is the name of today, the second that of kernels before 5.3.
    for (const char* name : {"core_cpus_list", "thread_siblings_list"}) {
      KeptFile file(topology / name);
      const auto text = file.read();
      if (!siblings && text) siblings = proc::parse_cpu_list(*text);
    }
    std::vector<int> core;
    for (const int other : siblings.value_or(std::vector<int>())) {
      const bool ours = std::binary_search(usable.begin(), usable.end(), other);
      const bool free = std::find(placed.begin(), placed.end(), other) == placed.end();
      if (ours && free) core.push_back(other);
    }
    if (std::find(core.begin(), core.end(), cpu) == core.end()) {
      core = {cpu};
      map.topology_known = false;
    }
    placed.insert(placed.end(), core.begin(), core.end());
    map.physical.push_back(std::move(core));
  }
  map.usable = std::move(usable);
  return map;
}

SparePlan plan_spare_cores(const CoreMap& cores, int trainer_threads) {
  const auto threads = static_cast<std::size_t>(std::max(1, trainer_threads));
  const std::size_t physical = cores.physical.size();
  const auto usable = static_cast<std::size_t>(cores.usable_cores());
  SparePlan plan;
  const std::string beside =
      " beside " + std::to_string(threads) + (threads == 1 ? " thread" : " threads") + " of training";
  if (physical <= threads) {
    plan.reason = "no physical core of " + std::to_string(physical) + " is spare" + beside;
    return plan;
  }
  if (usable <= threads) {
    plan.reason = "the quota of " + cores_text(usable) + " leaves none" + beside;
    return plan;
  }
  const std::size_t spare = usable - threads;
  for (std::size_t i = physical - spare; i < physical; ++i) {
    plan.worker_cores.insert(plan.worker_cores.end(), cores.physical[i].begin(), cores.physical[i].end());
  }
  std::sort(plan.worker_cores.begin(), plan.worker_cores.end());
  plan.bursts = false;
  plan.reason = cores_text(spare) + " of " + std::to_string(usable) + (spare == 1 ? " is" : " are") + " spare" + beside;
  return plan;
}

std::string cpu_list_text(std::vector<int> cpus) {
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  std::string text;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t last = i;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(cpus[i]);
    if (last > i) text += "-" + std::to_string(cpus[last]);
    i = last + 1;
  }
  return text;
}

bool set_affinity(const std::vector<int>& cpus) {
  const Mask mask;
  for (const int cpu : cpus) {
    if (cpu >= 0 && static_cast<std::size_t>(cpu) < proc::kMaxCpus) {
      CPU_SET_S(static_cast<std::size_t>(cpu), mask.bytes, mask.set.get());
    }
  }
  return ::sched_setaffinity(0, mask.bytes, mask.set.get()) == 0;
}

}  // namespace keisei::guard
