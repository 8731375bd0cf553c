#include "base/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace keisei {
namespace {
using namespace std::chrono_literals;

TEST(BoundedQueue, RefusesWhatDoesNotFit) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.pop_for(0ms), 1);
  EXPECT_TRUE(queue.try_push(4));
  queue.close();
  EXPECT_FALSE(queue.try_push(5));
  EXPECT_EQ(queue.pop_for(0ms), 2);
  EXPECT_EQ(queue.pop_for(0ms), 4);
  EXPECT_EQ(queue.pop_for(0ms), std::nullopt);
}

TEST(BoundedQueue, LosesNothingBetweenThreads) {
  BoundedQueue<int> queue(64);
  std::atomic<long> pushed{0};
  std::atomic<long> popped{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([&] {
        for (int i = 1; i <= 5000; ++i)
          if (queue.try_push(i)) pushed += i;
      });
    std::jthread consumer([&] {
      while (auto item = queue.pop_for(200ms)) popped += *item;
    });
  }
  EXPECT_EQ(pushed.load(), popped.load());
  EXPECT_GT(pushed.load(), 0);
}

TEST(IsoUtc, IsReadable) {
  EXPECT_EQ(iso_utc(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_utc(1'772'368'496'789), "2026-03-01T12:34:56.789Z");
}

}  // namespace
}  // namespace keisei
