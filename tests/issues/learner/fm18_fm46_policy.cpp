// 18: the policy that acts was not the policy that learns. 46: entropy was reported with the wrong sign.
#include <gtest/gtest.h>

#include "learner/training.h"

namespace keisei::learner {
namespace {

TEST(FailureMode18, RatioIsOneBeforeTheFirstStepOfEveryUpdate) {  // cases.md F13
  SmallTraining t;
  for (int u = 0; u < 3; ++u) {
    const auto stats = t.step(u);
    ASSERT_TRUE(stats);
    EXPECT_LT(stats->first_ratio_error, 1e-5) << "update " << u;
  }
}

TEST(FailureMode46, EntropyIsNotNegative) {  // F19
  SmallTraining t;
  for (int u = 0; u < 3; ++u) {
    const auto stats = t.step(u);
    ASSERT_TRUE(stats);
    EXPECT_GT(stats->entropy, 0.0);
    EXPECT_GE(stats->kl, 0.0);
  }
}

}  // namespace
}  // namespace keisei::learner
