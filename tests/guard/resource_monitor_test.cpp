#include "guard/resource_monitor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace keisei::guard {
namespace {

namespace fs = std::filesystem;

class FakeMachine : public testing::Test {
 protected:
  FakeMachine() : root_(fs::path(testing::TempDir()) / ("monitor-" + std::to_string(::getpid()))) {
    fs::create_directories(root_);
  }
  ~FakeMachine() override { fs::remove_all(root_); }
  void put(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  ResourceMonitor monitor() { return ResourceMonitor(clock_, root_ / "proc", root_ / "cgroup"); }
  FakeClock clock_;
  fs::path root_;
};

TEST_F(FakeMachine, NothingReadableMeansEverythingUnknownWithAReason) {
  auto m = monitor();
  const Resources r = m.sample();
  for (const Reading* reading :
       {&r.process_cpu_percent, &r.machine_cpu_percent, &r.steal_percent, &r.rss_mb, &r.rss_peak_mb, &r.pss_mb,
        &r.cpu_pressure_percent, &r.memory_pressure_percent, &r.memory_limit_mb, &r.cpu_quota_cores, &r.gpu_percent}) {
    EXPECT_FALSE(reading->value);
    EXPECT_TRUE(reading->source.starts_with("unknown: ")) << reading->source;
  }
}

TEST_F(FakeMachine, RatesAreOfTheTimeBetweenSamples) {
  put("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
  put("proc/self/stat", "1 (a) b) R 0 0 0 0 0 0 0 0 0 0 10 5 0 0\n");
  auto m = monitor();
  EXPECT_FALSE(m.sample().machine_cpu_percent.value);
  put("proc/stat", "cpu  160 0 110 910 0 0 0 20 0 0\n");
  put("proc/self/stat", "1 (a) b) R 0 0 0 0 0 0 0 0 0 0 100 15 0 0\n");
  clock_.advance_ns(2'000'000'000);
  const Resources r = m.sample();
  EXPECT_NEAR(r.machine_cpu_percent.value.value(), 35, 1e-9);  // 70 of 200 ticks
  EXPECT_NEAR(r.steal_percent.value.value(), 10, 1e-9);
  EXPECT_NEAR(r.process_cpu_percent.value.value(), 100.0 * (100.0 / static_cast<double>(::sysconf(_SC_CLK_TCK))) / 2,
              1e-9);
}

TEST_F(FakeMachine, ControlGroupsOfBothVersions) {
  put("proc/self/cgroup", "0::/job\n");
  put("cgroup/job/memory.max", "500000000\n");
  put("cgroup/job/cpu.max", "150000 100000\n");
  auto m = monitor();
  EXPECT_NEAR(m.sample().memory_limit_mb.value.value(), 500, 1e-9);
  EXPECT_NEAR(m.sample().cpu_quota_cores.value.value(), 1.5, 1e-9);
  put("cgroup/job/memory.max", "max\n");
  put("cgroup/job/cpu.max", "max 100000\n");
  EXPECT_FALSE(m.sample().memory_limit_mb.value);
  EXPECT_FALSE(m.sample().cpu_quota_cores.value);
  put("proc/self/cgroup", "5:cpuset:/x\n4:memory:/old\n2:cpu,cpuacct:/old\n");
  put("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");  // group path not mounted: the root's
  put("cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  EXPECT_FALSE(m.sample().memory_limit_mb.value) << "v1 writes no limit as a huge number";
  EXPECT_FALSE(m.sample().cpu_quota_cores.value);
  put("cgroup/memory/old/memory.limit_in_bytes", "250000000\n");
  EXPECT_NEAR(m.sample().memory_limit_mb.value.value(), 250, 1e-9);
}

TEST_F(FakeMachine, PressureAndProportionalSet) {
  put("proc/pressure/cpu",
      "some avg10=12.50 avg60=1.00 avg300=0.10 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
  put("proc/77/smaps_rollup", "0-1 ---p 0 0:0 0 [rollup]\nRss:  2000 kB\nPss:  1000 kB\n");
  auto m = monitor();
  EXPECT_DOUBLE_EQ(m.sample().cpu_pressure_percent.value.value(), 12.5);
  EXPECT_DOUBLE_EQ(m.pss_mb(77).value.value(), 1.024);
  EXPECT_FALSE(m.pss_mb(78).value);
}

TEST(ResourceMonitor, ReadsThisProcess) {
  const SystemClock clock;
  ResourceMonitor monitor(clock);
  const Resources r = monitor.sample();
  EXPECT_GT(r.rss_mb.value.value(), 1);
  EXPECT_GE(r.rss_peak_mb.value.value(), r.rss_mb.value.value() * 0.5);
  EXPECT_GT(monitor.pss_mb(::getpid()).value.value(), 0.1);
}

}  // namespace
}  // namespace keisei::guard
