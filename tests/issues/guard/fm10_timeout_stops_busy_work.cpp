// Failure mode 10: a timeout that could not stop work which never gives the processor back.
#include <gtest/gtest.h>

#include "guard/stage.h"

namespace keisei::guard {
namespace {

TEST(FailureMode10, DeadlineStopsAWorkerThatNeverLooksUp) {
  using namespace stage;
  SupervisorOptions o = options();
  o.ask_s = 0.05;
  o.terminate_s = 0.05;
  Stage s(o);
  s.run(job("results 1"));
  for (const char* words : {"busy", "ignore_term"}) {
    const JobReport report = s.run(job(words, 0.5));
    EXPECT_EQ(report.end, JobEnd::kTimeout);
    EXPECT_EQ(report.results.size(), 1u) << "the finished game is kept";
    EXPECT_LT(report.performance.wall_s.value(), 0.5 + o.ask_s + o.terminate_s + kSlack_s);
  }
  EXPECT_EQ(s.run(job("results 3")).results.size(), 3u) << "others finish";
}

TEST(FailureMode10, GameLimitReachesTheWorker) {
  using namespace stage;
  Stage s;
  Job j = job("limits", 20);
  j.limits.memory_mb = 0;
  j.limits.game_timeout_s = 0.5;
  EXPECT_EQ(text(s.run(std::move(j)).results.at(0)), "20.000000 0.000000 0.500000");
}

}  // namespace
}  // namespace keisei::guard
