// The gate between two processes: workers wait, obey and are told apart from hung ones while it is shut, and cannot
// open it themselves.
#include "guard/burst_gate.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "guard/sealed.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

constexpr double kHangIdle_s = 0.5;  ///< twice what lies between two signs of life at a shut gate

std::shared_ptr<BurstGate> make_gate() { return BurstGate::create().value(); }

BurstGateView view_of(const BurstGate& gate) {
  return BurstGateView::map(Fd(::fcntl(gate.memfd(), F_DUPFD_CLOEXEC, 3))).value();
}

SupervisorOptions gated(const std::shared_ptr<BurstGate>& gate) {
  SupervisorOptions o = options();
  o.burst_gate = gate;
  o.hang_idle_s = kHangIdle_s;
  o.hang_cpu_s = 1;
  o.ask_s = 10;  // whoever needs SIGTERM to be stopped does not obey
  return o;
}

/// The first result has come: the worker is at its work, and its next heartbeat waits.
bool begun(Stage& s, JobId id) {
  return eventually([&] {
    const auto workers = s.supervisor->status().workers;
    return !workers.empty() && workers[0].job == id && workers[0].results >= 1;
  });
}

bool begin(Stage& s, const std::string& words, JobId& id) {
  const auto submitted = s.supervisor->submit(job(words, 0));
  if (!submitted) return false;
  id = *submitted;
  return begun(s, id);
}

TEST(BurstGate, IsShutWhenMadeAndOpensForAllWhoWait) {
  const auto gate = make_gate();
  const BurstGateView view = view_of(*gate);
  EXPECT_FALSE(view.is_open());
  EXPECT_FALSE(view.wait_open(0));
  EXPECT_FALSE(view.wait_open(0.01));
  std::atomic<int> through{0};
  std::vector<std::jthread> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back([&] { through += view.wait_open(kAmple_s) ? 1 : 0; });
  }
  gate->open();
  waiting.clear();
  EXPECT_EQ(through, 4);
  EXPECT_TRUE(gate->is_open());
  gate->shut();
  EXPECT_FALSE(view.is_open());
}

TEST(BurstGate, EveryOpeningIsSeenWhileSomebodyWaits) {
  const auto gate = make_gate();
  const BurstGateView view = view_of(*gate);
  for (int i = 0; i < 200; ++i) {
    std::atomic<bool> waits{false};
    std::jthread worker([&] {
      waits = true;
      EXPECT_TRUE(view.wait_open(kAmple_s));
    });
    while (!waits) std::this_thread::yield();
    gate->open();
    worker.join();
    gate->shut();
  }
}

TEST(BurstGate, EndOfTheTrainersSideOpensIt) {
  auto gate = make_gate();
  const BurstGateView view = view_of(*gate);
  gate.reset();
  EXPECT_TRUE(view.is_open());
}

TEST(BurstGate, ReadersSideCannotBeMadeWritable) {
  const auto gate = make_gate();
  const int fd = gate->memfd();
  EXPECT_EQ(::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
  EXPECT_LT(::write(fd, "1111", 4), 0);
  EXPECT_NE(::ftruncate(fd, 0), 0);
  EXPECT_NE(::ftruncate(fd, 1 << 20), 0);
  EXPECT_NE(::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
  void* readable = ::mmap(nullptr, 4, PROT_READ, MAP_SHARED, fd, 0);
  ASSERT_NE(readable, MAP_FAILED);
  EXPECT_NE(::mprotect(readable, 4, PROT_READ | PROT_WRITE), 0);
  ::munmap(readable, 4);
}

TEST(BurstGate, WhatIsNoGateIsRefused) {
  EXPECT_FALSE(BurstGateView::map(Fd()));
  EXPECT_FALSE(BurstGateView::map(Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC))));
  EXPECT_FALSE(BurstGateView::map(Fd(::memfd_create("empty", MFD_CLOEXEC))));
  const auto sealed = seal_bytes("ab", std::as_bytes(std::span("a", 2)));
  ASSERT_TRUE(sealed);
  const auto refused = BurstGateView::map(duplicate(*sealed).value());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUsage);
}

