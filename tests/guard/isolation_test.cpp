// What holds a worker: its environment, its limits, its parent's life, and that nothing of it stays behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <set>
#include <sstream>
#include <thread>

#include "guard/launch.h"
#include "guard/spawn.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

TEST(Isolation, SecretsDoNotCross) {
  ::setenv("WANDB_API_KEY", "canary-1", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "canary-2", 1);
  ::setenv("OMP_WAIT_POLICY", "passive", 1);
  SupervisorOptions o = idle_options();
  o.environment = {"OMP_NUM_THREADS=1"};
  Stage s(o);
  const std::string environment = text(s.run(job("environment")).results.at(0));
  EXPECT_EQ(environment.find("canary"), std::string::npos) << environment;
  EXPECT_NE(environment.find("OMP_WAIT_POLICY=passive"), std::string::npos);
  EXPECT_NE(environment.find("OMP_NUM_THREADS=1"), std::string::npos);
  EXPECT_NE(environment.find("PATH="), std::string::npos);
  for (const char* name : {"WANDB_API_KEY", "AWS_SECRET_ACCESS_KEY", "OMP_WAIT_POLICY"}) ::unsetenv(name);
}

TEST(Isolation, AllowListIsByName) {
  for (const char* name : {"PATH", "LC_ALL", "OMP_NUM_THREADS", "MALLOC_ARENA_MAX", "TMPDIR"})
    EXPECT_TRUE(inheritable_variable(name)) << name;
  for (const char* name : {"", "PATHX", "XPATH", "WANDB_API_KEY", "LD_PRELOAD", "SSH_AUTH_SOCK", "OMP", "PYTHONPATH"}) {
    EXPECT_FALSE(inheritable_variable(name)) << name;
  }
}

TEST(Isolation, OnlyTheChannelIsInherited) {
  const Fd leak(::open("/dev/null", O_RDONLY));  // not close-on-exec
  ASSERT_TRUE(leak);
  Stage s;
  const std::string descriptors = text(s.run(job("descriptors")).results.at(0));
  EXPECT_EQ(descriptors, "0 1 2 3 ");
}

TEST(Isolation, LimitsAndPolicyAreInForce) {
  Stage s(idle_options());
  const std::string all = text(s.run(job("circumstances", 20, kSanitized ? 0 : 400)).results.at(0));
  const std::string data = kSanitized ? "" : " data 400000000 ";
  for (const std::string& part : {std::string("policy 5 nice 19 oom 1000 core 0"), data, std::string("stack 2097152"),
                                  std::string("own_group 1 same_session 1 pdeathsig 9 blocked_int 0")}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << " in: " << all;
  }
}

TEST(Isolation, WarmWorkerGetsTheLimitOfEachJob) {
  if (kSanitized) GTEST_SKIP();
  Stage s(idle_options());
  EXPECT_NE(text(s.run(job("circumstances", 20, 300)).results.at(0)).find("data 300000000 "), std::string::npos);
  EXPECT_NE(text(s.run(job("circumstances", 20, 600)).results.at(0)).find("data 600000000 "), std::string::npos);
  EXPECT_EQ(s.supervisor->status().spawned, 1u);
}

TEST(Isolation, WorkerRefusesTheDefaultPolicy) {
  // A launcher that sets no policy: /usr/bin/env in its place starts the worker as it is.
  SupervisorOptions o = idle_options();
  o.launcher = "/bin/sh";
  o.launcher_argv = {"sh", "-c", std::string("exec ") + GUARD_ACTOR + " __actor --channel-fd=3", "ignored"};
  Stage s(o);
  const JobReport report = s.run(job("results 1"));
  EXPECT_EQ(report.end, JobEnd::kCrashed);
  EXPECT_NE(report.detail.find("not SCHED_IDLE"), std::string::npos) << report.detail;
  EXPECT_TRUE(report.results.empty());
}

TEST(Isolation, WorkerRefusesAForeignSession) {
  SupervisorOptions o = idle_options();
  o.worker = {"/usr/bin/setsid", "--wait", GUARD_ACTOR, "__actor"};
  Stage s(o);
  const JobReport report = s.run(job("results 1"));
  EXPECT_EQ(report.end, JobEnd::kCrashed);
  EXPECT_NE(report.detail.find("session"), std::string::npos) << report.detail;
}

TEST(Isolation, PlainWorkerRunsAtTheDefaultPolicy) {
  Stage s;
  const std::string all = text(s.run(job("circumstances")).results.at(0));
  const std::string own = "policy 0 nice " + std::to_string(::getpriority(PRIO_PROCESS, 0)) + " ";
  EXPECT_NE(all.find(own), std::string::npos) << all << ", not its parent's " << own;
}

