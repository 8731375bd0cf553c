// The limit on evaluations at once, moved while evaluations run; and the count of the one door.
#include <gtest/gtest.h>

#include "guard/sla.h"
#include "guard/spawn.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

std::size_t running(const Supervisor& supervisor) {
  std::size_t count = 0;
  for (const WorkerStatus& worker : supervisor.status().workers) count += worker.state == "running" ? 1 : 0;
  return count;
}

Verdict concurrency(const JobReport& report, double limit) {
  return judge(report.performance, report.end, Targets{.concurrency = limit}).front();
}

TEST(SupervisorLimit, RaisedWhileAJobRunsTheNextBeginsBesideIt) {
  Stage s;
  const auto first = s.supervisor->submit(job("work 600000", 0));
  const auto second = s.supervisor->submit(job("work 600000", 0));
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(eventually([&] { return running(*s.supervisor) == 1; }));
  EXPECT_EQ(s.supervisor->status().queued, 1U);
  s.supervisor->set_limit(2);
  EXPECT_EQ(s.supervisor->status().limit, 2);
  ASSERT_TRUE(eventually([&] { return running(*s.supervisor) == 2; })) << "no job had to end for it";
  EXPECT_EQ(s.gate->in_use(), 2);
  s.supervisor->cancel(*first);
  s.supervisor->cancel(*second);
  EXPECT_TRUE(s.supervisor->wait(*first, kAmple_s) && s.supervisor->wait(*second, kAmple_s));
  for (const JobReport& report : s.supervisor->collect()) {
    if (report.id != *first) continue;
    EXPECT_EQ(report.performance.concurrent_evaluations, 2.0);
    EXPECT_EQ(report.performance.concurrency_limit, 2.0) << "it moved while the job ran";
    EXPECT_EQ(concurrency(report, 1).state, VerdictState::kMet) << "two were allowed from then on";
  }
}

TEST(SupervisorLimit, LoweredItKeepsWhatRunsAndStartsNothingUntilThereIsRoom) {
  Stage s(options(), 3);
  std::vector<JobId> ids;
  for (int i = 0; i < 3; ++i) {
    const auto id = s.supervisor->submit(job("work 600000", 0));
    ASSERT_TRUE(id);
    ids.push_back(*id);
  }
  ASSERT_TRUE(eventually([&] { return running(*s.supervisor) == 3; }));
  s.supervisor->set_limit(1);
  const auto waiting = s.supervisor->submit(job("results 1", 0));
  ASSERT_TRUE(waiting);
  EXPECT_EQ(running(*s.supervisor), 3U) << "permits that are out stay out";
  s.supervisor->cancel(ids[0]);
  ASSERT_TRUE(s.supervisor->wait(ids[0], kAmple_s));
  s.supervisor->cancel(ids[1]);
  ASSERT_TRUE(s.supervisor->wait(ids[1], kAmple_s));
  EXPECT_EQ(s.supervisor->status().queued, 1U) << "one is out and one is the limit";
  s.supervisor->cancel(ids[2]);
  ASSERT_TRUE(s.supervisor->wait(*waiting, kAmple_s));
  const auto deaths = s.supervisor->status().deaths;  // of those that were cancelled and did not stop by themselves
  for (const JobReport& report : s.supervisor->collect()) {
    if (report.id == *waiting) {
      EXPECT_EQ(report.end, JobEnd::kDone);
      EXPECT_EQ(report.performance.concurrent_evaluations, 1.0);
      EXPECT_FALSE(report.performance.concurrency_limit);
      continue;
    }
    EXPECT_EQ(report.performance.concurrency_limit, 3.0);
    EXPECT_EQ(concurrency(report, 1).state, VerdictState::kMet);
    EXPECT_EQ(concurrency(report, 1).threshold, 3);
  }
  EXPECT_TRUE(eventually([&] { return s.supervisor->status().workers.size() == 1; }))
      << "idle workers beyond the limit end";
  EXPECT_EQ(s.supervisor->status().deaths, deaths) << "and are no deaths";
  s.supervisor->set_limit(2);
  EXPECT_EQ(s.run(job("results 2")).end, JobEnd::kDone);
}

TEST(SupervisorLimit, AnUnmovedLimitThatIsPassedIsViolated) {
  JobReport report;
  report.performance.concurrent_evaluations = 2;
  EXPECT_EQ(concurrency(report, 1).state, VerdictState::kViolated);
}

TEST(OneDoor, EveryProcessIsCountedWhoeverAsksForIt) {
  const std::uint64_t before = processes_spawned();
  SupervisorOptions o = options();
  o.process_restart_threshold = 1;
  Stage s(o);
  constexpr std::uint64_t kJobs = 5;
  JobReport last;
  for (std::uint64_t i = 0; i < kJobs; ++i) last = s.run(job("results 1"));
  EXPECT_EQ(processes_spawned() - before, kJobs);
  EXPECT_EQ(s.supervisor->status().spawned, kJobs);
  EXPECT_EQ(s.supervisor->status().admitted, kJobs);
  EXPECT_EQ(last.performance.permits_given, static_cast<double>(kJobs));
  EXPECT_EQ(last.performance.workers_spawned, static_cast<double>(before + kJobs));
  {
    auto other = spawn({GUARD_ACTOR, {"keisei", "--version"}, {}});
    ASSERT_TRUE(other);
  }
  EXPECT_EQ(processes_spawned() - before, kJobs + 1) << "a second door shows";
  EXPECT_EQ(s.supervisor->status().admitted, kJobs);
}

}  // namespace
}  // namespace keisei::guard
