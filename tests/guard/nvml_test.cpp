#include "guard/nvml.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace keisei::guard {
namespace {

std::string fake(const std::string& kind) { return std::string(FAKE_NVML_DIR "/libfake_nvml_") + kind + ".so"; }

/// Every figure of a sample, for what must hold of all.
std::vector<const Reading*> figures(const GpuSample& gpu) {
  return {&gpu.utilization_percent, &gpu.memory_utilization_percent,
          &gpu.memory_used_mb,      &gpu.memory_total_mb,
          &gpu.temperature_c,       &gpu.power_w};
}

TEST(Nvml, MissingLibraryIsUnknownInTheLoadersWords) {
  Nvml nvml("libno-such-thing-ml.so.1");
  EXPECT_FALSE(nvml.available());
  EXPECT_TRUE(nvml.why().starts_with("unknown: ")) << nvml.why();
  EXPECT_NE(nvml.why().find("libno-such-thing-ml.so.1"), std::string::npos) << nvml.why();
  EXPECT_TRUE(nvml.sample().empty());
  const Reading busiest = busiest_gpu(nvml.sample(), nvml.why());
  EXPECT_FALSE(busiest.value) << "no GPU is not a GPU at rest";
  EXPECT_EQ(busiest.source, nvml.why());
}

TEST(Nvml, ThisMachineGivesDevicesOrAReason) {
  Nvml nvml;
  EXPECT_EQ(nvml.available(), nvml.why().empty());
  EXPECT_EQ(nvml.available(), !nvml.sample().empty());
}

TEST(Nvml, DriverWithoutDevicesAndDriverThatIsNotRunning) {
  Nvml none(fake("none"));
  EXPECT_FALSE(none.available());
  EXPECT_NE(none.why().find("no device"), std::string::npos) << none.why();
  Nvml unready(fake("unready"));
  EXPECT_FALSE(unready.available());
  EXPECT_EQ(unready.why(), "unknown: nvmlInit_v2: Driver Not Loaded");
}

TEST(Nvml, ReadsADevice) {
  Nvml nvml(fake("one"));
  ASSERT_TRUE(nvml.available()) << nvml.why();
  EXPECT_EQ(nvml.driver(), "535.104.05");
  const auto gpus = nvml.sample();
  ASSERT_EQ(gpus.size(), 1U);
  EXPECT_EQ(gpus[0].name, "Fake GPU 0");
  EXPECT_EQ(gpus[0].utilization_percent.value, 10.0);
  EXPECT_EQ(gpus[0].memory_utilization_percent.value, 5.0);
  EXPECT_EQ(gpus[0].memory_used_mb.value, 1000.0);
  EXPECT_EQ(gpus[0].memory_total_mb.value, 8000.0);
  EXPECT_EQ(gpus[0].temperature_c.value, 55.0);
  EXPECT_DOUBLE_EQ(gpus[0].power_w.value.value(), 71.5);
  for (const Reading* figure : figures(gpus[0])) EXPECT_EQ(figure->source.substr(0, 4), "nvml");
}

TEST(Nvml, ProcessesHaveTheirNewestFigureOnce) {
  Nvml nvml(fake("one"));
  const auto first = nvml.sample();
  ASSERT_EQ(first.at(0).processes.size(), 2U);
  EXPECT_EQ(first[0].processes[0].pid, 100);
  EXPECT_EQ(first[0].processes[0].utilization_percent, 30);
  EXPECT_EQ(first[0].processes[1].pid, 200);
  const auto second = nvml.sample();
  EXPECT_TRUE(second.at(0).processes.empty()) << "nothing has happened since";
  EXPECT_EQ(second[0].processes_source, "nvmlDeviceGetProcessUtilization");
}

TEST(Nvml, TheBusiestOfThreeCounts) {
  Nvml nvml(fake("three"));
  const auto gpus = nvml.sample();
  ASSERT_EQ(gpus.size(), 3U);
  EXPECT_EQ(busiest_gpu(gpus, nvml.why()).value, 50.0);
  EXPECT_EQ(gpus[2].processes_source, "unknown: nvmlDeviceGetProcessUtilization: Not Supported");
}

TEST(Nvml, OneTroubledFigureLeavesTheOthersAndIsNeverAZero) {
  Nvml nvml(fake("troubled"));
  ASSERT_TRUE(nvml.available()) << nvml.why();
  const auto gpus = nvml.sample();
  ASSERT_EQ(gpus.size(), 3U);
  EXPECT_EQ(gpus[0].utilization_percent.source, "unknown: nvmlDeviceGetUtilizationRates: Not Supported");
  EXPECT_EQ(gpus[0].memory_used_mb.source, "unknown: nvmlDeviceGetMemoryInfo: error 999");
  EXPECT_EQ(gpus[0].temperature_c.value, 55.0);
  EXPECT_EQ(gpus[0].name.find('\033'), std::string::npos) << "a name goes to terminals";
  EXPECT_LE(gpus[0].name.size(), 96U);
  for (const Reading* figure : figures(gpus[1])) {
    EXPECT_FALSE(figure->value);
    EXPECT_EQ(figure->source, "unknown: nvmlDeviceGetHandleByIndex_v2: GPU is lost");
  }
  EXPECT_FALSE(gpus[2].utilization_percent.value) << "4,000,000,000 percent is no utilisation";
  const Reading busiest = busiest_gpu(gpus, nvml.why());
  EXPECT_FALSE(busiest.value) << "the device that is not seen may be the busy one";
  EXPECT_NE(busiest.source.find("device 0"), std::string::npos) << busiest.source;
}

TEST(Nvml, MissingFunctionsAreNamed) {
  Nvml partial(fake("partial"));
  ASSERT_TRUE(partial.available()) << partial.why();
  EXPECT_EQ(partial.driver(), "");
  const auto gpus = partial.sample();
  ASSERT_EQ(gpus.size(), 1U);
  for (const Reading* figure : figures(gpus[0])) {
    EXPECT_FALSE(figure->value);
    EXPECT_TRUE(figure->source.starts_with("unknown: the library has no nvmlDeviceGet")) << figure->source;
  }
  Nvml empty(fake("empty"));
  EXPECT_FALSE(empty.available());
  EXPECT_NE(empty.why().find("has no nvmlInit_v2"), std::string::npos) << empty.why();
}

TEST(Nvml, ShutsDownWhatItStartedOnce) {
  void* library = ::dlopen(fake("one").c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  const auto sessions = reinterpret_cast<int (*)()>(::dlsym(library, "fake_nvml_sessions"));
  ASSERT_NE(sessions, nullptr);
  {
    Nvml first(fake("one"));
    EXPECT_EQ(sessions(), 1);
    Nvml second(std::move(first));
    EXPECT_EQ(second.sample().size(), 1U);
    EXPECT_EQ(sessions(), 1);
  }
  EXPECT_EQ(sessions(), 0);
  ::dlclose(library);
}

}  // namespace
}  // namespace keisei::guard
