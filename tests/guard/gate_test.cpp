#include "guard/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace keisei::guard {
namespace {

TEST(Gate, PermitComesBackWhenItIsDestroyed) {
  const auto gate = Gate::make(1);
  {
    const auto first = gate->try_admit();
    ASSERT_TRUE(first);
    EXPECT_FALSE(gate->try_admit());
    EXPECT_EQ(gate->in_use(), 1);
  }
  EXPECT_EQ(gate->in_use(), 0);
  EXPECT_TRUE(gate->try_admit());
  EXPECT_EQ(gate->admitted(), 2u);
  EXPECT_EQ(gate->refused(), 1u);
}

TEST(Gate, MovedPermitIsGivenBackOnce) {
  const auto gate = Gate::make(2);
  {
    std::optional<Permit> a = gate->try_admit();
    Permit b = std::move(*a);
    a.reset();
    EXPECT_EQ(gate->in_use(), 1);
    Permit c = std::move(*gate->try_admit());
    EXPECT_EQ(gate->in_use(), 2);
    c = std::move(b);
    EXPECT_EQ(gate->in_use(), 1);
  }
  EXPECT_EQ(gate->in_use(), 0);
}

TEST(Gate, PermitKeepsItsGateAlive) {
  std::optional<Permit> permit;
  {
    const auto gate = Gate::make(1);
    permit = gate->try_admit();
  }
  permit.reset();  // a dangling gate would be seen by the sanitizers
}

TEST(Gate, NeverMoreThanTheLimitFromEightThreads) {
  constexpr int kLimit = 3;
  const auto gate = Gate::make(kLimit);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        const auto permit = gate->try_admit();
        if (!permit) continue;
        const int now = ++inside;
        int seen = most.load();
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        --inside;
      }
    });
  }
  threads.clear();
  EXPECT_LE(most.load(), kLimit);
  EXPECT_LE(gate->peak(), kLimit);
  EXPECT_EQ(gate->in_use(), 0);
  EXPECT_EQ(gate->admitted() + gate->refused(), 40000u);
}

TEST(Gate, RaisedLimitAdmitsMoreAtOnce) {
  const auto gate = Gate::make(1);
  const auto first = gate->try_admit();
  EXPECT_FALSE(gate->try_admit());
  gate->set_limit(3);
  EXPECT_EQ(gate->limit(), 3);
  const auto second = gate->try_admit();
  const auto third = gate->try_admit();
  EXPECT_TRUE(second && third);
  EXPECT_FALSE(gate->try_admit());
}

TEST(Gate, LoweredLimitKeepsPermitsAndGivesNoneUntilFewerAreOut) {
  const auto gate = Gate::make(3);
  std::vector<std::optional<Permit>> out;
  for (int i = 0; i < 3; ++i) out.push_back(gate->try_admit());
  gate->set_limit(0);
  EXPECT_EQ(gate->limit(), 1) << "never less than one";
  EXPECT_EQ(gate->in_use(), 3);
  for (int left = 3; left > 0; --left) {
    EXPECT_FALSE(gate->try_admit()) << left << " are out";
    out.pop_back();
  }
  EXPECT_TRUE(gate->try_admit());
  EXPECT_EQ(gate->admitted(), 4U);
}

TEST(Gate, LimitThatMovesUnderTheAskersIsNeverPassed) {
  constexpr int kMost = 4;
  const auto gate = Gate::make(kMost);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5000; ++i) {
          const auto permit = gate->try_admit();
          if (!permit) continue;
          const int now = ++inside;
          int seen = most.load();
          while (seen < now && !most.compare_exchange_weak(seen, now)) {
          }
          --inside;
        }
      });
    }
    for (int i = 0; i < 1000; ++i) gate->set_limit(1 + i % kMost);
  }
  EXPECT_LE(most.load(), kMost);
  EXPECT_EQ(gate->in_use(), 0);
}

TEST(Gate, LimitFollowsTheCores) {
  EXPECT_EQ(gate_limit(0, 4), 1);
  EXPECT_EQ(gate_limit(0, 5), 4);
  EXPECT_EQ(gate_limit(7, 2), 7);
}

}  // namespace
}  // namespace keisei::guard