class Escape : public testing::TestWithParam<const char*> {};
TEST_P(Escape, GrandchildThatLeftTheGroupIsEnded) {
  Stage s;
  const JobReport report = s.run(job(GetParam(), kSanitized ? 6 : 2));
  ASSERT_EQ(report.results.size(), 1u) << report.detail;
  const pid_t stray = std::stoi(text(report.results[0]));
  ASSERT_GT(stray, 0);
  EXPECT_TRUE(eventually([&] { return !proc::stat(stray); })) << "still there: " << stray;
  EXPECT_EQ(s.run(job("results 1")).end, JobEnd::kDone);
  s.supervisor.reset();
  EXPECT_TRUE(childless());
}
INSTANTIATE_TEST_SUITE_P(Ways, Escape,
                         testing::Values("escape crash", "escape hang", "escape done", "escape crash clean"));

TEST(Isolation, ParentsSuddenDeathEndsTheWorker) {
  for (const char* request : {"ignore_term", "busy_beats", "stop"}) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const Fd from(pipe[0]);
    Fd to(pipe[1]);
    auto host = spawn({GUARD_ACTOR, {GUARD_ACTOR, "__actor", "--host", request}, {{to.get(), 1}}});
    ASSERT_TRUE(host);
    to.reset();
    std::array<char, 32> line{};
    ASSERT_GT(::read(from.get(), line.data(), line.size() - 1), 0);
    const pid_t worker = std::atoi(line.data());
    ASSERT_GT(worker, 0);
    ASSERT_TRUE(alive(worker)) << request;
    ::kill(host->pid(), SIGKILL);
    EXPECT_TRUE(eventually([&] { return !alive(worker); })) << request;
    EXPECT_TRUE(eventually([&] { return host->try_reap().has_value(); }));
    ::waitpid(worker, nullptr, WNOHANG);  // ours only when this process is a subreaper
  }
}

TEST(Isolation, ThreadThatSubmitsMayEnd) {
  Stage s;
  JobId id = 0;
  std::thread([&] { id = s.supervisor->submit(job("work 300")).value(); }).join();
  ASSERT_TRUE(s.supervisor->wait(id, kAmple_s));
  EXPECT_EQ(s.supervisor->collect().at(0).end, JobEnd::kDone);
}

// Left at idle policy on a busy machine, a killed worker would wait long for a processor to die on.
TEST(Isolation, DyingWorkerIsGivenPrecedence) {
  auto child = spawn({"/bin/sleep", {"sleep", "1000"}, {}});
  ASSERT_TRUE(child);
  const sched_param none{};
  ASSERT_EQ(::sched_setscheduler(child->pid(), SCHED_IDLE, &none), 0);
  ASSERT_EQ(::setpriority(PRIO_PROCESS, static_cast<id_t>(child->pid()), 19), 0);
  proc::hasten(child->pid());
  if (::geteuid() != 0) GTEST_SKIP() << "needs privilege";
  EXPECT_EQ(::sched_getscheduler(child->pid()), SCHED_OTHER);
  EXPECT_LT(::getpriority(PRIO_PROCESS, static_cast<id_t>(child->pid())), 0);
}

TEST(Isolation, WorkerEndsOnABusyMachine) {
  const SupervisorOptions o = options();
  Stage s(o);
  const auto id = s.supervisor->submit(job("hold 200", 0, 0));
  ASSERT_TRUE(id);
  ASSERT_TRUE(eventually([&] {
    const auto workers = s.supervisor->status().workers;
    return !workers.empty() && workers[0].results == 2;
  }));
  std::atomic<bool> stop{false};
  std::vector<std::jthread> hogs;
  for (unsigned i = 0; i < 2 * std::max(1u, std::thread::hardware_concurrency()); ++i) {
    hogs.emplace_back([&] {
      volatile unsigned sink = 0;
      while (!stop) sink = sink + 1;
    });
  }
  s.supervisor->cancel(*id);
  EXPECT_TRUE(s.supervisor->wait(*id, kAmple_s));
  stop = true;
  hogs.clear();
  EXPECT_EQ(s.supervisor->collect().at(0).end, JobEnd::kCancelled);
}

TEST(Isolation, NothingLeaksOverTwoHundredJobs) {
  Stage s;
  s.run(job("results 1"));
  s.run(job("exit 1"));
  s.run(job("results 1"));
  const std::size_t before = stage::open_descriptors();
  for (int i = 0; i < 200; ++i) {
    const bool crash = i % 10 == 9;
    const JobReport report = s.run(job(crash ? "exit 1" : "results 3"));
    ASSERT_EQ(report.end, crash ? JobEnd::kCrashed : JobEnd::kDone) << report.detail;
  }
  s.run(job("results 1"));
  EXPECT_EQ(stage::open_descriptors(), before);
  const auto children = proc::children(::getpid());
  EXPECT_EQ(children.size(), 1u) << "the warm worker, and no zombie";
  s.supervisor.reset();
  EXPECT_TRUE(childless());
}

}  // namespace
}  // namespace keisei::guard
