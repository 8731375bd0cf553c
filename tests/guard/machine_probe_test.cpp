// Counters of the machine from a stand-in for /proc, and shares of a window from two readings.
#include "guard/machine_probe.h"

#include <gtest/gtest.h>
#include <time.h>

#include "guard/fake_tree.h"

namespace keisei::guard {
namespace {

using MachineProbeTree = FakeTree;

TEST_F(MachineProbeTree, CountersComeFromTheKernelsFiles) {
  put("stat", "cpu  100 50 50 700 60 5 5 30 0 0\ncpu0 100 50 50 700 60 5 5 30 0 0\nintr 1\n");
  put("self/task/11/schedstat", "5000000000 250000000 10\n");
  put("self/task/12/schedstat", "1 750000000 1\n");
  ProcMachine machine(root_);
  const MachineCounters c = machine.read();
  const double tick_s = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  EXPECT_NEAR(*c.capacity_s, 1000 * tick_s, 1e-9);
  EXPECT_NEAR(*c.busy_s, 210 * tick_s, 1e-9);
  EXPECT_NEAR(*c.steal_s, 30 * tick_s, 1e-9);
  EXPECT_NEAR(*machine.run_delay_s(), 1.0, 1e-9);
  EXPECT_GT(*c.own_s, 0);
}

TEST_F(MachineProbeTree, ThreadsThatEndKeepWhatTheyHaveAdded) {
  put("self/task/11/schedstat", "5 250000000 10\n");
  put("self/task/12/schedstat", "1 750000000 1\n");
  ProcMachine machine(root_);
  EXPECT_NEAR(*machine.run_delay_s(), 1.0, 1e-9);
  drop("self/task/12");
  EXPECT_NEAR(*machine.run_delay_s(), 1.0, 1e-9);
  put("self/task/11/schedstat", "5 500000000 10\n");
  put("self/task/13/schedstat", "1 100000000 1\n");
  EXPECT_NEAR(*machine.run_delay_s(), 1.35, 1e-9);
}

TEST_F(MachineProbeTree, WhatCannotBeReadIsUnknown) {
  ProcMachine machine(root_);
  MachineCounters c = machine.read();
  EXPECT_FALSE(c.capacity_s || c.busy_s || c.steal_s || machine.run_delay_s());
  put("stat", "cpu torn");
  put("self/task/11/schedstat", "no number\n");
  c = machine.read();
  EXPECT_FALSE(c.capacity_s || machine.run_delay_s());
  put("stat", "cpu  1 1 1 1 1 1 1 1 0 0\n");
  EXPECT_TRUE(machine.read().capacity_s) << "it may come later";
}

TEST(MachineProbe, SharesAreDifferencesOfWhatIsKnown) {
  const MachineCounters before{10, 5, 1, 4};
  const MachineCounters after{12, 6.5, 1.1, 5.2};
  const MachineShares s = shares(before, after);
  EXPECT_NEAR(*s.steal, 0.05, 1e-9);
  EXPECT_NEAR(*s.foreign, 0.15, 1e-9);
  const MachineShares unknown = shares({}, after);
  EXPECT_FALSE(unknown.steal || unknown.foreign);
  const MachineShares still = shares(after, after);
  EXPECT_FALSE(still.steal || still.foreign);
  EXPECT_EQ(*shares(after, {14, 6, 1, 9}).foreign, 0) << "never below nothing";
}

TEST(MachineProbe, RealOneCountsItsOwnWork) {
  ProcMachine machine;
  const MachineCounters before = machine.read();
  volatile unsigned sink = 0;
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  const double end_s = static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9 + 0.2;
  do {
    for (int i = 0; i < 10000; ++i) sink = sink + 1;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  } while (static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9 < end_s);
  const MachineCounters after = machine.read();
  EXPECT_GE(*after.own_s - *before.own_s, 0.2 - 1e-6);
  ASSERT_TRUE(after.capacity_s && before.capacity_s);
  EXPECT_GT(*after.capacity_s, *before.capacity_s);
}

}  // namespace
}  // namespace keisei::guard
