// Failure mode 42: signs of life came only between games, so a long game looked hung and a hung one looked long.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

constexpr double kHangCpu_s = 0.25;
constexpr double kHangIdle_s = 0.3;

SupervisorOptions watchful() {
  SupervisorOptions o = options();
  o.hang_cpu_s = kHangCpu_s;
  o.hang_idle_s = kHangIdle_s;
  return o;
}

TEST(FailureMode42, LongGameWithHeartbeatsIsNotHung) {
  Stage s(watchful());
  EXPECT_EQ(s.run(job("work 900")).end, JobEnd::kDone) << "idle between beats, for three times the bound";
  const JobReport busy = s.run(job("busy_beats", 4 * kHangCpu_s));
  EXPECT_EQ(busy.end, JobEnd::kTimeout);
  EXPECT_NE(busy.detail.find("deadline"), std::string::npos) << busy.detail;
}

TEST(FailureMode42, BusyLoopWithoutHeartbeatIsHung) {
  Stage s(watchful());
  const JobReport report = s.run(job("busy", 20));
  EXPECT_EQ(report.end, JobEnd::kTimeout);
  EXPECT_NE(report.detail.find("of its own processor time"), std::string::npos) << report.detail;
  EXPECT_EQ(report.results.size(), 1u);
}

TEST(FailureMode42, SleepingAndStoppedWorkersAreHung) {
  Stage s(watchful());
  for (const char* words : {"sleep", "stop"}) {
    const JobReport report = s.run(job(words, 20));
    EXPECT_EQ(report.end, JobEnd::kTimeout) << words;
    EXPECT_NE(report.detail.find("none of its threads wants a processor"), std::string::npos) << report.detail;
  }
}

TEST(FailureMode42, WhatWorkedBeforeItFellAsleepIsHung) {
  SupervisorOptions o = watchful();
  o.hang_cpu_s = 10;
  Stage s(o);
  const JobReport report = s.run(job("sleep 200", 20));  // of work, more than half of the idle bound
  EXPECT_EQ(report.end, JobEnd::kTimeout);
  EXPECT_NE(report.detail.find("none of its threads wants a processor"), std::string::npos) << report.detail;
}

TEST(FailureMode42, StarvedWorkerIsNotHung) {
  // The default policy takes every core; the idle-policy worker gets crumbs and cannot beat for long.
  SupervisorOptions o = watchful();
  o.plain = false;
  o.hang_idle_s = 0.25;
  Stage s(o);
  s.run(job("results 1"));
  std::atomic<bool> stop{false};
  std::vector<std::jthread> hogs;
  for (unsigned i = 0; i < 2 * std::max(1u, std::thread::hardware_concurrency()); ++i) {
    hogs.emplace_back([&] {
      volatile unsigned sink = 0;
      while (!stop) sink = sink + 1;
    });
  }
  const auto id = s.supervisor->submit(job("burn 200", 0));
  ASSERT_TRUE(id);
  EXPECT_FALSE(s.supervisor->wait(*id, 6 * o.hang_idle_s) && s.supervisor->collect().at(0).end != JobEnd::kDone)
      << "starvation for six times the idle bound must not end it";
  stop = true;
  hogs.clear();
  ASSERT_TRUE(s.supervisor->wait(*id, kAmple_s));
  for (const JobReport& report : s.supervisor->collect()) EXPECT_EQ(report.end, JobEnd::kDone) << report.detail;
}

TEST(FailureMode42, NoJobIsOrphanedByARestart) {
  Stage s;
  std::vector<JobId> ids;
  for (const char* words : {"results 1", "exit 1", "results 2", "abort", "results 3"})
    ids.push_back(s.supervisor->submit(job(words)).value());
  for (const JobId id : ids) ASSERT_TRUE(s.supervisor->wait(id, kAmple_s));
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 5u);
  EXPECT_EQ(reports[4].results.size(), 3u);
  EXPECT_EQ(s.supervisor->status().spawned, 3u);
}

}  // namespace
}  // namespace keisei::guard
