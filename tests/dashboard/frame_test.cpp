// The full screen as a value: golden frames of every pane at three sizes, and what keys do.
#include "dashboard/frame.h"

#include <gtest/gtest.h>

#include "dashboard/live_sample.h"

namespace keisei::dashboard {
namespace {

constexpr const char* kNames[kPanes] = {"overview", "training", "strength", "safeguards", "games"};

std::string text_of(const LiveState& state, const View& view, Size size, bool unicode = true, bool colour = false) {
  return joined(to_lines(frame(state, view, kLiveNow_s, size, unicode), colour));
}

class FrameGolden : public testing::TestWithParam<std::tuple<int, Size>> {};

TEST_P(FrameGolden, Pane) {
  const auto& [pane, size] = GetParam();
  const std::string text = text_of(live_state(), {.pane = static_cast<Pane>(pane)}, size);
  const std::string file = std::string("frame_") + kNames[pane] + "_" + std::to_string(size.columns) + "x" +
                           std::to_string(size.rows) + ".txt";
  EXPECT_EQ(text, golden(file, text));
}

INSTANTIATE_TEST_SUITE_P(Sizes, FrameGolden,
                         testing::Combine(testing::Range(0, kPanes),
                                          testing::Values(Size{80, 24}, Size{120, 40}, Size{200, 60})),
                         [](const auto& tested) {
                           const Size size = std::get<1>(tested.param);
                           return std::string(kNames[std::get<0>(tested.param)]) + std::to_string(size.columns) + "x" +
                                  std::to_string(size.rows);
                         });

TEST(Frame, OtherLooksAreGoldenToo) {
  const LiveState state = live_state();
  const auto compare = [](const std::string& name, const std::string& text) { EXPECT_EQ(text, golden(name, text)); };
  compare("frame_overview_120x40_ascii.txt", text_of(state, {}, {120, 40}, false));
  compare("frame_overview_120x40_colour.txt", text_of(state, {}, {120, 40}, true, true));
  compare("frame_help_80x24.txt", text_of(state, {.help = true}, {80, 24}));
  compare("frame_log_80x24.txt", text_of(state, {.log = true}, {80, 24}));
  compare("frame_small_60x20.txt", text_of(state, {}, {60, 20}));
  compare("frame_empty_80x24.txt", text_of(LiveState(), {}, {80, 24}));
}

TEST(Frame, AsciiIsAscii) {
  const LiveState state = live_state();
  for (int pane = 0; pane < kPanes; ++pane) {
    for (const char c : text_of(state, {.pane = static_cast<Pane>(pane), .help = pane == 0}, {120, 40}, false)) {
      ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << pane;
    }
  }
}

TEST(Frame, FitsEverySizeInEveryView) {
  const LiveState full = live_state(), empty;
  for (const LiveState* state : {&full, &empty}) {
    for (int pane = 0; pane < kPanes; ++pane) {
      for (int columns = 1; columns <= 230; columns += 12) {
        for (const int rows : {1, 5, 23, 24, 30, 41, 80}) {
          for (const bool other : {false, true}) {
            const View view{
                .pane = static_cast<Pane>(pane), .help = other, .log = other, .paused = other, .asked_to_stop = other};
            const Canvas canvas = frame(*state, view, kLiveNow_s, {columns, rows}, true);
            ASSERT_EQ(canvas.size().columns, columns);
            ASSERT_EQ(canvas.size().rows, rows);
            for (const auto& line : to_lines(canvas, false)) ASSERT_LE(cell_width(line), columns);
          }
        }
      }
    }
  }
}

TEST(Frame, UnknownIsADashAndNeverZero) {
  LiveState state;
  state.apply({.kind = "update", .step = 5, .utc_ms = 1, .metrics = {{"ppo/kl_divergence_approx", telemetry::kUnknown}},
               .texts = {}},
              0.0);
  const std::string text = text_of(state, {}, {80, 24});
  EXPECT_NE(text.find("KL                  –"), std::string::npos) << text;
  EXPECT_NE(text.find("GPU                 –  not measured"), std::string::npos) << text;
  EXPECT_NE(text.find("not measured before an evaluation"), std::string::npos) << text;
}

TEST(Frame, WonGamesOnlyGiveABoundAndNoStaleRating) {
  LiveState state = live_state();
  telemetry::Event won = sample_evaluation(kSampleUpdates);
  for (auto& [name, value] : won.metrics) {
    if (name == "evaluation/elo" || name == "evaluation/elo_high") value = telemetry::kUnknown;
    if (name == "evaluation/elo_low") value = 407;
  }
  state.apply(won, 600.0);
  const std::string text = text_of(state, {}, {80, 24});
  EXPECT_NE(text.find("Elo            ≥ +407"), std::string::npos) << text;
  EXPECT_EQ(text.find("Elo          +380"), std::string::npos) << text;
}

TEST(Frame, SaysHowARunEndedAndWhenItIsSilent) {
  LiveState state = live_state();
  EXPECT_NE(joined(to_lines(frame(state, {}, 900.0, {80, 24}, true), false)).find("silent for 5m 00s"),
            std::string::npos);
  telemetry::Event end{.kind = "run.end", .step = 1, .utc_ms = kSampleUtc_ms, .metrics = {}, .texts = {}};
  end.texts.emplace_back("status", "interrupted");
  state.apply(end, 700.0);
  const std::string text = joined(to_lines(frame(state, {}, 900.0, {80, 24}, true), false));
  EXPECT_NE(text.find("interrupted"), std::string::npos) << text;
  EXPECT_EQ(text.find("silent"), std::string::npos) << text;
}

TEST(Press, TabAndNumbersChoosePanes) {
  View view;
  for (int i = 1; i <= kPanes; ++i) {
    EXPECT_FALSE(press(view, Key::kNext));
    EXPECT_EQ(static_cast<int>(view.pane), i % kPanes);
  }
  (void)press(view, Key::kPrevious);
  EXPECT_EQ(view.pane, Pane::kGames);
  (void)press(view, Key::kLog);
  EXPECT_TRUE(view.log);
  (void)press(view, Key::kFour);
  EXPECT_EQ(view.pane, Pane::kSafeguards);
  EXPECT_FALSE(view.log);
}

TEST(Press, HelpClosesWithAnyKeyAndPauseIsASwitch) {
  View view;
  (void)press(view, Key::kHelp);
  EXPECT_TRUE(view.help);
  (void)press(view, Key::kPause);
  EXPECT_FALSE(view.help);
  EXPECT_FALSE(view.paused) << "the key that closes help does nothing else";
  (void)press(view, Key::kPause);
  EXPECT_TRUE(view.paused);
  (void)press(view, Key::kPause);
  EXPECT_FALSE(view.paused);
}

TEST(Press, StoppingTakesTwoAndAsksOnce) {
  View view;
  EXPECT_FALSE(press(view, Key::kQuit));
  EXPECT_TRUE(view.asked_to_stop);
  EXPECT_FALSE(press(view, Key::kOther));
  EXPECT_FALSE(view.asked_to_stop) << "any other key goes on";
  EXPECT_FALSE(press(view, Key::kQuit));
  EXPECT_TRUE(press(view, Key::kQuit));
  EXPECT_TRUE(view.stopping);
  // A second SIGINT would end the process without a checkpoint: more q ask for nothing.
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(press(view, Key::kQuit));
  View watching{.watching = true};
  EXPECT_TRUE(press(watching, Key::kQuit)) << "who watches leaves at once";
}

}  // namespace
}  // namespace keisei::dashboard
