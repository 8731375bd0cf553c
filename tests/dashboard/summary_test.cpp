#include "dashboard/summary.h"

#include <gtest/gtest.h>

#include "dashboard/sample.h"

namespace keisei::dashboard {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

RunSummary sample_summary() {
  RunSummary summary;
  summary.run = "tiny-7";
  summary.directory = "runs/tiny-7";
  summary.ended = "finished";
  summary.timesteps = 500000;
  summary.updates = 244;
  summary.games = 3490;
  summary.wall_s = 3725;
  summary.steps_per_s = 134.2;
  summary.elo = 312;
  summary.elo_low = 262;
  summary.elo_high = 362;
  StrengthCurve curve{"random", {}};
  for (int i = 0; i <= 8; ++i) {
    const double score = 0.5 + 0.05 * i;
    curve.points.push_back({i * 62500, score, score - 0.1, std::min(score + 0.1, 1.0), 100});
  }
  summary.curves = {curve};
  summary.sla = {{"training impact", Verdict::kMet, 3.2, 5.0, "%", true},
                 {"evaluation latency", Verdict::kViolated, 612.5, 600.0, "s", true},
                 {"games per minute", Verdict::kMet, 41.0, 10.0, "", false},
                 {"GPU memory", Verdict::kUnknown, 0.0, 500.0, "MiB", true}};
  summary.dropped_events = 12;
  summary.next_commands = next_commands("tiny-7", "runs/tiny-7");
  return summary;
}

TEST(Summary, IsAPageForPeople) {
  const std::string text = summary_text(sample_summary(), 80, {});
  EXPECT_EQ(text, golden("summary.txt", text));
  const std::string ascii = summary_text(sample_summary(), 80, {false, false});
  EXPECT_EQ(ascii, golden("summary_ascii.txt", ascii));
}

TEST(Summary, LinesFitExceptCommandsAndPaths) {
  RunSummary summary = sample_summary();
  summary.directory = std::string(150, 'd');
  for (const int columns : {40, 60, 80, 132}) {
    std::istringstream text(summary_text(summary, columns, {}));
    for (std::string line; std::getline(text, line);) {
      const bool whole = line.find("keisei ") != std::string::npos || line.find("ddd") != std::string::npos;
      if (!whole) {
        EXPECT_LE(cell_width(line), columns) << line;
      }
    }
    EXPECT_NE(text.str().find(summary.directory), std::string::npos);
  }
}

TEST(Summary, WhatWasNotMeasuredIsNeverANumber) {
  RunSummary summary;
  summary.run = "empty";
  summary.sla = {{"latency", Verdict::kUnknown, 0.0, 5.0, "s", true},
                 {"memory", Verdict::kMet, kNaN, kNaN, "MiB", true}};
  const std::string text = summary_text(summary, 80, {});
  EXPECT_NE(text.find("Elo       –"), std::string::npos) << text;
  EXPECT_NE(text.find("not measured"), std::string::npos);
  EXPECT_EQ(text.find("0 s"), std::string::npos) << text;
  EXPECT_EQ(text.find("score vs"), std::string::npos);
}

TEST(Summary, CommandsQuoteWhatAShellWouldTakeApart) {
  const auto commands = next_commands("it's mine", "my runs/it's mine");
  EXPECT_EQ(commands[0], "keisei runs show 'it'\\''s mine'");
  EXPECT_EQ(next_commands("a", "runs/a")[0], "keisei runs show a");
}

TEST(StrengthChart, PutsScoresWhereTheyBelong) {
  const StrengthCurve curve{"random", {{0, 0.0, kNaN, kNaN, 10}, {100, 1.0, 0.75, 1.0, 10}}};
  const auto lines = strength_chart(curve, 7 + 11, 5);
  ASSERT_EQ(lines.size(), 1U + 5 + 2);
  const auto row = [&](std::size_t i) { return to_text(lines[1 + i], 80, {}); };
  EXPECT_EQ(row(0), " 1.00 │          ●");
  EXPECT_EQ(row(1), "      │          │");
  EXPECT_EQ(row(2), " 0.50 │┄┄┄┄┄┄┄┄┄┄┄");
  EXPECT_EQ(row(3), "      │");
  EXPECT_EQ(row(4), " 0.00 │●");
}

TEST(StrengthChart, ShowsTheUpperHalfWhereAllIsBetterThanEven) {
  const StrengthCurve curve{"random", {{0, 0.75, 0.6, 0.9, 40}, {100, 1.0, kNaN, kNaN, 40}}};
  const auto lines = strength_chart(curve, 7 + 11, 5);
  const auto row = [&](std::size_t i) { return to_text(lines[1 + i], 80, {}); };
  EXPECT_EQ(row(0), " 1.00 │          ●");
  EXPECT_EQ(row(1), "      ││");
  EXPECT_EQ(row(2), " 0.75 │●");
  EXPECT_EQ(row(3), "      ││");
  EXPECT_EQ(row(4), " 0.50 │┄┄┄┄┄┄┄┄┄┄┄");
}

TEST(StrengthChart, HandlesFewAndOddPoints) {
  EXPECT_TRUE(strength_chart({"x", {}}, 80, 9).empty());
  EXPECT_TRUE(strength_chart({"x", {{1, kNaN, kNaN, kNaN, 0}}}, 80, 9).empty());
  EXPECT_EQ(strength_chart({"x", {{1, 0.5, 0.4, 0.6, 1}}}, 80, 9).size(), 12U);
  for (int columns = 0; columns < 20; ++columns) {
    EXPECT_FALSE(strength_chart({"x", {{1, 2.0, -1, 3, 1}, {1, 0.5, 0.6, 0.4, 1}}}, columns, 0).empty());
  }
}

}  // namespace
}  // namespace keisei::dashboard
