#include "evaluation/game_clock.h"

#include <gtest/gtest.h>

namespace keisei::evaluation {
namespace {

using shogi::Color;

TEST(GameClock, ByoyomiFollowsTheMainTime) {
  const TimeControl control = *parse_time_control("time=10,byoyomi=3,margin=0");
  GameClock clock(control);
  EXPECT_EQ(clock.budget_ms(), 13'000);
  EXPECT_EQ(clock.go_arguments(Color::kBlack), "btime 10000 wtime 10000 byoyomi 3000");
  EXPECT_TRUE(clock.spend(4'000));
  EXPECT_EQ(clock.left_ms(), 6'000);
  EXPECT_EQ(clock.go_arguments(Color::kWhite), "btime 10000 wtime 6000 byoyomi 3000");
  EXPECT_TRUE(clock.spend(8'000));  // into the byoyomi
  EXPECT_EQ(clock.left_ms(), 0);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(clock.spend(3'000));
  EXPECT_FALSE(clock.spend(3'001));
}

TEST(GameClock, FischerGivesBackAndSuddenDeathDoesNot) {
  GameClock fischer(*parse_time_control("60+1"));
  EXPECT_EQ(fischer.go_arguments(Color::kWhite), "btime 60000 wtime 60000 binc 1000 winc 1000");
  EXPECT_TRUE(fischer.spend(500));
  EXPECT_EQ(fischer.left_ms(), 60'500);
  EXPECT_TRUE(fischer.spend(60'500 + kDefaultMarginMs));
  EXPECT_EQ(fischer.left_ms(), 1'000);
  EXPECT_FALSE(fischer.spend(1'000 + kDefaultMarginMs + 1));
  GameClock sudden(*parse_time_control("2,margin=0"));
  EXPECT_EQ(sudden.go_arguments(Color::kBlack), "btime 2000 wtime 2000 byoyomi 0");
  EXPECT_TRUE(sudden.spend(2'000));
  EXPECT_EQ(sudden.budget_ms(), 0);
  EXPECT_FALSE(sudden.spend(1));
}

TEST(GameClock, NodesAndDepthRunNoClock) {
  GameClock clock(*parse_time_control("nodes=1000,depth=3"));
  EXPECT_EQ(clock.go_arguments(Color::kBlack), "depth 3 nodes 1000");
  EXPECT_TRUE(clock.spend(kMaxClockMs));
  GameClock movetime(*parse_time_control("movetime=0.25"));
  EXPECT_EQ(movetime.go_arguments(Color::kBlack), "movetime 250");
  EXPECT_EQ(movetime.budget_ms(), 250);
  EXPECT_FALSE(movetime.spend(250 + kDefaultMarginMs + 1));
  EXPECT_TRUE(movetime.spend(250));
}

TEST(GameClock, TextReadsBackEqual) {
  for (const char* text : {"depth=1", "nodes=5", "movetime=0.1", "byoyomi=1", "time=60,inc=1", "byoyomi=10,time=0.001",
                           "depth=3,nodes=100,byoyomi=2.5,margin=0", "time=300"}) {
    const auto control = parse_time_control(text);
    ASSERT_TRUE(control) << text;
    EXPECT_EQ(to_string(*control), text);
    EXPECT_EQ(*parse_time_control(to_string(*control)), *control);
  }
  EXPECT_EQ(*parse_time_control("60+1"), *parse_time_control("time=60,inc=1"));
  EXPECT_EQ(to_string(TimeControl{}), "");
}

TEST(GameClock, RefusesWhatMakesNoSense) {
  for (const char* text :
       {"",          "x",          "depth=0",    "depth=-1",       "depth=1.5",         "nodes=0",
        "nodes=1e3", "movetime=0", "byoyomi=-1", "byoyomi=nan",    "time=1e9",          "time=99999999999999999999",
        "60+",       "+1",         "inc=1",      "60+1,byoyomi=1", "movetime=1,time=5", "time=0.0001",
        "time=1.",   "speed=3",    "depth",      "margin=-1"}) {
    const auto control = parse_time_control(text);
    ASSERT_FALSE(control) << text;
    EXPECT_EQ(control.error().code, Code::kUsage);
    EXPECT_FALSE(control.error().hint.empty()) << text;
  }
}

}  // namespace
}  // namespace keisei::evaluation
