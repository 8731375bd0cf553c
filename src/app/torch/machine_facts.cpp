#include "app/torch/machine_facts.h"

#include <unistd.h>

#include <algorithm>

#include "guard/cgroup.h"

namespace keisei::app {

config::Machine machine_facts() {
  config::Machine machine;
  const auto pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (pages > 0 && page > 0) machine.memory_mb = 1e-6 * pages * page;
  const auto limit = guard::Cgroups().read().memory_limit_mb.value;
  if (limit) machine.memory_mb = std::min(*limit, machine.memory_mb.value_or(*limit));
  return machine;
}

}  // namespace keisei::app
