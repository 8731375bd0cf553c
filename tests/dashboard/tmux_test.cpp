// The panel in a real terminal: a run of events drawn inside tmux, captured, resized and captured again. The program
// inside is this test program itself, started with the disabled test below.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "dashboard/progress.h"
#include "dashboard/sample.h"
#include "dashboard/tmux.h"
#include "telemetry/bus.h"

namespace keisei::dashboard {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Not a test by itself: what runs inside tmux. It ends when its session is killed.
TEST(TmuxProgram, DISABLED_DrawsARun) {
  const SystemClock clock;
  telemetry::Bus bus(clock, {make_progress_view(STDERR_FILENO, false, false, ColourWish::kAuto, 4.0, false)});
  bus.publish(run_start());
  bus.publish(telemetry::warning(0, "this line stays"));
  const auto end = steady_clock::now() + 4 * kPatience;
  for (int n = 1; steady_clock::now() < end; n = std::min(n + 1, kSampleUpdates)) {
    bus.publish(sample_update(n));
    if (n % 10 == 0 && n < kSampleUpdates) bus.publish(sample_evaluation(n));
    std::this_thread::sleep_for(milliseconds(20));
  }
}

TEST(Tmux, ThePanelStaysWholeThroughUpdatesAndResizes) {
  if (!has_tmux()) GTEST_SKIP() << "no tmux here";
  Tmux tmux(80, 24, this_program("TmuxProgram.*") + " >/dev/null");
  ASSERT_TRUE(tmux.started()) << tmux.output();

  const std::string first = tmux.screen([](const std::string& text) { return has(text, "update 60"); });
  EXPECT_EQ(count(first, "keisei tiny-7"), 1) << first;
  EXPECT_EQ(count(first, "loss "), 1) << first;
  EXPECT_TRUE(has(first, "24.6 %")) << first;
  EXPECT_TRUE(has(first, "warning: this line stays")) << first;
  EXPECT_EQ(tmux.command("display-message -p '#{cursor_flag} #{wrap_flag}'"), "1 1\n");

  for (const auto& [columns, rows] : {std::pair{50, 20}, std::pair{120, 30}, std::pair{64, 12}}) {
    (void)tmux.command("resize-window -x " + std::to_string(columns) + " -y " + std::to_string(rows));
    const std::string rule_end = " update 60 ──";
    const std::string shown = tmux.screen([&](const std::string& text) {
      return widest(text) == columns - 1 && count(text, rule_end) == 1 && count(text, "plies/s") == 1;
    });
    EXPECT_EQ(widest(shown), columns - 1) << shown;
    EXPECT_EQ(count(shown, "keisei tiny-7"), 1) << "no remains of the old frame\n" << shown;
    EXPECT_EQ(count(shown, "plies/s"), 1) << shown;
  }
}

}  // namespace
}  // namespace keisei::dashboard
