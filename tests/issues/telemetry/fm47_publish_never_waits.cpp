// Interface work on the training thread: a display that is slow, or stopped, must not slow the training.
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "telemetry/bus.h"
#include "telemetry/recorder.h"

namespace keisei::telemetry {
namespace {

TEST(FailureMode47, PublishReturnsWhileEveryOutletHangs) {
  const FakeClock clock;
  const auto gate = std::make_shared<Gate>();
  constexpr std::uint64_t kEvents = 20000, kQueue = 16;
  {
    Bus bus(clock, {gate},
            {.queue_events = kQueue, .tick_ms = std::chrono::milliseconds(5), .drain_ms = std::chrono::seconds(20)});
    bus.publish(message(0, "first"));
    gate->wait_until_entered();
    // The gate opens only after this loop: were publish to wait for the outlet, the test would never end.
    for (std::uint64_t i = 0; i < kEvents; ++i) bus.publish(message(1, "more"));
    EXPECT_EQ(bus.dropped(), kEvents - kQueue);
    gate->open();
  }
  EXPECT_EQ(gate->of_kind("message").size(), 1 + kQueue);
}

TEST(FailureMode47, OutletsRunOnAnotherThread) {
  const FakeClock clock;
  const auto outlet = std::make_shared<Recorder>();
  {
    Bus bus(clock, {outlet});
    bus.publish(message(0, "hello"));
  }
  EXPECT_EQ(outlet->threads().size(), 1U);
  EXPECT_FALSE(outlet->threads().contains(std::this_thread::get_id()));
}

}  // namespace
}  // namespace keisei::telemetry
