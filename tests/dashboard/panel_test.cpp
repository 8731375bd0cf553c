#include "dashboard/panel.h"

#include <gtest/gtest.h>

#include <limits>

#include "dashboard/sample.h"

namespace keisei::dashboard {
namespace {

constexpr Paint kMono{.colour = false, .unicode = true};
constexpr double kNow_s = 603.0;

struct Frame {
  const char* name;
  Size size;
  Paint paint;
};

class PanelGolden : public testing::TestWithParam<Frame> {};

TEST_P(PanelGolden, Frame) {
  const auto& [name, size, paint] = GetParam();
  const std::string frame = joined(panel(sample_state(), kNow_s, size, paint));
  EXPECT_EQ(frame, golden(name, frame));
}

INSTANTIATE_TEST_SUITE_P(Sizes, PanelGolden,
                         testing::Values(Frame{"panel_80x24.txt", {80, 24}, kMono},
                                         Frame{"panel_120x40.txt", {120, 40}, kMono},
                                         Frame{"panel_200x60.txt", {200, 60}, kMono},
                                         Frame{"panel_40x8.txt", {40, 8}, kMono},
                                         Frame{"panel_80x24_ascii.txt", {80, 24}, {false, false}},
                                         Frame{"panel_80x24_colour.txt", {80, 24}, {true, true}}),
                         [](const auto& tested) {
                           const Frame& frame = tested.param;
                           return std::to_string(frame.size.columns) + "x" + std::to_string(frame.size.rows) +
                                  (frame.paint.colour    ? "Colour"
                                   : frame.paint.unicode ? ""
                                                         : "Ascii");
                         });

TEST(Panel, FitsEverySizeWithoutWrapping) {
  const ProgressState full = sample_state();
  const ProgressState empty;
  for (const ProgressState* state : {&full, &empty}) {
    for (const bool colour : {false, true}) {
      for (int columns = 1; columns <= 210; ++columns) {
        for (const int rows : {1, 2, 5, 12, 24, 60}) {
          const auto lines = panel(*state, kNow_s, {columns, rows}, {colour, true});
          ASSERT_LE(lines.size(), static_cast<std::size_t>(std::max(rows - 1, 1)));
          for (const auto& line : lines) {
            ASSERT_LE(painted_width(line), std::max(columns - 1, 1)) << columns << "x" << rows << ": " << line;
          }
        }
      }
    }
  }
}

TEST(Panel, StartsAtOnceAndSaysSo) {
  ProgressState state;
  state.apply(run_start(), 100.0);
  const std::string frame = joined(panel(state, 103.0, {80, 24}, kMono));
  EXPECT_NE(frame.find("tiny-7"), std::string::npos);
  EXPECT_NE(frame.find("starting…  3.0s"), std::string::npos);
}

TEST(Panel, UnknownIsADashAndNeverZero) {
  ProgressState state;
  state.apply(
      {.kind = "update", .step = 5, .utc_ms = 1, .metrics = {{"ppo/value_loss", telemetry::kUnknown}}, .texts = {}},
      0.0);
  const std::string frame = joined(panel(state, 0.0, {120, 40}, kMono));
  EXPECT_NE(frame.find("value –"), std::string::npos) << frame;
  EXPECT_NE(frame.find("CPU –"), std::string::npos) << frame;
  EXPECT_EQ(frame.find("value 0"), std::string::npos);
}

TEST(Panel, TheMostImportantRowsStayWhenItIsLow) {
  const auto lines = panel(sample_state(), kNow_s, {80, 5}, kMono);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_NE(lines[1].find("24.6 %"), std::string::npos);
  EXPECT_NE(lines[2].find("plies/s"), std::string::npos);
  EXPECT_TRUE(lines[3].starts_with("Elo"));
}

TEST(Panel, MessagesCannotDriveTheTerminal) {
  const std::string frame = joined(panel(sample_state(), kNow_s, {120, 40}, kMono));
  EXPECT_EQ(frame.find('\x1b'), std::string::npos);
  EXPECT_NE(frame.find("王手 [31m second line"), std::string::npos) << frame;
}

TEST(Panel, AViolatedSlaIsShown) {
  ProgressState state = sample_state();
  state.apply({.kind = "evaluation.sla",
               .step = 1,
               .utc_ms = 1,
               .metrics = {{"evaluation/sla/passed", 0.0}, {"evaluation/sla/violation_count", 2.0}},
               .texts = {}},
              kNow_s);
  EXPECT_NE(joined(panel(state, kNow_s, {80, 24}, kMono)).find("SLA 2 violated"), std::string::npos);
}

TEST(Panel, DroppedEventsAreShown) {
  ProgressState state = sample_state();
  for (const double count : {3.0, 40.0}) {
    state.apply({.kind = "telemetry.dropped",
                 .step = 1,
                 .utc_ms = 1,
                 .metrics = {{"telemetry/dropped", count}},
                 .texts = {{"outlet", "log"}}},
                kNow_s);
  }
  EXPECT_EQ(state.dropped(), 40U) << "the count is a total, not a difference";
  EXPECT_NE(joined(panel(state, kNow_s, {80, 24}, kMono)).find("events dropped 40"), std::string::npos);
}

TEST(Sparkline, SpansLowToHigh) {
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, 8), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(sparkline({9, 7, 1, 3}, 2), "█▁") << "each cell is a mean";
  EXPECT_EQ(sparkline({5, 5, 5}, 8), "▁▁▁");
  EXPECT_EQ(sparkline({}, 8), "");
  EXPECT_EQ(sparkline({1, 2}, 0), "");
  constexpr double kMost = std::numeric_limits<double>::max();
  EXPECT_EQ(sparkline({-kMost, 0, kMost}, 3), "▁▅█");
}

TEST(Bar, FillsInEighths) {
  EXPECT_EQ(bar(0.0, 4), "░░░░");
  EXPECT_EQ(bar(1.0, 4), "████");
  EXPECT_EQ(bar(0.5, 4), "██░░");
  EXPECT_EQ(bar(1.0 / 32, 4), "▏░░░");
  EXPECT_EQ(bar(2.0, 2), "██");
  EXPECT_EQ(bar(std::numeric_limits<double>::quiet_NaN(), 2), "░░");
  EXPECT_EQ(bar(0.5, 0), "");
}

}  // namespace
}  // namespace keisei::dashboard
