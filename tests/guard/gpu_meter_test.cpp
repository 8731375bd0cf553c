// GPU utilisation of a job, from the stand-in library up to the verdict.
#include "guard/gpu_meter.h"

#include <gtest/gtest.h>

#include "guard/sla.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

constexpr double kPeriod_s = 0.002;

std::string fake(const std::string& kind) { return std::string(FAKE_NVML_DIR "/libfake_nvml_") + kind + ".so"; }

/// Asks until the meter has a value for a job that began before.
Reading measured(GpuMeter& meter) {
  Reading reading;
  EXPECT_TRUE(eventually([&] {
    const GpuMeter::Mark mark = meter.begin();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    reading = meter.end(mark);
    return reading.value.has_value();
  }));
  return reading;
}

const Verdict& gpu_verdict(const std::vector<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.clause == "gpu") return verdict;
  }
  ADD_FAILURE() << "no verdict on the GPU";
  return verdicts.front();
}

TEST(GpuMeter, MeanOfTheBusiestDevice) {
  GpuMeter meter(fake("three"), kPeriod_s);
  const Reading reading = measured(meter);
  EXPECT_DOUBLE_EQ(reading.value.value(), 50);
  EXPECT_TRUE(reading.source.starts_with("NVML, busiest device, mean of ")) << reading.source;
}

TEST(GpuMeter, MemoryIsThatOfAllDevicesAndUnknownWithoutOne) {
  GpuMeter meter(fake("three"), kPeriod_s);
  EXPECT_FALSE(meter.memory_used_mb().value) << "nothing was asked yet";
  (void)measured(meter);
  EXPECT_DOUBLE_EQ(meter.memory_used_mb().value.value(), 1000 + 2000 + 3000);
  GpuMeter none("libno-such-thing-ml.so.1", kPeriod_s);
  EXPECT_TRUE(eventually([&] {
    (void)none.end(none.begin());
    return none.memory_used_mb().source.find("libno-such-thing-ml.so.1") != std::string::npos;
  }));
  EXPECT_FALSE(none.memory_used_mb().value);
}

TEST(GpuMeter, JobsThatOverlapHaveTheirOwnMarks) {
  GpuMeter meter(fake("one"), kPeriod_s);
  const GpuMeter::Mark outer = meter.begin();
  EXPECT_DOUBLE_EQ(measured(meter).value.value(), 10);
  const Reading reading = meter.end(outer);
  EXPECT_DOUBLE_EQ(reading.value.value(), 10) << "it saw what the inner one saw";
}

TEST(GpuMeter, NoLibraryIsUnknownWithTheReason) {
  GpuMeter meter("libno-such-thing-ml.so.1", kPeriod_s);
  std::string why;
  EXPECT_TRUE(eventually([&] {
    const Reading reading = meter.end(meter.begin());
    EXPECT_FALSE(reading.value);
    why = reading.source;
    return why.find("libno-such-thing-ml.so.1") != std::string::npos;
  })) << why;
  EXPECT_TRUE(why.starts_with("unknown: "));
}

TEST(GpuMeter, ADeviceThatCannotBeReadMakesTheJobUnknown) {
  GpuMeter meter(fake("troubled"), kPeriod_s);
  std::string why;
  EXPECT_TRUE(eventually([&] {
    const GpuMeter::Mark mark = meter.begin();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const Reading reading = meter.end(mark);
    EXPECT_FALSE(reading.value) << "the device that is not seen may be the busy one";
    why = reading.source;
    return why.find("Not Supported (device 0)") != std::string::npos;
  })) << why;
}

TEST(GpuMeter, AJobWithoutASampleIsUnknown) {
  GpuMeter meter(fake("one"), 1e6);
  const Reading reading = meter.end(meter.begin());
  EXPECT_FALSE(reading.value);
  EXPECT_EQ(reading.source, "unknown: the job ended before the GPU was asked");
}

TEST(GpuMeter, ShutsTheLibraryDown) {
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    GpuMeter meter(fake("one"), kPeriod_s);
    (void)meter.end(meter.begin());
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Supervisor, GpuUtilisationReachesTheVerdict) {
  SupervisorOptions o = options();
  o.gpu_library = fake("three");
  o.gpu_period_s = kPeriod_s;
  Stage s(o);
  JobReport report;
  ASSERT_TRUE(eventually([&] {
    report = s.run(job("work 20"));
    return report.performance.gpu_utilization_percent.has_value();
  })) << report.performance.gpu_source;
  EXPECT_DOUBLE_EQ(*report.performance.gpu_utilization_percent, 50);
  const Verdict met = gpu_verdict(judge(report.performance, report.end, Targets{}));
  EXPECT_EQ(met.state, VerdictState::kMet);
  EXPECT_TRUE(met.source.starts_with("NVML, busiest device")) << met.source;
  EXPECT_EQ(gpu_verdict(judge(report.performance, report.end, Targets{.gpu_percent = 40})).state,
            VerdictState::kViolated);
}

TEST(Supervisor, WithoutAGpuTheVerdictIsUnknownAndSaysWhy) {
  Stage s;  // the options of the stage name a library that is not there
  JobReport report;
  ASSERT_TRUE(eventually([&] {
    report = s.run(job("results 1"));
    return report.performance.gpu_source.find("libno-gpu-in-this-test") != std::string::npos;
  })) << report.performance.gpu_source;
  EXPECT_FALSE(report.performance.gpu_utilization_percent);
  const Verdict verdict = gpu_verdict(judge(report.performance, report.end, Targets{}));
  EXPECT_EQ(verdict.state, VerdictState::kUnknown);
  EXPECT_TRUE(verdict.source.starts_with("not measured: ")) << verdict.source;
  EXPECT_NE(verdict.source.find("libno-gpu-in-this-test"), std::string::npos) << verdict.source;
}

}  // namespace
}  // namespace keisei::guard
