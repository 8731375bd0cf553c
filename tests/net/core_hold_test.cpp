// A member of a full team stays on its processor and gets the others back.
#include "net/core_hold.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace keisei::net {
namespace {

cpu_set_t allowed() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  return set;
}

TEST(CoreHold, AFullTeamGetsAProcessorEachAndGivesItBack) {
  const cpu_set_t before = allowed();
  const int all = CPU_COUNT(&before);
  std::set<int> taken;
  for (int i = 0; i < all; ++i) {
    const CoreHold hold(i, all);
    const cpu_set_t now = allowed();
    ASSERT_EQ(CPU_COUNT(&now), 1);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &now)) taken.insert(cpu);
    const CoreHold within(0, all + 1);  // changes nothing
    EXPECT_EQ(sched_getcpu(), *taken.rbegin());
  }
  EXPECT_EQ(static_cast<int>(taken.size()), all);
  const cpu_set_t after = allowed();
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST(CoreHold, ATeamWithProcessorsToSpareIsLeftToTheScheduler) {
  const cpu_set_t before = allowed();
  for (const int threads : {CPU_COUNT(&before) - 1, CPU_COUNT(&before) + 1, 0}) {
    const CoreHold hold(0, threads);
    const cpu_set_t now = allowed();
    EXPECT_TRUE(CPU_EQUAL(&before, &now)) << threads;
  }
}

}  // namespace
}  // namespace keisei::net
