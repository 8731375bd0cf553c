// The full screen as an outlet, on a terminal that only records: when it draws, what keys and stray lines do, what
// outlives it; and the state behind it, which stays within its bounds.
#include "dashboard/full_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "dashboard/live_sample.h"
#include "dashboard/progress.h"

namespace keisei::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kSecond_ns = 1'000'000'000;

/// What the recording terminal shows and takes; outlives the view.
struct Desk {
  Size size{80, 24};
  bool ready = true;
  bool open = false;
  int shown = 0;
  std::string picture;
  std::deque<Key> keys;
  std::vector<std::string> lines;
};

class DeskScreen final : public CellScreen {
 public:
  explicit DeskScreen(Desk& desk) : desk_(desk) { desk_.open = true; }
  ~DeskScreen() override { desk_.open = false; }
  [[nodiscard]] Size size() const override { return desk_.size; }
  [[nodiscard]] bool ready() const override { return desk_.ready; }
  void show(const Canvas& canvas) override {
    desk_.picture = joined(to_lines(canvas, false));
    ++desk_.shown;
  }
  [[nodiscard]] Key key() override {
    if (desk_.keys.empty()) return Key::kNone;
    const Key key = desk_.keys.front();
    desk_.keys.pop_front();
    return key;
  }
  [[nodiscard]] std::vector<std::string> lines() override { return std::exchange(desk_.lines, {}); }

 private:
  Desk& desk_;
};

class FullScreenTest : public testing::Test {
 protected:
  std::unique_ptr<FullScreenView> view(double refresh_per_second = 60, bool watching = false) {
    return std::make_unique<FullScreenView>(
        clock_, [this]() -> Result<std::unique_ptr<CellScreen>> { return std::make_unique<DeskScreen>(desk_); }, after_,
        nullptr,
        FullScreenOptions{.paint = {},
                          .refresh_per_second = refresh_per_second,
                          .watching = watching,
                          .stop = [this] { ++stops_; }});
  }
  void wait_s(double seconds) { clock_->advance_ns(static_cast<std::int64_t>(seconds * kSecond_ns)); }
  void press(FullScreenView& view, Key key) {
    desk_.keys.push_back(key);
    wait_s(1);
    view.tick();
  }

  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::shared_ptr<RecordingScreen> after_ = std::make_shared<RecordingScreen>();
  Desk desk_;
  int stops_ = 0;
};

TEST_F(FullScreenTest, TakesTheTerminalWithTheFirstEventAndGivesItBack) {
  auto screen = view();
  screen->tick();
  EXPECT_FALSE(desk_.open) << "until there is a run, errors go to the plain terminal";
  screen->write(run_start());
  EXPECT_TRUE(desk_.open);
  screen->tick();
  EXPECT_THAT(desk_.picture, HasSubstr("tiny-7"));
  EXPECT_THAT(desk_.picture, HasSubstr("starting…"));
  screen.reset();
  EXPECT_FALSE(desk_.open);
  EXPECT_EQ(after_->take(), "");
}

TEST_F(FullScreenTest, DrawsAtMostFourTimesASecondHoweverMuchHappens) {
  const auto screen = view(60);
  screen->write(run_start());
  for (int i = 1; i <= 1000; ++i) {  // ten seconds of an update and a key every 10 ms
    wait_s(0.01);
    desk_.keys.push_back(Key::kNext);
    screen->write(sample_update(i % kSampleUpdates + 1));
    screen->tick();
  }
  EXPECT_GE(desk_.shown, 35);
  EXPECT_LE(desk_.shown, 41);
}

TEST_F(FullScreenTest, DrawsOnceASecondWhenNothingHappens) {
  const auto screen = view();
  screen->write(run_start());
  screen->tick();
  const int before = desk_.shown;
  for (int i = 0; i < 100; ++i) {
    wait_s(0.1);
    screen->tick();
  }
  EXPECT_GE(desk_.shown - before, 8);
  EXPECT_LE(desk_.shown - before, 11);
}

