#include "telemetry/bus.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "telemetry/recorder.h"

namespace keisei::telemetry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Event update(std::int64_t step) { return {.kind = "update", .step = step, .utc_ms = 1, .metrics = {}, .texts = {}}; }

TEST(Bus, DeliversEveryEventInOrderToEveryOutlet) {
  const FakeClock clock;
  const auto first = std::make_shared<Recorder>(), second = std::make_shared<Recorder>();
  {
    Bus bus(clock, {first, nullptr, second});
    for (int i = 0; i < 500; ++i) bus.publish(update(i));
  }
  for (const auto& outlet : {first, second}) {
    const auto events = outlet->events();
    ASSERT_EQ(events.size(), 500U);
    for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].step, static_cast<std::int64_t>(i));
    EXPECT_GE(outlet->flushes(), 1) << "the end flushes";
  }
}

TEST(Bus, StampsOnlyEventsWithoutATime) {
  FakeClock clock;
  clock.jump_utc_ms(777);
  const auto outlet = std::make_shared<Recorder>();
  {
    Bus bus(clock, {outlet});
    bus.publish(message(1, "hello"));
    bus.publish(update(2));
  }
  ASSERT_EQ(outlet->events().size(), 2U);
  EXPECT_EQ(outlet->events()[0].utc_ms, 777);
  EXPECT_EQ(outlet->events()[1].utc_ms, 1);
}

TEST(Bus, AThrowingOutletStopsNobodyAndIsNamed) {
  const FakeClock clock;
  const auto thrower = std::make_shared<Thrower>();
  const auto other = std::make_shared<Recorder>();
  Bus bus(clock, {thrower, other},
          {.queue_events = 64, .tick_ms = milliseconds(5), .drain_ms = seconds(20), .healthy_ms = milliseconds(0)});
  for (int i = 0; i < 10; ++i) {
    bus.publish({.kind = "update", .step = i, .utc_ms = 1, .metrics = {{"broken", 1.0}}, .texts = {}});
  }
  ASSERT_TRUE(bus.flush(seconds(20)));
  ASSERT_TRUE(bus.flush(seconds(20))) << "the report itself";
  EXPECT_EQ(other->of_kind("update").size(), 10U);
  const auto warnings = other->of_kind("warning");
  ASSERT_EQ(warnings.size(), 1U) << "told once, not ten times";
  EXPECT_NE(warnings[0].text("text").find("'thrower' fails: no space left"), std::string::npos);

  auto status = bus.status();
  ASSERT_EQ(status.size(), 2U);
  EXPECT_EQ(status[0].written, 0U);
  EXPECT_GE(status[0].failures, 11U);
  EXPECT_EQ(status[0].last_error, "unknown exception") << "its flush throws an int";
  EXPECT_EQ(status[1].failures, 0U);

  bus.publish(update(11));  // works again
  ASSERT_TRUE(bus.flush(seconds(20)));
  ASSERT_TRUE(bus.flush(seconds(20)));
  EXPECT_EQ(thrower->of_kind("update").size(), 1U);
  EXPECT_FALSE(other->of_kind("message").empty());
}

/// Takes every event but can never store one, like a log that waits for a full disk.
class Hoarder final : public Recorder {
 public:
  [[nodiscard]] std::string_view name() const override { return "hoarder"; }
  void flush() override { throw std::runtime_error("still full"); }
};

TEST(Bus, AnOutletThatOnlyKeepsEventsIsNotTakenForHealthy) {
  const FakeClock clock;
  const auto other = std::make_shared<Recorder>();
  Bus bus(clock, {std::make_shared<Hoarder>(), other});
  for (int i = 0; i < 20; ++i) {
    bus.publish(update(i));
    ASSERT_TRUE(bus.flush(seconds(20)));
  }
  ASSERT_TRUE(bus.flush(seconds(20)));
  EXPECT_EQ(other->of_kind("warning").size(), 1U) << "one report, not one per fault";
  EXPECT_TRUE(other->of_kind("message").empty());
}

