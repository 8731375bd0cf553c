#include "guard/cgroup.h"

#include <gtest/gtest.h>

#include "guard/fake_tree.h"

namespace keisei::guard {
namespace {

class CgroupsTest : public FakeTree {
 protected:
  Cgroups groups() { return Cgroups(root_ / "proc", root_ / "cgroup"); }
};

TEST_F(CgroupsTest, UnifiedLimitsAreTheTightestAncestors) {
  put("proc/self/cgroup", "0::/user.slice/job.scope/step\n");
  put("cgroup/user.slice/job.scope/step/memory.max", "800000000\n");
  put("cgroup/user.slice/job.scope/step/memory.current", "1000000\n");
  put("cgroup/user.slice/job.scope/step/cpu.max", "max 100000\n");
  put("cgroup/user.slice/job.scope/memory.max", "500000000\n");
  put("cgroup/user.slice/job.scope/memory.current", "300000000\n");
  put("cgroup/user.slice/job.scope/cpu.max", "250000 100000\n");
  put("cgroup/user.slice/memory.max", "max\n");
  put("cgroup/user.slice/cpu.max", "20000 10000\n");
  Cgroups cgroups = groups();
  const CgroupReadings r = cgroups.read();
  EXPECT_DOUBLE_EQ(r.memory_limit_mb.value.value(), 500);
  EXPECT_NE(r.memory_limit_mb.source.find("job.scope/memory.max"), std::string::npos) << r.memory_limit_mb.source;
  EXPECT_DOUBLE_EQ(r.memory_current_mb.value.value(), 300) << "of the group that sets the limit";
  EXPECT_DOUBLE_EQ(r.cpu_quota_cores.value.value(), 2);
}

TEST_F(CgroupsTest, LimitsThatChangeAreSeen) {
  put("proc/self/cgroup", "0::/job\n");
  put("cgroup/job/memory.max", "max\n");
  put("cgroup/job/memory.current", "42000000\n");
  put("cgroup/job/cpu.max", "max 100000\n");
  Cgroups cgroups = groups();
  CgroupReadings r = cgroups.read();
  EXPECT_FALSE(r.memory_limit_mb.value);
  EXPECT_EQ(r.memory_limit_mb.source, "unknown: no control group limits memory");
  EXPECT_DOUBLE_EQ(r.memory_current_mb.value.value(), 42) << "without a limit, of the process's own group";
  EXPECT_FALSE(r.cpu_quota_cores.value);
  put("cgroup/job/memory.max", "600000000\n");
  EXPECT_DOUBLE_EQ(cgroups.read().memory_limit_mb.value.value(), 600);
  put("proc/self/cgroup", "0::/other\n");
  put("cgroup/other/memory.max", "700000000\n");
  EXPECT_DOUBLE_EQ(cgroups.read().memory_limit_mb.value.value(), 700) << "the process was moved";
}

TEST_F(CgroupsTest, VersionOneWithNestedGroupsAndSharedHierarchies) {
  put("proc/self/cgroup", "12:cpuset:/x\n4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n1:name=systemd:/\n0::/\n");
  put("cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n");
  put("cgroup/memory/docker/abc/memory.usage_in_bytes", "1000000\n");
  put("cgroup/memory/docker/memory.limit_in_bytes", "250000000\n");
  put("cgroup/memory/docker/memory.usage_in_bytes", "90000000\n");
  put("cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "150000\n");
  put("cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "50000\n");
  put("cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "-1\n");
  Cgroups cgroups = groups();
  const CgroupReadings r = cgroups.read();
  EXPECT_DOUBLE_EQ(r.memory_limit_mb.value.value(), 250) << "a number near 2^63 is no limit";
  EXPECT_DOUBLE_EQ(r.memory_current_mb.value.value(), 90);
  EXPECT_DOUBLE_EQ(r.cpu_quota_cores.value.value(), 3);
}

TEST_F(CgroupsTest, InAContainerTheRootOfTheTreeCounts) {
  put("proc/self/cgroup", "4:memory:/docker/abc\n");
  put("cgroup/memory/memory.limit_in_bytes", "100000000\n");
  EXPECT_DOUBLE_EQ(groups().read().memory_limit_mb.value.value(), 100);
}

TEST_F(CgroupsTest, HybridTreesHaveVersionTwoBeside) {
  put("proc/self/cgroup", "4:memory:/\n0::/job\n");
  put("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  put("cgroup/unified/job/cpu.max", "50000 100000\n");
  const CgroupReadings r = groups().read();
  EXPECT_FALSE(r.memory_limit_mb.value);
  EXPECT_DOUBLE_EQ(r.cpu_quota_cores.value.value(), 0.5);
}

TEST_F(CgroupsTest, MissingGarbageAndHostileTextsAreUnknown) {
  const CgroupReadings nothing = groups().read();
  for (const Reading* reading : {&nothing.memory_limit_mb, &nothing.memory_current_mb, &nothing.cpu_quota_cores}) {
    EXPECT_FALSE(reading->value);
    EXPECT_TRUE(reading->source.starts_with("unknown: cannot read ")) << reading->source;
  }
  put("outside/memory.max", "1\n");
  put("cgroup/memory.max", "garbage\n");
  put("cgroup/cpu.max", "0 0\n");
  std::string deep = "0::";
  for (int i = 0; i < 2000; ++i) deep += "/d";
  for (const std::string& text : {std::string("0::/../outside\n"), std::string("\n\n:::\n0::no-slash\n"), deep,
                                  std::string(5000, ':'), std::string("4:memory")}) {
    put("proc/self/cgroup", text);
    const CgroupReadings r = groups().read();
    EXPECT_FALSE(r.memory_limit_mb.value) << text.substr(0, 40);
    EXPECT_FALSE(r.cpu_quota_cores.value) << text.substr(0, 40);
  }
}

TEST_F(CgroupsTest, UnreadableIsNotTheSameAsUnlimited) {
  put("proc/self/cgroup", "0::/\n");
  EXPECT_EQ(groups().read().memory_limit_mb.source, "unknown: no memory control group is readable");
}

TEST_F(CgroupsTest, UnifiedGroupsStartWithTheOwn) {
  put("cgroup/cgroup.controllers", "memory\n");
  for (const char* group : {"cgroup/", "cgroup/a/", "cgroup/a/b/"}) put(std::string(group) + "cgroup.procs", "");
  const auto groups = unified_groups("3:memory:/v1\n0::/a/b\n", root_ / "cgroup");
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0], root_ / "cgroup/a/b");
  EXPECT_EQ(groups[2], root_ / "cgroup");
  EXPECT_TRUE(unified_groups("3:memory:/v1\n", root_ / "cgroup").empty());
  EXPECT_TRUE(unified_groups("0::/a\n", root_ / "elsewhere").empty());
}

}  // namespace
}  // namespace keisei::guard
