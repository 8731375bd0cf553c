#include "guard/supervisor.h"

#include <gtest/gtest.h>

#include "guard/sealed.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

TEST(Supervisor, ReturnsEveryResultInOrder) {
  Stage s;
  const JobReport report = s.run(job("results 50"));
  EXPECT_EQ(report.end, JobEnd::kDone) << report.detail;
  ASSERT_EQ(report.results.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(text(report.results[i]), "game " + std::to_string(i));
  const Performance& p = report.performance;
  ASSERT_TRUE(p.latency_ms && p.wall_s && p.worker_cpu_s && p.memory_peak_mb);
  EXPECT_LE(*p.latency_ms, *p.wall_s * 1e3);
  EXPECT_GT(*p.memory_peak_mb, 0.05);
  EXPECT_EQ(p.concurrent_evaluations, 1.0);
  EXPECT_FALSE(p.gpu_utilization_percent);
  EXPECT_FALSE(p.training_impact_percent);
}

TEST(Supervisor, WorkerStaysWarm) {
  Stage s(idle_options());
  const std::string first = text(s.run(job("pid")).results.at(0));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(text(s.run(job("pid")).results.at(0)), first);
  EXPECT_EQ(s.supervisor->status().spawned, 1u);
}

TEST(Supervisor, WornWorkerIsReplaced) {
  SupervisorOptions o = options();
  o.process_restart_threshold = 10;
  Stage s(o);
  const std::string first = text(s.run(job("pid")).results.at(0));
  EXPECT_EQ(s.run(job("results 10")).end, JobEnd::kDone);
  const JobReport after = s.run(job("pid"));
  EXPECT_NE(text(after.results.at(0)), first);
  EXPECT_EQ(s.supervisor->status().restarts, 1u);
  EXPECT_EQ(s.supervisor->status().deaths, 0u) << "a replacement is no death";
  EXPECT_FALSE(alive(std::stoi(first)));
}

TEST(Supervisor, AttachmentsArriveSealedAndNamed) {
  Stage s;
  Job j = job("attachments");
  for (const char* content : {"first weights", "second"}) {
    auto fd = seal_bytes("w", std::as_bytes(std::span(std::string_view(content))));
    ASSERT_TRUE(fd);
    j.attachments.push_back({std::string("w") + content[0], std::move(*fd)});
  }
  const JobReport report = s.run(std::move(j));
  ASSERT_EQ(report.results.size(), 4u) << report.detail;
  EXPECT_EQ(text(report.results[0]), "wf=first weights");
  EXPECT_EQ(text(report.results[1]), "sealed");
  EXPECT_EQ(text(report.results[2]), "ws=second");
}

TEST(Supervisor, LargeRequestAndAttachmentCross) {
  Stage s;
  Job j = job("results 1 ");
  j.request.resize(3u << 20, std::byte{' '});
  const std::vector<std::byte> weights(20u << 20, std::byte{5});
  auto fd = seal_bytes("w", weights);
  ASSERT_TRUE(fd);
  j.attachments.push_back({"w", std::move(*fd)});
  EXPECT_EQ(s.run(std::move(j)).end, JobEnd::kDone);
}

TEST(Supervisor, ReportedErrorKeepsTheWorker) {
  Stage s;
  const JobReport report = s.run(job("error"));
  EXPECT_EQ(report.end, JobEnd::kFailed);
  EXPECT_EQ(report.detail, "the opponent could not be loaded");
  EXPECT_EQ(s.run(job("results 1")).end, JobEnd::kDone);
  EXPECT_EQ(s.supervisor->status().spawned, 1u);
}

struct Way {
  const char* words;
  JobEnd end;
  std::size_t results;  ///< kept
};

class Deadline : public testing::TestWithParam<Way> {};
TEST_P(Deadline, EndsTheWorkerInTime) {
  const SupervisorOptions o = options();
  Stage s(o);
  s.run(job("results 1"));
  const JobReport report = s.run(job(GetParam().words, 0.3));
  EXPECT_EQ(report.end, GetParam().end) << report.detail;
  EXPECT_EQ(report.results.size(), GetParam().results);
  EXPECT_GE(report.performance.wall_s.value(), 0.3);
  EXPECT_LE(report.performance.wall_s.value(), 0.3 + o.ask_s + o.terminate_s + kSlack_s);
  EXPECT_NE(report.detail.find("deadline of 0.3 s"), std::string::npos) << report.detail;
  EXPECT_EQ(s.run(job("results 2")).end, JobEnd::kDone) << "the next evaluation runs";
  EXPECT_EQ(s.gate->in_use(), 0);
}
INSTANTIATE_TEST_SUITE_P(Ways, Deadline,
                         testing::Values(Way{"sleep", JobEnd::kTimeout, 0}, Way{"busy", JobEnd::kTimeout, 1},
                                         Way{"busy_beats", JobEnd::kTimeout, 1},
                                         Way{"ignore_term", JobEnd::kTimeout, 1}, Way{"stop", JobEnd::kTimeout, 1},
                                         Way{"work 60000", JobEnd::kTimeout, 2},
                                         Way{"flood_output", JobEnd::kTimeout, 0}));

TEST(Supervisor, ObedientWorkerSurvivesItsDeadline) {
  SupervisorOptions o = options();
  o.ask_s = 10;
  Stage s(o);
  const std::string pid = text(s.run(job("pid")).results.at(0));
  EXPECT_EQ(s.run(job("work 60000", 0.2)).end, JobEnd::kTimeout);
  EXPECT_EQ(text(s.run(job("pid")).results.at(0)), pid);
  EXPECT_EQ(s.supervisor->status().deaths, 0u);
}

class Crash : public testing::TestWithParam<std::pair<Way, const char*>> {};
TEST_P(Crash, IsReportedWithItsCauseAndResultsKept) {
  Stage s;
  const auto& [way, cause] = GetParam();
  const JobReport report = s.run(job(way.words));
  EXPECT_EQ(report.end, way.end) << report.detail;
  EXPECT_EQ(report.results.size(), way.results);
  EXPECT_NE(report.detail.find(cause), std::string::npos) << report.detail;
  EXPECT_EQ(s.run(job("results 2")).results.size(), 2u) << "the next evaluation runs";
  EXPECT_EQ(s.supervisor->status().deaths, 1u);
}
INSTANTIATE_TEST_SUITE_P(
    Ways, Crash,
    testing::Values(std::pair(Way{"throw", JobEnd::kCrashed, 0}, "a planted exception"),
                    std::pair(Way{"abort", JobEnd::kCrashed, 0}, "signal 6"),
                    std::pair(Way{"segv", JobEnd::kCrashed, 0}, "signal 11"),
                    std::pair(Way{"exit 3", JobEnd::kCrashed, 1}, "exit code 3: the last words of the worker"),
                    std::pair(Way{"torn", JobEnd::kCrashed, 1}, "in the middle of a frame"),
                    std::pair(Way{"garbage", JobEnd::kProtocol, 1}, "wrong magic"),
                    std::pair(Way{"flood", JobEnd::kProtocol, 63}, "more than 64 MiB"),
                    std::pair(Way{"wrong_job", JobEnd::kProtocol, 0}, "frame of job 2 during job 1"),
                    std::pair(Way{"bit_flip", JobEnd::kProtocol, 1}, "checksum"),
                    std::pair(Way{"huge", JobEnd::kProtocol, 1}, "are allowed"),
                    std::pair(Way{"close", JobEnd::kProtocol, 0}, "closed its channel")));

TEST(Supervisor, FrameAfterTheEndIsMisbehaviour) {
  Stage s;
  EXPECT_EQ(s.run(job("after_done")).end, JobEnd::kDone);
  EXPECT_TRUE(eventually([&] { return s.supervisor->status().deaths == 1; }));
  EXPECT_EQ(s.run(job("results 1")).end, JobEnd::kDone);
}

TEST(Supervisor, CancelEndsARunningAndAWaitingJob) {
  Stage s;
  const auto running = s.supervisor->submit(job("busy"));
  const auto waiting = s.supervisor->submit(job("results 1"));
  ASSERT_TRUE(running && waiting);
  ASSERT_TRUE(eventually(
      [&] { return !s.supervisor->status().workers.empty() && s.supervisor->status().workers[0].results == 1; }));
  s.supervisor->cancel(*waiting);
  s.supervisor->cancel(*running);
  s.supervisor->cancel(999);
  EXPECT_TRUE(s.supervisor->wait(*running, kAmple_s));
  EXPECT_TRUE(s.supervisor->wait(*waiting, kAmple_s));
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 2u);
  for (const JobReport& report : reports) EXPECT_EQ(report.end, JobEnd::kCancelled);
  EXPECT_FALSE(s.supervisor->busy());
}

