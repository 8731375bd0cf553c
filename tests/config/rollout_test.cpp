#include "config/rollout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "config/fnv.h"

namespace keisei::config {
namespace {

// Fixed for ever: a run must not change sides because the program was built anew.
TEST(Rollout, SharesAreTheSameForEver) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8ULL);
  EXPECT_NEAR(rollout_share("first"), 0.32902235806446345, 1e-12);
  EXPECT_NEAR(rollout_share("keisei-20260301-123456"), 0.9775854731931634, 1e-12);
}

TEST(Rollout, AShareIsThatShareOfManyRunsAndALargerOneKeepsThem) {
  Config config;
  int on = 0;
  constexpr int kRuns = 20000;
  for (int i = 0; i < kRuns; ++i) {
    const std::string name = "run-" + std::to_string(i);
    config.evaluation.rollout_fraction = 0.1;
    const bool in_tenth = periodic_evaluation_on(config, name);
    on += in_tenth ? 1 : 0;
    config.evaluation.rollout_fraction = 0.5;
    EXPECT_TRUE(!in_tenth || periodic_evaluation_on(config, name)) << name;
  }
  EXPECT_NEAR(on, kRuns / 10, 200) << "4.7 standard deviations";
}

TEST(Rollout, NoneAndAllMeanWhatTheySay) {
  Config config;
  for (const char* name : {"", "a", "first", "将棋"}) {
    config.evaluation.enable_periodic_evaluation = true;
    config.evaluation.rollout_fraction = 1;
    EXPECT_TRUE(periodic_evaluation_on(config, name));
    config.evaluation.rollout_fraction = 0;
    EXPECT_FALSE(periodic_evaluation_on(config, name));
    config.evaluation.rollout_fraction = 1;
    config.evaluation.enable_periodic_evaluation = false;
    EXPECT_FALSE(periodic_evaluation_on(config, name));
  }
}

TEST(Rollout, SaysWhy) {
  Config config;
  EXPECT_EQ(periodic_evaluation_why(config, "a"), "evaluation.enable_periodic_evaluation is true, for all runs");
  config.evaluation.rollout_fraction = 0.25;
  EXPECT_THAT(periodic_evaluation_why(config, "first"),
              testing::AllOf(testing::HasSubstr("run first stands at 0."),
                             testing::HasSubstr("evaluation.rollout_fraction is 0.25")));
  config.evaluation.enable_periodic_evaluation = false;
  EXPECT_EQ(periodic_evaluation_why(config, "a"), "evaluation.enable_periodic_evaluation is false");
}

}  // namespace
}  // namespace keisei::config