TEST_F(FullScreenTest, PauseHoldsThePictureAndTakesEventsAllTheSame) {
  const auto screen = view();
  screen->write(run_start());
  screen->write(sample_update(10));
  press(*screen, Key::kPause);
  EXPECT_THAT(desk_.picture, HasSubstr("held"));
  EXPECT_THAT(desk_.picture, HasSubstr("20.5k of 500k"));
  screen->write(sample_update(50));
  wait_s(5);
  screen->tick();
  EXPECT_THAT(desk_.picture, HasSubstr("20.5k of 500k"));
  EXPECT_EQ(screen->state().progress().value("progress/update"), 50);
  desk_.size = {120, 40};
  wait_s(1);
  screen->tick();
  EXPECT_EQ(std::count(desk_.picture.begin(), desk_.picture.end(), '\n'), 40) << "a held picture follows the size";
  press(*screen, Key::kPause);
  EXPECT_THAT(desk_.picture, HasSubstr("102k of 500k"));
}

TEST(LiveState, KeepsWhatEvaluationsDecidedWithinItsBound) {
  LiveState state;
  state.apply(sample_evaluation(10), 0);
  EXPECT_TRUE(state.decisions().empty()) << "an evaluation without a stop rule decides nothing";
  for (std::size_t i = 0; i < 2 * kMaxDecisions; ++i) {
    state.apply(telemetry::promoted(static_cast<std::int64_t>(i), "opponent", -1, "came\x1b[31m in"), 0);
  }
  EXPECT_EQ(state.decisions().size(), kMaxDecisions);
  EXPECT_EQ(state.decisions().back().step, static_cast<std::int64_t>(2 * kMaxDecisions - 1));
  EXPECT_EQ(state.decisions().back().text.find('\x1b'), std::string::npos) << "printable";
}

TEST_F(FullScreenTest, QTwiceAsksToStopOnce) {
  const auto screen = view();
  screen->write(run_start());
  press(*screen, Key::kQuit);
  EXPECT_EQ(stops_, 0);
  EXPECT_THAT(desk_.picture, HasSubstr("q again"));
  press(*screen, Key::kQuit);
  EXPECT_EQ(stops_, 1);
  EXPECT_THAT(desk_.picture, HasSubstr("stopping"));
  press(*screen, Key::kQuit);
  press(*screen, Key::kQuit);
  EXPECT_EQ(stops_, 1);
}

TEST_F(FullScreenTest, WhoWatchesSeesTheScreenBeforeAnyEvent) {
  const auto screen = view(60, true);
  screen->tick();
  EXPECT_THAT(desk_.picture, HasSubstr("waiting for the run"));
  press(*screen, Key::kQuit);
  EXPECT_EQ(stops_, 1);
}

TEST_F(FullScreenTest, StrayLinesGoToTheLogAndOutliveThePicture) {
  auto screen = view();
  screen->write(run_start());
  screen->write(telemetry::message(1, "only a message"));
  screen->write(telemetry::warning(2, "disk almost full"));
  desk_.lines = {"libfoo: \x1b[31mred\x1b[0m words"};
  wait_s(1);
  screen->tick();
  EXPECT_THAT(desk_.picture, HasSubstr("libfoo:  [31mred [0m words"));
  EXPECT_THAT(desk_.picture, HasSubstr("disk almost full"));
  desk_.lines = {"the last words"};
  screen.reset();
  const std::string after = after_->take();
  EXPECT_THAT(after, HasSubstr("warning: disk almost full\n"));
  EXPECT_THAT(after, HasSubstr("libfoo:  [31mred [0m words\n"));
  EXPECT_THAT(after, HasSubstr("the last words\n"));
  EXPECT_THAT(after, Not(HasSubstr("only a message")));
}

