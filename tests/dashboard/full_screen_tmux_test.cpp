// The full screen in a real terminal: three sizes, resizing, keys, stray lines, and every way out leaves the terminal
// as it was. The programs inside are the disabled tests below.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "dashboard/live_sample.h"
#include "dashboard/progress.h"
#include "dashboard/terminal_guard.h"
#include "dashboard/tmux.h"
#include "telemetry/bus.h"

namespace keisei::dashboard {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::atomic<int> g_signals{0};
std::string way_out() {
  const char* way = std::getenv("KEISEI_TEST_WAY_OUT");
  return way == nullptr ? "" : way;
}

/// Not a test by itself: a run on the full screen. SIGINT ends it as it ends a training: the first is a request, the
/// second leaves at once. KEISEI_TEST_WAY_OUT names another end, taken once the screen was drawn.
TEST(FullScreenProgram, DISABLED_DrawsARun) {
  struct sigaction action {};
  action.sa_handler = [](int) {
    if (++g_signals == 1) return;
    restore_terminal();
    ::_exit(130);
  };
  ::sigaction(SIGINT, &action, nullptr);
  const std::string way = way_out();
  {
    const SystemClock clock;
    telemetry::Bus bus(clock, {make_progress_view(STDERR_FILENO, false, false, ColourWish::kAuto)});
    for (const Arrival& arrival : live_events()) bus.publish(arrival.event);
    (void)bus.flush(kPatience);  // the terminal is taken by now
    std::fprintf(stderr, "a stray line\n");
    std::printf("another one\n");
    std::fflush(stdout);
    if (way == "abort") {
      std::fprintf(stderr, "words before the end\n");
      std::abort();
    }
    if (way == "segv") (void)::raise(SIGSEGV);
    if (way == "term") (void)::raise(SIGTERM);
    if (way == "exit") std::exit(3);
    if (way == "double") {
      (void)::kill(::getpid(), SIGINT);
      (void)::kill(::getpid(), SIGINT);
    }
    const auto end = steady_clock::now() + 4 * kPatience;
    while (g_signals == 0 && way.empty() && steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(20));
  }
  std::printf("RESULT on stdout\n");
  std::fflush(stdout);
  ::_exit(0);
}

/// The program, then what the terminal is like, and a word that says so.
std::string with_report() {
  return this_program("FullScreenProgram.*") + "; echo CODE $?; stty -a; echo REPORTED; sleep 1000";
}

void expect_given_back(Tmux& tmux, const std::string& shown) {
  EXPECT_TRUE(has(shown, " icanon")) << shown;
  EXPECT_TRUE(has(shown, " echo ")) << shown;
  EXPECT_TRUE(has(shown, " onlcr")) << shown;
  EXPECT_FALSE(has(shown, "Overview")) << shown;
  EXPECT_EQ(tmux.command("display-message -p '#{alternate_on} #{cursor_flag} #{keypad_cursor_flag}'"), "0 1 0\n");
}

class FullScreenSizes : public testing::TestWithParam<Size> {};

TEST_P(FullScreenSizes, FillsTheTerminalAndAnswersKeys) {
  if (!has_tmux()) GTEST_SKIP() << "no tmux here";
  const auto [columns, rows] = GetParam();
  Tmux tmux(columns, rows, with_report());
  ASSERT_TRUE(tmux.started()) << tmux.output();

  const std::string first = tmux.screen_with("another one");
  EXPECT_TRUE(has(first, "tiny-7")) << first;
  EXPECT_TRUE(has(first, "24.6 %")) << first;
  EXPECT_TRUE(has(first, "── Learning ")) << first;
  EXPECT_TRUE(has(first, "a stray line")) << "lines of others go to the log\n" << first;
  EXPECT_EQ(count(first, "\n"), rows);
  EXPECT_LE(widest(first), columns);
  EXPECT_EQ(tmux.command("display-message -p '#{alternate_on} #{cursor_flag}'"), "1 0\n");

  tmux.keys("2");
  const std::string curves = tmux.screen([](const std::string& text) { return !has(text, "── Speed "); });
  EXPECT_TRUE(has(curves, "clipped")) << curves;
  EXPECT_TRUE(has(curves, "\xe2\xa0")) << "braille\n" << curves;
  tmux.keys("Tab");
  EXPECT_TRUE(has(tmux.screen_with("── Evaluations"), "random"));
  tmux.keys("4");
  EXPECT_TRUE(has(tmux.screen_with("training impact"), "met"));
  tmux.keys("5");
  const std::string games = tmux.screen_with("last move 7g6f+");
  EXPECT_TRUE(has(games, "v香")) << games;
  tmux.keys("?");
  (void)tmux.screen_with("the next pane");
  tmux.keys("x");
  tmux.keys("p");
  EXPECT_FALSE(has(tmux.screen_with("held: p goes on"), "the next pane"));
  tmux.keys("p");
  tmux.keys("BTab");
  (void)tmux.screen_with("── Credit ledger");

  tmux.keys("q");
  EXPECT_TRUE(has(tmux.screen_with("q again"), "with a checkpoint"));
  tmux.keys("q");
  const std::string last = tmux.screen_with("REPORTED");
  EXPECT_TRUE(has(last, "CODE 0")) << last;
  EXPECT_TRUE(has(last, "RESULT on stdout")) << last;
  EXPECT_TRUE(has(last, "warning: disk below 5 GiB")) << "warnings outlive the picture\n" << last;
  expect_given_back(tmux, last);
}

INSTANTIATE_TEST_SUITE_P(Tmux, FullScreenSizes, testing::Values(Size{80, 24}, Size{120, 40}, Size{200, 60}),
                         [](const auto& tested) {
                           return std::to_string(tested.param.columns) + "x" + std::to_string(tested.param.rows);
                         });

TEST(FullScreenTmux, FollowsTheSizeInBothDirections) {
  if (!has_tmux()) GTEST_SKIP() << "no tmux here";
  Tmux tmux(80, 24, with_report());
  ASSERT_TRUE(tmux.started()) << tmux.output();
  (void)tmux.screen_with("── Learning ");
  for (const auto& [columns, rows] : {std::pair{150, 45}, std::pair{100, 24}, std::pair{220, 60}}) {
    tmux.resize(columns, rows);
    const std::string shown = tmux.screen([&, c = columns](const std::string& text) {
      return widest(text) >= c - 2 && widest(text) <= c - 1 && has(text, "q stop the run") && has(text, "1 Overview");
    });
    EXPECT_EQ(count(shown, "1 Overview"), 1) << shown;
    EXPECT_EQ(count(shown, "── Log"), 1) << "no remains of the old frame\n" << shown;
    EXPECT_GE(widest(shown), columns - 2) << shown;
    EXPECT_TRUE(has(shown.substr(shown.rfind("── Log")), "q stop the run")) << shown;
  }
  tmux.resize(60, 15);
  const std::string small = tmux.screen_with("80x24 shows more");
  EXPECT_TRUE(has(small, "plies/s")) << small;
  EXPECT_FALSE(has(small, "Overview")) << small;
}

class WaysOut : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WaysOut, LeaveTheTerminalAsItWas) {
  if (!has_tmux()) GTEST_SKIP() << "no tmux here";
  const auto& [way, code] = GetParam();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  if (std::string(way) == "segv") GTEST_SKIP() << "the sanitizer answers this signal itself";
#endif
  Tmux tmux(100, 30, with_report(), std::string("LC_ALL=C.UTF-8 KEISEI_TEST_WAY_OUT=") + way);
  ASSERT_TRUE(tmux.started()) << tmux.output();
  const std::string last = tmux.screen_with("REPORTED");
  EXPECT_TRUE(has(last, std::string("CODE ") + code)) << last;
  if (std::string(way) == "abort") {
    EXPECT_TRUE(has(last, "words before the end")) << last;
  }
  expect_given_back(tmux, last);
}

