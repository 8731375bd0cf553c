#include "dashboard/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>

#include <cstdlib>
#include <optional>

#include "base/file.h"
#include "dashboard/sample.h"
#include "dashboard/terminal.h"

namespace keisei::dashboard {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

class ProgressTest : public testing::Test {
 protected:
  std::unique_ptr<ProgressView> view(Mode mode, Paint paint = {}) {
    return std::make_unique<ProgressView>(
        clock_, screen_, ProgressOptions{.mode = mode, .paint = paint, .refresh_per_second = 4, .plain_interval_s = 5});
  }
  void wait_s(double seconds) { clock_->advance_ns(static_cast<std::int64_t>(seconds * kSecond_ns)); }

  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::shared_ptr<RecordingScreen> screen_ = std::make_shared<RecordingScreen>(Size{80, 24});
};

TEST_F(ProgressTest, LiveAnswersTheFirstEventAtOnce) {
  const auto live = view(Mode::kLive);
  live->tick();
  EXPECT_EQ(screen_->take(), "");
  live->write(run_start());
  EXPECT_NE(screen_->take().find("starting…"), std::string::npos);
}

TEST_F(ProgressTest, LiveDrawsAtMostAsOftenAsAsked) {
  const auto live = view(Mode::kLive);
  live->write(run_start());
  for (int i = 1; i <= 1000; ++i) {  // ten seconds of an update every 10 ms
    wait_s(0.01);
    live->write(sample_update(i % kSampleUpdates + 1));
    live->tick();
  }
  EXPECT_GE(screen_->writes(), 35);
  EXPECT_LE(screen_->writes(), 41);
}

TEST_F(ProgressTest, LiveCountsOnBetweenEvents) {
  const auto live = view(Mode::kLive);
  TestTerminal terminal({80, 24});
  live->write(run_start());
  wait_s(0.5);
  live->write(sample_update(6));
  terminal.feed(screen_->take());
  EXPECT_NE(terminal.screen()[2].find("elapsed 1m 00s"), std::string::npos) << terminal.screen()[2];
  wait_s(7);
  live->tick();
  const std::string bytes = screen_->take();
  EXPECT_EQ(bytes.find("self-play"), std::string::npos) << "only the changed line is written";
  terminal.feed(bytes);
  EXPECT_NE(terminal.screen()[2].find("elapsed 1m 07s"), std::string::npos) << terminal.screen()[2];
}

TEST_F(ProgressTest, LiveFollowsTheSizeAndKeepsWarnings) {
  const auto live = view(Mode::kLive);
  live->write(run_start());
  live->write(telemetry::warning(1, "disk almost full"));
  wait_s(1);
  live->tick();
  EXPECT_NE(screen_->take().find("warning: disk almost full\r\n"), std::string::npos);
  screen_->resize({50, 10});
  wait_s(1);
  live->tick();
  TestTerminal small({50, 10});
  small.feed(screen_->take());
  EXPECT_TRUE(small.screen()[0].starts_with("── keisei tiny-7 ──"));
}

TEST_F(ProgressTest, AStoppedTerminalIsNotWrittenTo) {
  const auto live = view(Mode::kLive);
  screen_->stop(true);
  live->write(run_start());
  live->write(telemetry::warning(1, "kept for later"));
  wait_s(1);
  live->tick();
  EXPECT_EQ(screen_->take(), "");
  screen_->stop(false);
  live->tick();
  EXPECT_NE(screen_->take().find("kept for later"), std::string::npos);
}

TEST_F(ProgressTest, TheLastFrameStays) {
  auto live = view(Mode::kLive);
  live->write(run_start());
  live->write(sample_update(60));  // too soon for a frame
  live->write({.kind = "run.end", .step = 1, .utc_ms = 1, .metrics = {}, .texts = {}});
  TestTerminal terminal({80, 24});
  terminal.feed(screen_->take());
  EXPECT_NE(terminal.screen()[0].find("ended"), std::string::npos);
  EXPECT_NE(terminal.screen()[1].find("24.6 %"), std::string::npos);
  live.reset();
  EXPECT_EQ(screen_->take(), "") << "nothing to restore";
}

TEST_F(ProgressTest, PlainLinesAreAPage) {
  const auto plain = view(Mode::kPlain);
  plain->write(run_start());
  for (int n = 1; n <= 20; ++n) {
    wait_s(1);
    plain->write(sample_update(n));
    if (n == 10) plain->write(sample_evaluation(n));
    plain->tick();
  }
  plain->write(telemetry::Event{
      .kind = "checkpoint", .step = 40960, .utc_ms = kSampleUtc_ms, .metrics = {}, .texts = {{"file", "40960.ckpt"}}});
  plain->write(telemetry::Event{.kind = "evaluation.sla",
                                .step = 1,
                                .utc_ms = kSampleUtc_ms,
                                .metrics = {{"evaluation/sla/violation_count", 2.0}},
                                .texts = {}});
  plain->write(telemetry::Event{
      .kind = "run.end", .step = 40960, .utc_ms = kSampleUtc_ms, .metrics = {}, .texts = {{"text", "finished"}}});
  const std::string text = screen_->take();
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text, golden("plain.txt", text));
}

