// A run's log read while it grows: what was written comes back, torn and foreign lines do no harm, and rotation is
// followed.
#include "dashboard/log_tail.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "base/clock.h"
#include "dashboard/live_sample.h"
#include "telemetry/json_log.h"

namespace keisei::dashboard {
namespace {

class LogTailTest : public testing::Test {
 protected:
  LogTailTest() { std::filesystem::create_directories(root_); }
  ~LogTailTest() override { std::filesystem::remove_all(root_); }
  void append(const std::string& text) { std::ofstream(path_, std::ios::binary | std::ios::app) << text; }

  const std::filesystem::path root_ =
      std::filesystem::path(testing::TempDir()) / ("keisei_tail_" + std::to_string(::getpid()));
  const std::filesystem::path path_ = root_ / "log.jsonl";
};

TEST_F(LogTailTest, WhatTheLogWroteComesBack) {
  auto log = telemetry::JsonLog::open(path_);
  ASSERT_TRUE(log);
  const auto events = live_events();
  for (const Arrival& arrival : events) (*log)->write(arrival.event);
  LogTail tail(path_);
  std::vector<telemetry::Event> read = tail.read(1000);
  ASSERT_EQ(read.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const telemetry::Event& wrote = events[i].event;
    EXPECT_EQ(read[i].kind, wrote.kind);
    EXPECT_EQ(read[i].step, wrote.step);
    EXPECT_EQ(read[i].utc_ms, wrote.utc_ms);
    ASSERT_EQ(read[i].metrics.size(), wrote.metrics.size());
    for (const auto& [name, value] : wrote.metrics) {
      const double back = read[i].metric(name);
      EXPECT_TRUE(back == value || (std::isnan(back) && std::isnan(value))) << wrote.kind << " " << name;
    }
    for (const auto& [name, text] : wrote.texts) EXPECT_EQ(read[i].text(name), text);
  }
  EXPECT_EQ(tail.passed_over(), 0U);
  EXPECT_TRUE(tail.read(1000).empty());
  (*log)->write(run_start());
  EXPECT_EQ(tail.read(1000).size(), 1U);
}

TEST_F(LogTailTest, AMissingLogIsWaitedFor) {
  LogTail tail(path_);
  EXPECT_TRUE(tail.read(10).empty());
  append(telemetry::json_line(run_start()) + "\n");
  EXPECT_EQ(tail.read(10).size(), 1U);
}

TEST_F(LogTailTest, ALineIsTakenWhenItIsWholeAndForeignOnesArePassedOver) {
  LogTail tail(path_);
  const std::string line = telemetry::json_line(sample_update(3));
  append(line.substr(0, 100));
  EXPECT_TRUE(tail.read(10).empty());
  append(line.substr(100) + "\n\nnot json\n[1]\n{\"event\":\"x\",\"time\":\"yesterday\"}\n" + line + "\n");
  EXPECT_EQ(tail.read(10).size(), 2U);
  EXPECT_EQ(tail.passed_over(), 4U);
}

TEST_F(LogTailTest, ALineBeyondTheBoundCostsNoMemoryAndNoOtherLine) {
  LogTail tail(path_);
  append(std::string(kMaxLogLineBytes + 200000, 'x'));
  EXPECT_TRUE(tail.read(10).empty());
  append("the rest\n" + telemetry::json_line(run_start()) + "\n");
  EXPECT_EQ(tail.read(10).size(), 1U);
  EXPECT_EQ(tail.passed_over(), 1U);
}

TEST_F(LogTailTest, ARotatedLogIsFollowed) {
  auto log = telemetry::JsonLog::open(path_, {.max_file_bytes = 20000, .kept_files = 2, .filter = {}});
  ASSERT_TRUE(log);
  LogTail tail(path_);
  std::size_t read = 0;
  for (int i = 0; i < 200; ++i) {
    (*log)->write(sample_update(i % kSampleUpdates + 1));
    read += tail.read(100).size();
  }
  EXPECT_TRUE(std::filesystem::exists(path_.string() + ".1"));
  EXPECT_EQ(read, 200U);
}

TEST(UtcMs, IsTheInverseOfIsoUtc) {
  for (const std::int64_t utc_ms : {std::int64_t{0}, kSampleUtc_ms, std::int64_t{4102444799999}}) {
    EXPECT_EQ(utc_ms_of(iso_utc(utc_ms)), utc_ms);
  }
  for (const char* other : {"", "2026-03-01", "2026-03-01T12:34:56.789", "2026-02-30T12:34:56.789Z",
                            "2026-03-01 12:34:56.789Z", "2026-03-01T1x:34:56.789Z"}) {
    EXPECT_FALSE(utc_ms_of(other)) << other;
  }
}

}  // namespace
}  // namespace keisei::dashboard