INSTANTIATE_TEST_SUITE_P(Tmux, WaysOut,
                         testing::Values(std::pair{"end", "0"}, std::pair{"abort", "134"}, std::pair{"segv", "139"},
                                         std::pair{"term", "143"}, std::pair{"exit", "3"}, std::pair{"double", "130"}),
                         [](const auto& tested) { return std::string(tested.param.first); });

TEST(FullScreenTmux, CtrlZGivesTheTerminalBackAndFgTakesItAgain) {
  if (!has_tmux()) GTEST_SKIP() << "no tmux here";
  Tmux tmux(100, 30, "exec bash --norc --noprofile -i");
  ASSERT_TRUE(tmux.started()) << tmux.output();
  tmux.keys("-l '" + this_program("FullScreenProgram.*") + "'");
  tmux.keys("Enter");
  (void)tmux.screen_with("── Learning ");
  tmux.keys("C-z");
  (void)tmux.screen_with("Stopped");
  EXPECT_EQ(tmux.command("display-message -p '#{alternate_on} #{cursor_flag}'"), "0 1\n");
  tmux.keys("-l 'stty -a; echo LOOKED'");
  tmux.keys("Enter");
  const std::string shell = tmux.screen([](const std::string& text) { return count(text, "LOOKED") >= 2; });
  EXPECT_FALSE(has(shell, "── Learning")) << shell;
  tmux.keys("fg Enter");
  const std::string again = tmux.screen_with("── Learning ");
  EXPECT_TRUE(has(again, "q stop the run")) << again;
  tmux.keys("2");
  EXPECT_TRUE(has(tmux.screen_with("clipped"), "entropy"));
  tmux.keys("q q");
  (void)tmux.screen_with("RESULT on stdout");
}

TEST(FullScreenTmux, WithoutUtf8AndWithoutColour) {
  if (!has_tmux()) GTEST_SKIP() << "no tmux here";
  Tmux tmux(120, 40, with_report(), "LC_ALL=C NO_COLOR=1");
  ASSERT_TRUE(tmux.started()) << tmux.output();
  (void)tmux.screen_with("-- Learning ");
  tmux.keys("5");
  (void)tmux.screen_with("last move 7g6f+");
  const std::string shown = tmux.command("capture-pane -p -e");
  EXPECT_TRUE(std::all_of(shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  for (const char* colour : {"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"}) EXPECT_FALSE(has(shown, colour));
}

}  // namespace
}  // namespace keisei::dashboard