TEST(BurstGateProcess, WorkerWaitsWhileShutAndWorksWhileOpen) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  JobId id = 0;
  ASSERT_TRUE(begin(s, "work 20", id));
  EXPECT_FALSE(s.supervisor->wait(id, 3 * kHangIdle_s)) << "three times the idle bound: neither at work nor hung";
  gate->open();
  ASSERT_TRUE(s.supervisor->wait(id, kAmple_s));
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].end, JobEnd::kDone) << reports[0].detail;
  EXPECT_EQ(text(reports[0].results.back()), "last");
  EXPECT_EQ(s.run(job("work 5")).end, JobEnd::kDone);
}

TEST(BurstGateProcess, ShortBurstsCarryItOn) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  JobId id = 0;
  ASSERT_TRUE(begin(s, "work 30", id));
  int bursts = 0;
  while (!s.supervisor->wait(id, 0.005) && bursts < 2000) {
    gate->open();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    gate->shut();
    ++bursts;
  }
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].end, JobEnd::kDone);
}

TEST(BurstGateProcess, CancelIsObeyedWhileShut) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  JobId id = 0;
  ASSERT_TRUE(begin(s, "work 1000000", id));
  s.supervisor->cancel(id);
  ASSERT_TRUE(s.supervisor->wait(id, kAmple_s));
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].end, JobEnd::kCancelled);
  ASSERT_FALSE(reports[0].results.empty());
  EXPECT_EQ(text(reports[0].results.back()), "last") << "it left by itself";
  EXPECT_EQ(s.supervisor->status().deaths, 0u);
}

TEST(BurstGateProcess, DeadlineHoldsWhileShut) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  const JobReport report = s.run(job("work 1000000", 0.5));
  EXPECT_EQ(report.end, JobEnd::kTimeout);
  EXPECT_NE(report.detail.find("deadline"), std::string::npos) << report.detail;
  ASSERT_FALSE(report.results.empty());
  EXPECT_EQ(text(report.results.back()), "last");
}

TEST(BurstGateProcess, KilledWhileShutIsReportedAndReplaced) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  for (const int signal : {SIGKILL, SIGTERM}) {
    JobId id = 0;
    ASSERT_TRUE(begin(s, "work 1000000", id));
    ::kill(s.supervisor->status().workers.at(0).pid, signal);
    ASSERT_TRUE(s.supervisor->wait(id, kAmple_s));
    EXPECT_EQ(s.supervisor->collect().at(0).end, JobEnd::kCrashed);
  }
  gate->open();
  EXPECT_EQ(s.run(job("work 5")).end, JobEnd::kDone);
}

TEST(BurstGateProcess, SupervisorsEndDoesNotWaitForTheGate) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  JobId id = 0;
  ASSERT_TRUE(begin(s, "work 1000000", id));
  s.supervisor.reset();
  EXPECT_TRUE(childless());
  EXPECT_FALSE(gate->is_open());
}

TEST(BurstGateProcess, HostileWorkerCannotOpenIt) {
  const auto gate = make_gate();
  const BurstGateView view = view_of(*gate);
  Stage s(gated(gate));
  const JobReport report = s.run(job("gate_attack"));
  ASSERT_EQ(report.results.size(), 1u) << report.detail;
  EXPECT_EQ(text(report.results[0]).substr(text(report.results[0]).find(',')), ", went through:");
  EXPECT_NE(text(report.results[0]).substr(0, 9), "reached 0") << "it must have had its chance";
  EXPECT_FALSE(view.is_open());
  EXPECT_FALSE(gate->is_open());
  gate->open();
  EXPECT_TRUE(view.is_open()) << "and cannot have broken it";
}

TEST(BurstGateProcess, WorkerThatNeverLooksAtTheGateIsStoppedAsAnyOther) {
  const auto gate = make_gate();
  SupervisorOptions o = gated(gate);
  o.ask_s = 0.1;
  o.hang_cpu_s = 0.2;
  Stage s(o);
  const JobReport report = s.run(job("busy", 0));
  EXPECT_EQ(report.end, JobEnd::kTimeout);
  EXPECT_NE(report.detail.find("of its own processor time"), std::string::npos) << report.detail;
}

TEST(BurstGateProcess, OnlyTheChannelAndTheGateAreInherited) {
  const auto gate = make_gate();
  Stage s(gated(gate));
  // The worker closes the gate's descriptor once it is mapped.
  EXPECT_EQ(text(s.run(job("descriptors")).results.at(0)), "0 1 2 3 ");
}

TEST(BurstGateProcess, WithoutAGateNobodyWaits) {
  Stage s;
  EXPECT_EQ(s.run(job("work 5")).end, JobEnd::kDone);
}

}  // namespace
}  // namespace keisei::guard