TEST_F(ProgressTest, PlainIsNotSilentForLong) {
  const auto plain = view(Mode::kPlain);
  plain->write(run_start());
  EXPECT_NE(screen_->take().find("starting…  run tiny-7"), std::string::npos);
  wait_s(29);
  plain->tick();
  EXPECT_EQ(screen_->take(), "");
  wait_s(2);
  plain->tick();
  EXPECT_NE(screen_->take().find("waiting for the first update  elapsed 31s"), std::string::npos);
}

TEST_F(ProgressTest, PlainStartsWithWhateverComesFirst) {
  const auto plain = view(Mode::kPlain);
  plain->write(sample_update(1));
  EXPECT_TRUE(screen_->take().starts_with("starting…\n"));
}

TEST_F(ProgressTest, QuietSaysWarningsOnly) {
  const auto quiet = view(Mode::kQuiet);
  quiet->write(run_start());
  quiet->write(sample_update(1));
  quiet->write(sample_evaluation(1));
  quiet->write(telemetry::message(1, "hello"));
  wait_s(100);
  quiet->tick();
  quiet->flush();
  EXPECT_EQ(screen_->take(), "");
  auto warning = telemetry::warning(1, "disk almost full");
  warning.utc_ms = kSampleUtc_ms;
  quiet->write(warning);
  EXPECT_EQ(screen_->take(), "12:34:56Z  warning: disk almost full\n");
}

TEST_F(ProgressTest, ColourOnlyWhenAsked) {
  const auto plain = view(Mode::kPlain, {.colour = true, .unicode = true});
  plain->write(run_start());
  EXPECT_NE(screen_->take().find("\x1b[1mstarting…\x1b[0m"), std::string::npos);
}

/// Sets variables for one test and puts the old ones back.
class Environment {
 public:
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& values) {
    for (const auto& [name, value] : values) {
      const char* old = std::getenv(name.c_str());
      before_.emplace_back(name, old == nullptr ? std::nullopt : std::optional<std::string>(old));
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : before_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

TEST(Surroundings, AreReadFromTheDescriptorAndTheEnvironment) {
  int master = -1, slave = -1;
  ASSERT_EQ(::openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
  const Fd close_master(master), close_slave(slave);
  {
    const Environment set({{"TERM", "xterm"}, {"CI", ""}, {"NO_COLOR", ""}, {"LC_ALL", "ja_JP.UTF-8"}});
    const Surroundings around = surroundings(slave);
    EXPECT_TRUE(around.terminal);
    EXPECT_FALSE(around.ci);
    EXPECT_FALSE(around.no_color) << "empty counts as not set";
    EXPECT_TRUE(around.utf8);
    EXPECT_EQ(around.term, "xterm");
  }
  const Environment set({{"CI", "true"}, {"NO_COLOR", "1"}, {"LC_ALL", "C"}, {"LANG", "C.UTF-8"}});
  const Fd pipe_like(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const Surroundings around = surroundings(pipe_like.get());
  EXPECT_FALSE(around.terminal);
  EXPECT_TRUE(around.ci);
  EXPECT_TRUE(around.no_color);
  EXPECT_FALSE(around.utf8) << "LC_ALL wins over LANG";
}

TEST(ChooseMode, LiveNeedsACapableTerminal) {
  const Surroundings good{.terminal = true, .ci = false, .no_color = false, .utf8 = true, .term = "xterm-256color"};
  EXPECT_EQ(choose_mode(good, false, false), Mode::kLive);
  EXPECT_EQ(choose_mode(good, true, false), Mode::kPlain);
  EXPECT_EQ(choose_mode(good, true, true), Mode::kQuiet);
  auto pipe = good, ci = good, dumb = good, none = good;
  pipe.terminal = false;
  ci.ci = true;
  dumb.term = "dumb";
  none.term = "";
  for (const auto& around : {pipe, ci, dumb, none}) EXPECT_EQ(choose_mode(around, false, false), Mode::kPlain);
}

TEST(ChoosePaint, NoColorWinsOverAutoButNotOverAlways) {
  Surroundings around{.terminal = true, .ci = false, .no_color = false, .utf8 = true, .term = "xterm"};
  EXPECT_TRUE(choose_paint(around, ColourWish::kAuto).colour);
  EXPECT_FALSE(choose_paint(around, ColourWish::kNever).colour);
  around.no_color = true;
  EXPECT_FALSE(choose_paint(around, ColourWish::kAuto).colour);
  EXPECT_TRUE(choose_paint(around, ColourWish::kAlways).colour);
  around = {.terminal = false, .ci = false, .no_color = false, .utf8 = false, .term = "xterm"};
  EXPECT_FALSE(choose_paint(around, ColourWish::kAuto).colour);
  EXPECT_FALSE(choose_paint(around, ColourWish::kAuto).unicode);
}

}  // namespace
}  // namespace keisei::dashboard
