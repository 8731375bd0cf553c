// Failure mode 12: each part of the program counted evaluations for itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

TEST(FailureMode12, TwoSupervisorsShareOneGate) {
  constexpr int kLimit = 2;
  const SystemClock clock;
  const auto gate = Gate::make(kLimit);
  auto a = Supervisor::start(options(), gate, clock);
  auto b = Supervisor::start(options(), gate, clock);
  ASSERT_TRUE(a && b);
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE((*a)->submit(job("work 30")));
    ASSERT_TRUE((*b)->submit(job("work 30")));
  }
  std::size_t done = 0;
  const auto running = [](const Supervisor& s) {
    const auto workers = s.status().workers;
    return std::count_if(workers.begin(), workers.end(), [](auto& w) { return w.state == "running"; });
  };
  ASSERT_TRUE(eventually([&] {
    EXPECT_LE(gate->in_use(), kLimit);
    for (const auto* s : {a->get(), b->get()}) EXPECT_LE(running(*s), kLimit);
    for (auto* s : {a->get(), b->get()}) {
      for (const JobReport& report : s->collect()) {
        EXPECT_EQ(report.end, JobEnd::kDone) << report.detail;
        EXPECT_LE(report.performance.concurrent_evaluations.value(), kLimit);
        ++done;
      }
    }
    return done == 8;
  }));
  EXPECT_LE(gate->peak(), kLimit);
  EXPECT_EQ(gate->admitted(), 8u);
  EXPECT_TRUE(eventually([&] { return gate->in_use() == 0; }));
}

TEST(FailureMode12, EightThreadsSubmittingStayWithinTheLimit) {
  constexpr int kLimit = 3;
  Stage s(options(), kLimit);
  std::mutex mutex;
  std::vector<JobId> ids;
  std::size_t refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 25; ++i) {
          const auto id = s.supervisor->submit(job("results 2", 20, 0, i % 3 == 0 ? "kind " + std::to_string(t) : ""));
          const std::lock_guard lock(mutex);
          if (id) {
            ids.push_back(*id);
          } else {
            ++refused;
          }
          if (i % 4 == 3) std::this_thread::sleep_for(std::chrono::milliseconds(3));
        }
      });
    }
  }
  for (const JobId id : ids) ASSERT_TRUE(s.supervisor->wait(id, kAmple_s));
  std::size_t done = 0;
  std::size_t replaced = 0;
  for (const JobReport& report : s.supervisor->collect()) {
    done += report.end == JobEnd::kDone ? 1 : 0;
    replaced += report.end == JobEnd::kReplaced ? 1 : 0;
  }
  EXPECT_EQ(done + replaced, ids.size()) << "every accepted job has one report";
  EXPECT_EQ(ids.size() + refused, 200u);
  EXPECT_GT(done, 0u);
  EXPECT_EQ(s.gate->admitted(), done) << "one permit a job";
  EXPECT_LE(s.gate->peak(), kLimit);
  EXPECT_LE(s.supervisor->status().spawned, static_cast<std::uint64_t>(kLimit));
  EXPECT_EQ(s.gate->in_use(), 0);
}

}  // namespace
}  // namespace keisei::guard
