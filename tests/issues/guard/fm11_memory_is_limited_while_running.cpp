// Failure mode 11: memory was looked at after the end, and then the result was thrown away.
#include <gtest/gtest.h>

#include "guard/sla.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

using namespace stage;

TEST(FailureMode11, StoppedEarlyWithTheResultKept) {
  if (kSanitized) GTEST_SKIP() << "shadow memory counts as the worker's";
  constexpr double kLimit_mb = 200;
  Stage s;
  for (const char* words : {"eat new 600", "eat mmap 600", "eat memfd 600", "fork_hogs 8"}) {
    SCOPED_TRACE(words);
    const JobReport report = s.run(job(words, 20, kLimit_mb));
    EXPECT_EQ(report.end, JobEnd::kMemory) << report.detail;
    ASSERT_EQ(report.results.size(), 1u) << "the finished game is kept, and it did not eat it all";
    EXPECT_EQ(text(report.results[0]), "begun");
    EXPECT_NE(report.detail.find("200 MB"), std::string::npos) << report.detail;
    ASSERT_TRUE(report.performance.rss_peak_mb);
    EXPECT_GT(*report.performance.rss_peak_mb, 0.5 * kLimit_mb);
    const auto verdicts = judge(report.performance, report.end, Targets{.memory_mb = kLimit_mb});
    EXPECT_EQ(verdicts[3].clause, "memory");
    EXPECT_EQ(verdicts[3].state, VerdictState::kViolated);
    EXPECT_EQ(s.run(job("results 1")).end, JobEnd::kDone) << "the next evaluation runs";
  }
}

TEST(FailureMode11, WithinTheLimitNothingHappens) {
  if (kSanitized) GTEST_SKIP() << "shadow memory counts as the worker's";
  Stage s;
  const JobReport report = s.run(job("eat mmap 100", 20, 200));
  EXPECT_EQ(report.end, JobEnd::kDone) << report.detail;
  EXPECT_GT(report.performance.memory_peak_mb.value(), 95);
  EXPECT_LT(report.performance.memory_peak_mb.value(), 130);
}

}  // namespace
}  // namespace keisei::guard