TEST(Bus, AHangingOutletNeitherHoldsTheOthersNorTheEnd) {
  const FakeClock clock;
  const auto gate = std::make_shared<Gate>();
  const auto other = std::make_shared<Recorder>();
  {
    Bus bus(clock, {gate, other}, {.queue_events = 8, .tick_ms = milliseconds(5), .drain_ms = milliseconds(50)});
    bus.publish(update(0));
    gate->wait_until_entered();
    for (int i = 1; i <= 8; ++i) bus.publish(update(i));  // fills the hanging outlet's queue exactly
    EXPECT_EQ(bus.status()[0].dropped, 0U);
    bus.publish(update(9));
    EXPECT_EQ(bus.status()[0].dropped, 1U);
    EXPECT_FALSE(bus.flush(milliseconds(20))) << "cannot be flushed while it hangs";
    while (other->of_kind("update").empty()) std::this_thread::yield();
  }  // returns although the gate is shut
  EXPECT_TRUE(gate->events().empty());
  gate->open();
  while (gate.use_count() > 1) std::this_thread::yield();  // the thread left behind still has its outlet, then ends
  EXPECT_EQ(gate->events().size(), 1U);
}

TEST(Bus, WhatIsDroppedIsCountedAndTold) {
  const FakeClock clock;
  const auto gate = std::make_shared<Gate>();
  const auto other = std::make_shared<Recorder>();
  Bus bus(clock, {gate, other}, {.queue_events = 4, .tick_ms = milliseconds(5), .drain_ms = seconds(20)});
  bus.publish(update(0));
  gate->wait_until_entered();
  for (int i = 1; i <= 10; ++i) {
    bus.publish(update(i));
    while (other->of_kind("update").size() < static_cast<std::size_t>(i)) std::this_thread::yield();
  }
  EXPECT_EQ(bus.dropped(), 6U);
  gate->open();
  ASSERT_TRUE(bus.flush(seconds(20)));
  ASSERT_TRUE(bus.flush(seconds(20)));
  for (const Recorder* outlet : {static_cast<const Recorder*>(gate.get()), static_cast<const Recorder*>(other.get())}) {
    const auto reports = outlet->of_kind("telemetry.dropped");
    ASSERT_FALSE(reports.empty());
    EXPECT_EQ(reports.back().metric("telemetry/dropped"), 6.0);
    EXPECT_EQ(reports.back().text("outlet"), "gate");
  }
  EXPECT_EQ(gate->of_kind("update").size(), 5U) << "one in hand, four queued";
  EXPECT_EQ(other->of_kind("update").size(), 11U);
}

TEST(Bus, AcceptsEventsFromManyThreads) {
  const FakeClock clock;
  const auto outlet = std::make_shared<Recorder>();
  constexpr int kThreads = 4, kEach = 400;
  {
    Bus bus(clock, {outlet});
    std::vector<std::jthread> publishers;
    for (int t = 0; t < kThreads; ++t) {
      publishers.emplace_back([&bus, t] {
        for (int i = 0; i < kEach; ++i) bus.publish(update(t * kEach + i));
      });
    }
    publishers.clear();
    EXPECT_EQ(bus.dropped(), 0U);
  }
  std::set<std::int64_t> steps;
  for (const Event& event : outlet->events()) steps.insert(event.step);
  EXPECT_EQ(steps.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(outlet->threads().size(), 1U) << "an outlet sees one thread";
}

TEST(Bus, WithoutOutletsNothingHappens) {
  const FakeClock clock;
  Bus bus(clock, {});
  bus.publish(update(1));
  EXPECT_TRUE(bus.flush(milliseconds(0)));
  EXPECT_EQ(bus.dropped(), 0U);
}

}  // namespace
}  // namespace keisei::telemetry
