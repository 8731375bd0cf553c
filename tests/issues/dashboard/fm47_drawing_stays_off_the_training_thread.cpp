// Interface work on the training thread: frames are drawn by the bus, and a screen that hangs costs the training
// nothing.
#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "dashboard/full_screen.h"
#include "dashboard/progress.h"
#include "dashboard/sample.h"
#include "telemetry/bus.h"

namespace keisei::dashboard {
namespace {

/// A terminal whose write does not return until it is released.
class HangingScreen final : public Screen {
 public:
  [[nodiscard]] Size size() const override { return {}; }
  [[nodiscard]] bool ready() const override { return true; }
  void write(std::string_view) override {
    std::unique_lock lock(mutex_);
    hanging_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return released_; });
  }
  void wait_until_hanging() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return hanging_; });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hanging_ = false;
  bool released_ = false;
};

TEST(FailureMode47, FramesAreDrawnOnTheBusThread) {
  const SystemClock clock;
  const auto screen = std::make_shared<RecordingScreen>(Size{80, 24});
  {
    telemetry::Bus bus(clock, {std::make_shared<ProgressView>(
                                  std::make_shared<SystemClock>(), screen,
                                  ProgressOptions{.mode = Mode::kLive, .paint = {}, .refresh_per_second = 30})});
    bus.publish(run_start());
    for (int n = 1; n <= kSampleUpdates; ++n) bus.publish(sample_update(n));
    ASSERT_TRUE(bus.flush(std::chrono::seconds(20)));
  }
  EXPECT_GE(screen->writes(), 1);
  EXPECT_FALSE(screen->threads().contains(std::this_thread::get_id()));
}

TEST(FailureMode47, AHangingTerminalHoldsNobody) {
  const SystemClock clock;
  const auto screen = std::make_shared<HangingScreen>();
  auto view = std::make_shared<ProgressView>(std::make_shared<SystemClock>(), screen,
                                             ProgressOptions{.mode = Mode::kLive, .paint = {}});
  const std::weak_ptr<ProgressView> left_behind = view;
  {
    telemetry::Bus bus(
        clock, {std::move(view)},
        {.queue_events = 64, .tick_ms = std::chrono::milliseconds(5), .drain_ms = std::chrono::milliseconds(20)});
    bus.publish(run_start());
    screen->wait_until_hanging();
    for (int n = 0; n < 10000; ++n) bus.publish(sample_update(1));  // the screen is released only after this
    EXPECT_EQ(bus.dropped(), 10000U - 64U);
  }
  screen->release();
  while (!left_behind.expired()) std::this_thread::yield();  // its thread ends as soon as the terminal lets it
}

/// A full screen on a terminal that never returns from a frame until it is released.
class HangingCells final : public CellScreen {
 public:
  explicit HangingCells(std::shared_ptr<HangingScreen> terminal) : terminal_(std::move(terminal)) {}
  [[nodiscard]] Size size() const override { return {80, 24}; }
  [[nodiscard]] bool ready() const override { return true; }
  void show(const Canvas&) override { terminal_->write({}); }
  [[nodiscard]] Key key() override { return Key::kNone; }
  [[nodiscard]] std::vector<std::string> lines() override { return {}; }

 private:
  std::shared_ptr<HangingScreen> terminal_;
};

TEST(FailureMode47, AHangingFullScreenHoldsNobody) {
  const SystemClock clock;
  const auto terminal = std::make_shared<HangingScreen>();
  auto view = std::make_shared<FullScreenView>(
      std::make_shared<SystemClock>(),
      [terminal]() -> Result<std::unique_ptr<CellScreen>> { return std::make_unique<HangingCells>(terminal); },
      std::make_shared<RecordingScreen>(), nullptr, FullScreenOptions{.paint = {}, .stop = {}});
  const std::weak_ptr<FullScreenView> left_behind = view;
  {
    telemetry::Bus bus(
        clock, {std::move(view)},
        {.queue_events = 64, .tick_ms = std::chrono::milliseconds(5), .drain_ms = std::chrono::milliseconds(20)});
    bus.publish(run_start());
    terminal->wait_until_hanging();
    for (int n = 0; n < 10000; ++n) bus.publish(sample_update(1));  // the terminal is released only after this
    EXPECT_EQ(bus.dropped(), 10000U - 64U);
  }
  terminal->release();
  while (!left_behind.expired()) std::this_thread::yield();
}

}  // namespace
}  // namespace keisei::dashboard
