#include "net/core_hold.h"

namespace keisei::net {

CoreHold::CoreHold(int index, int threads) {
  CPU_ZERO(&before_);
  if (sched_getaffinity(0, sizeof before_, &before_) != 0 || CPU_COUNT(&before_) != threads) return;
  int seen = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &before_) || seen++ != index) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    held_ = sched_setaffinity(0, sizeof one, &one) == 0;
    return;
  }
}

CoreHold::~CoreHold() {
  if (held_) sched_setaffinity(0, sizeof before_, &before_);
}

}  // namespace keisei::net