TEST(Supervisor, NewestOfAKindWinsAndTheQueueIsBounded) {
  Stage s;
  ASSERT_TRUE(s.supervisor->submit(job("sleep", 20, 0, "long")));
  ASSERT_TRUE(eventually([&] { return s.supervisor->status().queued == 0; }));
  const auto old = s.supervisor->submit(job("results 1", 5, 0, "periodic"));
  const auto fresh = s.supervisor->submit(job("results 1", 5, 0, "periodic"));
  ASSERT_TRUE(old && fresh);
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].id, *old);
  EXPECT_EQ(reports[0].end, JobEnd::kReplaced);
  for (std::size_t i = 1; i < kQueueCapacity; ++i)
    ASSERT_TRUE(s.supervisor->submit(job("results 1", 5, 0, std::to_string(i))));
  const auto refused = s.supervisor->submit(job("results 1", 5, 0, "one too many"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("queue is full"), std::string::npos);
  EXPECT_TRUE(s.supervisor->submit(job("results 1", 5, 0, "periodic"))) << "a replacement needs no room";
  EXPECT_TRUE(s.supervisor->busy());
}

TEST(Supervisor, WaitKnowsItsJobs) {
  Stage s;
  EXPECT_FALSE(s.supervisor->wait(0, 0));
  EXPECT_FALSE(s.supervisor->wait(5, 0));
  const auto id = s.supervisor->submit(job("sleep"));
  EXPECT_FALSE(s.supervisor->wait(*id, 0.05));
}

