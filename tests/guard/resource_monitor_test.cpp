#include "guard/resource_monitor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "guard/fake_tree.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

class MonitorTest : public FakeTree {
 protected:
  ResourceMonitor monitor() { return ResourceMonitor(clock_, root_ / "proc", root_ / "cgroup"); }
  /// /proc/<pid>/stat with these processor times, in ticks.
  void put_stat(const std::string& pid, int cpu, int children, int start = 5) {
    put("proc/" + pid + "/stat", "7 (a) b) R 1 2 3 0 0 0 0 0 0 0 " + std::to_string(cpu) + " 0 " +
                                     std::to_string(children) + " 0 20 0 1 0 " + std::to_string(start) + " 0 0\n");
  }
  void put_machine(int busy, int idle, int steal) {
    put("proc/stat",
        "cpu  " + std::to_string(busy) + " 0 0 " + std::to_string(idle) + " 0 0 0 " + std::to_string(steal) + " 0 0\n");
  }
  void second() { clock_.advance_ns(1'000'000'000); }
  FakeClock clock_;
};

TEST_F(MonitorTest, NothingReadableMeansEverythingUnknownWithAReason) {
  auto m = monitor();
  for (int i = 0; i < 2; ++i, second()) {
    const Resources r = m.sample();
    for (const Reading* reading :
         {&r.process_cpu_percent, &r.machine_cpu_percent, &r.steal_percent, &r.foreign_cpu_percent,
          &r.run_delay_percent, &r.rss_mb, &r.rss_peak_mb, &r.cpu_pressure_percent, &r.memory_pressure_percent,
          &r.io_pressure_percent, &r.memory_limit_mb, &r.memory_current_mb, &r.cpu_quota_cores, &r.gpu_percent}) {
      EXPECT_FALSE(reading->value);
      EXPECT_TRUE(reading->source.starts_with("unknown: ")) << reading->source;
      EXPECT_EQ(reading->source.find("two samples"), std::string::npos) << "a second sample would not help";
    }
    EXPECT_TRUE(r.core_cpu_percent.empty());
    EXPECT_TRUE(r.core_cpu_source.starts_with("unknown: ")) << r.core_cpu_source;
  }
  const ProcessMemory memory = m.memory(0);
  for (const Reading* reading : {&memory.rss_mb, &memory.rss_peak_mb, &memory.pss_mb}) EXPECT_FALSE(reading->value);
}

TEST_F(MonitorTest, RatesAreOfTheTimeBetweenSamples) {
  put("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
  put_stat("self", 15, 0);
  auto m = monitor();
  const Resources first = m.sample();
  EXPECT_EQ(first.machine_cpu_percent.source, "unknown: a rate needs two samples");
  EXPECT_FALSE(first.process_cpu_percent.value);
  put("proc/stat", "cpu  160 0 110 910 0 0 0 20 0 0\n");
  put_stat("self", 115, 0);
  clock_.advance_ns(2'000'000'000);
  const Resources r = m.sample();
  EXPECT_NEAR(r.machine_cpu_percent.value.value(), 35, 1e-9);  // 70 of 200 ticks
  EXPECT_NEAR(r.steal_percent.value.value(), 10, 1e-9);
  EXPECT_NEAR(r.process_cpu_percent.value.value(), 100.0 * (100.0 / static_cast<double>(::sysconf(_SC_CLK_TCK))) / 2,
              1e-9);
  const Resources still = m.sample();
  EXPECT_FALSE(still.machine_cpu_percent.value) << "no tick has passed, so no share is known";
  EXPECT_FALSE(still.process_cpu_percent.value);
}

TEST_F(MonitorTest, CoresAreToldByNumber) {
  put("proc/stat", "cpu  0 0 0 300 0 0 0 0\ncpu0 0 0 0 100 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0\ncpu3 0 0 0 100 0 0 0 0\n");
  auto m = monitor();
  (void)m.sample();
  second();
  put("proc/stat",
      "cpu  175 0 0 425 0 0 0 0\ncpu0 100 0 0 100 0 0 0 0\ncpu2 50 0 0 50 0 0 0 0\ncpu3 25 0 0 175 0 0 0 0\n");
  const Resources r = m.sample();
  ASSERT_EQ(r.core_cpu_percent.size(), 2U) << "core 1 went offline, core 2 has just come";
  EXPECT_EQ(r.core_cpu_percent[0], std::pair(0, 100.0));
  EXPECT_EQ(r.core_cpu_percent[1], std::pair(3, 25.0));
}

TEST_F(MonitorTest, ForeignIsWhatNobodyOfUsUsedAndNobodyStole) {
  put_machine(1000, 9000, 0);
  put_stat("self", 100, 0);
  put_stat("71", 500, 0);
  auto m = monitor();
  const pid_t workers[] = {71};
  EXPECT_FALSE(m.sample(workers).foreign_cpu_percent.value);
  second();
  put_machine(1100, 9080, 20);  // 200 ticks: 100 busy, 20 stolen
  put_stat("self", 140, 0);     // 40 of ours
  put_stat("71", 510, 15);      // 25 of the worker and its child
  EXPECT_NEAR(m.sample(workers).foreign_cpu_percent.value.value(), 100 * 35.0 / 200, 1e-9);
  second();
  put_machine(1200, 9180, 20);  // 100 busy of 200
  put_stat("self", 150, 555);   // the worker ended at 555: 30 more than it had, now among our children
  put("proc/71/stat", "");      // as the kernel answers when a process is gone: nothing to be read
  EXPECT_NEAR(m.sample().foreign_cpu_percent.value.value(), 100 * 60.0 / 200, 1e-9);
}

TEST_F(MonitorTest, AWorkersPastIsNotOfThisInterval) {
  put_machine(1000, 9000, 0);
  put_stat("self", 0, 0);
  auto m = monitor();
  (void)m.sample();
  second();
  put_machine(1100, 9100, 0);
  put_stat("71", 90, 0);
  const pid_t workers[] = {71};
  EXPECT_NEAR(m.sample(workers).foreign_cpu_percent.value.value(), 50, 1e-9) << "it may have run before";
  second();
  put_machine(1200, 9200, 0);
  put_stat("71", 190, 0);
  EXPECT_NEAR(m.sample(workers).foreign_cpu_percent.value.value(), 0, 1e-9);
  second();
  put_machine(1300, 9300, 0);
  put_stat("71", 500, 0, 999);  // another process has its number now; the old one was reaped by somebody else
  EXPECT_NEAR(m.sample(workers).foreign_cpu_percent.value.value(), 50, 1e-9);
}

TEST_F(MonitorTest, CountersThatStepBackAreNoNegativeShare) {
  put_machine(1000, 9000, 50);
  put_stat("self", 500, 0);
  auto m = monitor();
  (void)m.sample();
  second();
  put_machine(990, 9200, 40);
  put_stat("self", 400, 0);
  const Resources r = m.sample();
  EXPECT_EQ(r.machine_cpu_percent.value, 0.0);
  EXPECT_EQ(r.steal_percent.value, 0.0);
  EXPECT_EQ(r.process_cpu_percent.value, 0.0);
}

TEST_F(MonitorTest, RunDelayIsOfAllThreadsThatLive) {
  put("proc/self/task/10/schedstat", "5 1000000000 1\n");
  put("proc/self/task/11/schedstat", "5 7000000000 1\n");
  auto m = monitor();
  EXPECT_EQ(m.sample().run_delay_percent.source, "unknown: a rate needs two samples");
  clock_.advance_ns(2'000'000'000);
  put("proc/self/task/10/schedstat", "5 1500000000 1\n");
  drop("proc/self/task/11");
  put("proc/self/task/12/schedstat", "5 9000000000 1\n");  // began meanwhile: what it waited before is not known
  EXPECT_NEAR(m.sample().run_delay_percent.value.value(), 25, 1e-9);
  second();
  put("proc/self/task/12/schedstat", "5 9100000000 1\n");
  EXPECT_NEAR(m.sample().run_delay_percent.value.value(), 10, 1e-9);
  put("proc/self/task/10/schedstat", "none\n");
  drop("proc/self/task/12");
  second();
  EXPECT_FALSE(m.sample().run_delay_percent.value);
}

TEST_F(MonitorTest, PressureMemoryAndLimits) {
  for (const char* what : {"cpu", "memory", "io"}) {
    put(std::string("proc/pressure/") + what, "some avg10=12.50 avg60=1.00 avg300=0.10 total=1\n");
  }
  put("proc/self/status", "Name:\tkeisei\nVmHWM:\t   3000 kB\nVmRSS:\t   2000 kB\n");
  put("proc/self/cgroup", "0::/job\n");
  put("cgroup/job/memory.max", "500000000\n");
  put("cgroup/job/cpu.max", "150000 100000\n");
  auto m = monitor();
  const Resources r = m.sample();
  EXPECT_EQ(r.cpu_pressure_percent.value, 12.5);
  EXPECT_EQ(r.memory_pressure_percent.value, 12.5);
  EXPECT_EQ(r.io_pressure_percent.value, 12.5);
  EXPECT_DOUBLE_EQ(r.rss_mb.value.value(), 2.048);
  EXPECT_DOUBLE_EQ(r.rss_peak_mb.value.value(), 3.072);
  EXPECT_NEAR(r.memory_limit_mb.value.value(), 500, 1e-9);
  EXPECT_NEAR(r.cpu_quota_cores.value.value(), 1.5, 1e-9);
}

TEST_F(MonitorTest, MemoryOfAnyProcess) {
  put("proc/77/smaps_rollup", "0-1 ---p 0 0:0 0 [rollup]\nRss:  2000 kB\nPss:  1000 kB\n");
  put("proc/77/status", "VmRSS:\t2000 kB\n");
  const auto m = monitor();
  EXPECT_DOUBLE_EQ(m.pss_mb(77).value.value(), 1.024);
  EXPECT_FALSE(m.pss_mb(78).value);
  const ProcessMemory memory = m.memory(77);
  EXPECT_DOUBLE_EQ(memory.pss_mb.value.value(), 1.024);
  EXPECT_DOUBLE_EQ(memory.rss_mb.value.value(), 2.048);
  EXPECT_FALSE(memory.rss_peak_mb.value);
}

TEST_F(MonitorTest, GarbageIsUnknown) {
  for (const char* file : {"stat", "self/stat", "self/status", "self/cgroup", "pressure/cpu", "pressure/io",
                           "self/task/1/schedstat", "self/task/x/schedstat", "5/stat"}) {
    put(std::string("proc/") + file, std::string(300'000, '\xff'));
  }
  auto m = monitor();
  const pid_t workers[] = {5, -3, 0};
  for (int i = 0; i < 2; ++i, second()) {
    const Resources r = m.sample(workers);
    EXPECT_FALSE(r.machine_cpu_percent.value);
    EXPECT_FALSE(r.foreign_cpu_percent.value);
    EXPECT_FALSE(r.run_delay_percent.value);
    EXPECT_FALSE(r.rss_mb.value);
    EXPECT_FALSE(r.cpu_pressure_percent.value);
  }
}

TEST_F(MonitorTest, DevicesOfTheLibraryAreInTheSample) {
  Nvml gpu(FAKE_NVML_DIR "/libfake_nvml_three.so");
  ResourceMonitor with(clock_, root_ / "proc", root_ / "cgroup", &gpu);
  const Resources r = with.sample();
  EXPECT_EQ(r.gpus.size(), 3U);
  EXPECT_EQ(r.gpu_percent.value, 50.0);
  Nvml none("libno-such-thing-ml.so.1");
  ResourceMonitor without(clock_, root_ / "proc", root_ / "cgroup", &none);
  EXPECT_EQ(without.sample().gpu_percent.source, none.why());
}

TEST(KeptFile, FollowsAFileThatAppearsChangesAndGoes) {
  const std::string path = testing::TempDir() + "kept-" + std::to_string(::getpid());
  KeptFile file(path, 4000);
  EXPECT_FALSE(file.read());
  std::ofstream(path) << "first";
  EXPECT_EQ(file.read(), "first");
  std::ofstream(path) << std::string(3000, 'x');
  EXPECT_EQ(file.read().value_or("").size(), 3000U) << "longer than its first buffer";
  std::ofstream(path) << std::string(9000, 'x');
  EXPECT_EQ(file.read().value_or("").size(), 4000U) << "no more than its bound";
  std::ofstream(path) << "";
  EXPECT_EQ(file.read(), "");
  std::filesystem::remove(path);
  KeptFile directory(testing::TempDir());
  EXPECT_FALSE(directory.read());
}

TEST(ResourceMonitor, ReadsThisProcess) {
  const SystemClock clock;
  ResourceMonitor monitor(clock);
  const Resources r = monitor.sample();
  EXPECT_GT(r.rss_mb.value.value(), 1);
  EXPECT_GE(r.rss_peak_mb.value.value(), r.rss_mb.value.value() * 0.5);
  EXPECT_GT(monitor.pss_mb(::getpid()).value.value(), 0.1);
  EXPECT_GT(monitor.memory(0).pss_mb.value.value(), 0.1);
}

TEST(ResourceMonitor, SeesThisMachineAtWork) {
  const SystemClock clock;
  ResourceMonitor monitor(clock);
  (void)monitor.sample();
  const double begin_s = clock.monotonic_s();
  std::atomic<std::uint64_t> work = 0;
  while (clock.monotonic_s() < begin_s + 0.2) ++work;
  Resources r = monitor.sample();
  EXPECT_TRUE(stage::eventually([&] {  // until ticks are counted, however slow the machine is
    if (r.machine_cpu_percent.value && r.process_cpu_percent.value.value_or(0) > 0) return true;
    for (int i = 0; i < 1'000'000; ++i) ++work;
    r = monitor.sample();
    return false;
  }));
  ASSERT_TRUE(r.machine_cpu_percent.value) << r.machine_cpu_percent.source;
  EXPECT_GT(*r.machine_cpu_percent.value, 0);
  EXPECT_LE(*r.machine_cpu_percent.value, 100);
  ASSERT_TRUE(r.foreign_cpu_percent.value) << r.foreign_cpu_percent.source;
  EXPECT_LE(*r.foreign_cpu_percent.value, *r.machine_cpu_percent.value);
  EXPECT_FALSE(r.core_cpu_percent.empty()) << r.core_cpu_source;
}

TEST(ResourceMonitor, DescriptorsDoNotGrowWithSamplesOrWithThreadsThatEnded) {
  const SystemClock clock;
  ResourceMonitor monitor(clock);
  std::jthread([] {}).join();  // a sanitizer starts a thread of its own with the first
  (void)monitor.sample();
  const std::size_t open = stage::open_descriptors();
  for (int i = 0; i < 20; ++i) {
    std::jthread passing([&] { (void)proc::runnable(::getpid()); });
    (void)monitor.sample();
  }
  ASSERT_TRUE(stage::eventually([&] {
    (void)monitor.sample();
    return stage::open_descriptors() <= open;
  }));
}

}  // namespace
}  // namespace keisei::guard
