#include "learner/schedule.h"

#include <gtest/gtest.h>

namespace keisei::learner {
namespace {

config::Training options(const std::string& type) {
  config::Training t;
  t.lr_schedule_type = type;
  t.learning_rate = 1e-3;
  t.lr_schedule_final_fraction = 0.1;
  t.steps_per_epoch = 100;
  t.minibatch_size = 10;
  t.ppo_epochs = 1;
  return t;
}

TEST(Schedule, LinearGoesThroughTheStoredPoints) {  // cases.md F16
  const Schedule s(options("linear"), 10);
  ASSERT_EQ(s.total_steps(), 100);
  EXPECT_DOUBLE_EQ(s.rate(0), 1e-3);
  EXPECT_NEAR(s.rate(50), 5.5e-4, 1e-12);
  EXPECT_NEAR(s.rate(100), 1e-4, 1e-12);
  EXPECT_NEAR(s.rate(1000), 1e-4, 1e-12);
}

TEST(Schedule, HasAsManyStepsAsItIsStepped) {  // F18: 1,000 timesteps, 100 a rollout, 4 PPO epochs
  config::Training t = options("linear");
  t.ppo_epochs = 4;
  t.lr_schedule_step_on = "epoch";
  EXPECT_EQ(Schedule(t, 10).total_steps(), 40);
  EXPECT_EQ(Schedule(t, 10).steps_at(9, 3, 9, 10), 39);
  t.lr_schedule_step_on = "update";
  EXPECT_EQ(Schedule(t, 10).total_steps(), 400);
  EXPECT_EQ(Schedule(t, 10).steps_at(9, 3, 9, 10), 399);
  EXPECT_EQ(Schedule(t, 10).steps_at(9, 3, 7, 8), 399) << "fewer minibatches end at the same step";
}

TEST(Schedule, OtherShapes) {
  EXPECT_DOUBLE_EQ(Schedule(options("none"), 10).rate(77), 1e-3);
  const Schedule cosine(options("cosine"), 10);
  EXPECT_NEAR(cosine.rate(0), 1e-3, 1e-12);
  EXPECT_NEAR(cosine.rate(50), 5.5e-4, 1e-12);
  EXPECT_NEAR(cosine.rate(100), 1e-4, 1e-12);
  config::Training t = options("exponential");
  t.lr_schedule_decay = 0.5;
  EXPECT_NEAR(Schedule(t, 10).rate(3), 1.25e-4, 1e-12);
  t.lr_schedule_type = "step";
  t.lr_schedule_step_size = 10;
  EXPECT_NEAR(Schedule(t, 10).rate(9), 1e-3, 1e-12);
  EXPECT_NEAR(Schedule(t, 10).rate(25), 2.5e-4, 1e-12);
}

}  // namespace
}  // namespace keisei::learner