TEST(Supervisor, CrashLoopOpensTheBreakerAfterExactlyThreeTries) {
  SupervisorOptions o = options();
  o.breaker_deaths = 3;
  FakeClock clock;
  const auto gate = Gate::make(4);
  auto started = Supervisor::start(o, gate, clock);
  ASSERT_TRUE(started);
  Supervisor& s = **started;
  std::vector<JobId> ids;
  for (int i = 0; i < 10; ++i) {
    const auto id = s.submit(job("abort", 0, 0));
    if (id) ids.push_back(*id);
  }
  for (const JobId id : ids) ASSERT_TRUE(s.wait(id, kAmple_s));
  int crashed = 0;
  for (const JobReport& report : s.collect()) {
    crashed += report.end == JobEnd::kCrashed ? 1 : 0;
    if (report.end != JobEnd::kCrashed) {
      EXPECT_EQ(report.end, JobEnd::kBreakerOpen);
      EXPECT_NE(report.detail.find("signal 6"), std::string::npos) << report.detail;
    }
  }
  EXPECT_EQ(crashed, 3);
  EXPECT_EQ(s.status().spawned, 3u);
  EXPECT_EQ(s.status().breaker, "open");
  const auto refused = s.submit(job("results 1", 0, 0));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("3 worker deaths"), std::string::npos);
  clock.advance_ns(600'000'000'000);
  EXPECT_EQ(s.status().breaker, "half_open");
  const auto trial = s.submit(job("results 1", 0, 0));
  ASSERT_TRUE(trial);
  ASSERT_TRUE(s.wait(*trial, kAmple_s));
  EXPECT_EQ(s.collect().at(0).end, JobEnd::kDone);
  EXPECT_EQ(s.status().breaker, "closed");
}

TEST(Supervisor, MissingProgramsAreReported) {
  SupervisorOptions o = options();
  o.launcher = "/nonexistent/launcher";
  Stage no_launcher(o);
  const JobReport first = no_launcher.run(job("results 1"));
  EXPECT_EQ(first.end, JobEnd::kCrashed);
  EXPECT_NE(first.detail.find("/nonexistent/launcher"), std::string::npos) << first.detail;
  EXPECT_EQ(no_launcher.gate->in_use(), 0);
  o = options();
  o.worker = {"/nonexistent/worker"};
  Stage no_worker(o);
  const JobReport second = no_worker.run(job("results 1"));
  EXPECT_EQ(second.end, JobEnd::kCrashed);
  EXPECT_NE(second.detail.find("cannot execute /nonexistent/worker"), std::string::npos) << second.detail;
}

TEST(Supervisor, UncollectedReportsAreBounded) {
  Stage s;
  ASSERT_TRUE(s.supervisor->submit(job("sleep")));
  ASSERT_TRUE(eventually([&] { return s.supervisor->status().queued == 0; }));
  Result<JobId> last = JobId{0};
  for (std::size_t i = 0; i < kMaxOpenJobs + 5 && last; ++i)
    last = s.supervisor->submit(job("results 1", 5, 0, "same"));
  ASSERT_FALSE(last);
  EXPECT_NE(last.error().hint.find("collect"), std::string::npos);
}

TEST(Supervisor, DestructionEndsABusyWorker) {
  pid_t pid = 0;
  {
    Stage s;
    ASSERT_TRUE(s.supervisor->submit(job("ignore_term")));
    ASSERT_TRUE(eventually(
        [&] { return !s.supervisor->status().workers.empty() && s.supervisor->status().workers[0].results == 1; }));
    pid = s.supervisor->status().workers[0].pid;
    ASSERT_TRUE(alive(pid));
  }
  EXPECT_FALSE(proc::stat(pid)) << "neither alive nor a zombie";
  EXPECT_TRUE(childless());
}

}  // namespace
}  // namespace keisei::guard