TEST_F(FullScreenTest, ATerminalThatTakesNothingIsNotWrittenTo) {
  const auto screen = view();
  desk_.ready = false;
  screen->write(run_start());
  for (int i = 0; i < 50; ++i) {
    wait_s(1);
    screen->tick();
  }
  EXPECT_EQ(desk_.shown, 0);
  desk_.ready = true;
  screen->tick();
  EXPECT_EQ(desk_.shown, 1);
}

TEST_F(FullScreenTest, WithoutATerminalEventsGoElsewhere) {
  const auto lines = std::make_shared<RecordingScreen>(Size{80, 24});
  const ProgressOptions plain{.mode = Mode::kPlain, .paint = {}};
  const auto instead = std::make_shared<ProgressView>(clock_, lines, plain);
  FullScreenView screen(
      clock_,
      []() -> Result<std::unique_ptr<CellScreen>> { return fail(Code::kFailure, "TERM is unknown"); }, after_, instead,
      FullScreenOptions{.paint = {}, .stop = {}});
  screen.write(run_start());
  screen.tick();
  screen.write(telemetry::warning(1, "disk almost full"));
  EXPECT_THAT(lines->take(), HasSubstr("disk almost full"));
  ASSERT_TRUE(screen.trouble());
  EXPECT_EQ(screen.trouble()->message, "TERM is unknown");
}

TEST(LiveState, StaysBoundedWhateverComes) {
  LiveState state;
  const std::string large(1 << 14, 'x');
  for (int i = 0; i < 600; ++i) {
    state.apply(telemetry::warning(i, large), i);
    state.add_line(i, large);
    state.apply(telemetry::game_sample(i, {large, large, large, large, "black", large}), i);
    state.apply({.kind = "evaluation.sla",
                 .step = i,
                 .utc_ms = 1,
                 .metrics = {{"evaluation/sla/violations/clause" + std::to_string(i), 0.0}},
                 .texts = {}},
                i);
  }
  EXPECT_EQ(state.log().size(), kLogLines);
  EXPECT_EQ(state.ended_games().size(), kRecentGames);
  EXPECT_EQ(state.clauses().size(), kMaxClauses);
  for (const Line& line : state.log()) {
    for (const Span& span : line) ASSERT_LE(span.text.size(), kMaxMessageBytes);
  }
  for (const GameView& game : state.ended_games()) ASSERT_LE(game.sfen.size() + game.white.size(), 512U);
}

TEST(LiveState, KeepsVerdictsGamesAndWhatHoldsEvaluationBack) {
  LiveState state = live_state();
  ASSERT_EQ(state.clauses().size(), 7U);
  const ClauseView& latency = state.clauses()[2];
  EXPECT_EQ(latency.name, "latency");
  EXPECT_EQ(latency.latest, Verdict::kMet);
  EXPECT_EQ(latency.met, 5);
  EXPECT_EQ(latency.violated, 1);
  EXPECT_EQ(state.clauses()[6].latest, Verdict::kUnknown);
  EXPECT_EQ(state.clauses()[6].unknown, 6);
  ASSERT_TRUE(state.running_game());
  EXPECT_EQ(state.running_game()->last_move, "7g6f+");
  EXPECT_EQ(state.ended_games().size(), 60U);
  state.apply(telemetry::gate_changed(1, true, "tripwire", "a stall of 200 ms"), 1);
  EXPECT_EQ(state.held_back(), "gate shut: tripwire");
  state.apply(telemetry::gate_changed(1, false, "tripwire", "open again"), 1);
  EXPECT_EQ(state.held_back(), "");
  state.apply(telemetry::breaker_changed(1, "half_open", "trying"), 1);
  EXPECT_EQ(state.breaker(), "half_open");
  state.apply({.kind = "run.end", .step = 1, .utc_ms = 1, .metrics = {}, .texts = {{"status", "finished"}}}, 1);
  EXPECT_EQ(state.ended_as(), "finished");
  EXPECT_FALSE(state.running_game());
}

}  // namespace
}  // namespace keisei::dashboard
