// 21: rows without a legal action became NaN. 22: the learning rate ended at a fraction of its range. 48: NaN trained
// on.
#include <gtest/gtest.h>

#include <cmath>

#include "learner/ppo_loss.h"
#include "learner/training.h"
#include "net/policy.h"

namespace keisei::learner {
namespace {

TEST(FailureMode21, OneLegalMoveHasZeroEntropyAndFiniteGradients) {  // cases.md F14
  const std::vector<net::Action> only{17};
  std::vector<float> logits(net::kActions, -1e9F);
  const std::vector<float> value{0.5F}, material{0};
  const std::vector<LossSample> samples{{only, 0, 0.0F, 2.0F, 0, 1, 0}};
  std::vector<float> g(net::kActions, 0.0F), v(1), m(1);
  const LossSums sums = ppo_loss(samples, logits, value, material, {}, 1, g, v, m);
  EXPECT_EQ(sums.entropy, 0.0);
  EXPECT_EQ(sums.max_ratio_error, 0.0);
  EXPECT_TRUE(std::isfinite(sums.policy_loss));
  for (const float x : g) ASSERT_EQ(x, 0.0F);
  EXPECT_TRUE(std::isfinite(v[0]));
}

TEST(FailureMode21, SelfPlayNeverHasAPositionWithoutLegalMoves) {
  SmallTraining t;
  t.arena_options.rules.max_moves = 400;
  t.arena = std::make_unique<selfplay::Arena>(t.arena_options);
  t.rollout.resize(200, 16, 2);
  t.arena->play(*t.network, t.league, t.rollout);
  for (const auto count : t.rollout.legal_count) ASSERT_GT(count, 0);
}

TEST(FailureMode22, LearningRateReachesItsEndWithTheLastUpdate) {
  for (const char* step_on : {"epoch", "update"}) {
    SmallTraining t(5);
    t.options.lr_schedule_type = "linear";
    t.options.lr_schedule_final_fraction = 0.1;
    t.options.lr_schedule_step_on = step_on;
    t.ppo = std::make_unique<Ppo>(*t.network, t.options, 7, 5);
    double rate = 0;
    for (int u = 0; u < 5; ++u) {
      const auto stats = t.step(u);
      ASSERT_TRUE(stats);
      rate = stats->learning_rate;
    }
    const Schedule schedule(t.options, 5);
    EXPECT_NEAR(rate, schedule.rate(schedule.total_steps() - 1), 1e-9) << step_on;
    EXPECT_NEAR(schedule.rate(schedule.total_steps()), 1e-4, 1e-12) << step_on;
  }
}

TEST(FailureMode48, AnUpdateThatIsNotFiniteIsAnErrorNotAStep) {
  SmallTraining t;
  t.arena->play(*t.network, t.league, t.rollout);
  t.rollout.reward[0] = std::numeric_limits<float>::quiet_NaN();
  t.rollout.end[0] = selfplay::Ply::kTerminated;
  t.rollout.learner_moved[0] = 1;
  const auto stats = t.ppo->update(t.rollout, 0, 2);
  ASSERT_FALSE(stats);
  EXPECT_NE(stats.error().message.find("not finite"), std::string::npos);
}

}  // namespace
}  // namespace keisei::learner
