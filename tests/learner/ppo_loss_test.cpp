#include "learner/ppo_loss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/random.h"

namespace keisei::learner {
namespace {

/// A batch with its outputs, large enough to meet every branch of the loss.
struct Batch {
  std::vector<std::vector<net::Action>> actions;
  std::vector<LossSample> samples;
  std::vector<float> logits, values, material;

  explicit Batch(std::uint64_t seed, std::size_t count = 12) {
    Random random(seed, Purpose::kTest);
    logits.assign(count * net::kActions, 0.0F);
    actions.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t n = 1 + random.below(40);
      while (actions[i].size() < n) {
        const auto a = static_cast<net::Action>(random.below(net::kActions));
        if (std::ranges::find(actions[i], a) == actions[i].end()) actions[i].push_back(a);
      }
      for (const auto a : actions[i]) logits[i * net::kActions + a] = static_cast<float>(4 * random.uniform() - 2);
      values.push_back(static_cast<float>(2 * random.uniform() - 1));
      material.push_back(static_cast<float>(2 * random.uniform() - 1));
      samples.push_back({actions[i], random.below(n), static_cast<float>(-0.2 - 4 * random.uniform()),
                         static_cast<float>(4 * random.uniform() - 2), static_cast<float>(2 * random.uniform() - 1),
                         static_cast<float>(2 * random.uniform() - 1), static_cast<float>(2 * random.uniform() - 1),
                         i % 4 == 3});
    }
  }

  /// The whole loss as one number.
  [[nodiscard]] double loss(const LossOptions& o) const {
    std::vector<float> g(logits.size(), 0.0F), v(values.size()), m(values.size());
    const LossSums s = ppo_loss(samples, logits, values, material, o, 1.0, g, v, m);
    return s.policy_loss + o.value_coef * s.value_loss + o.material_coef * s.material_loss - o.entropy_coef * s.entropy;
  }
};

void expect_gradient(Batch& batch, const LossOptions& o) {
  std::vector<float> g(batch.logits.size(), 0.0F), v(batch.values.size()), m(batch.values.size());
  ppo_loss(batch.samples, batch.logits, batch.values, batch.material, o, 1.0, g, v, m);
  constexpr float kStep = 2e-3F;
  const auto numeric = [&](float& x) {
    const float kept = x;
    x = kept + kStep;
    const double up = batch.loss(o);
    x = kept - kStep;
    const double down = batch.loss(o);
    x = kept;
    return (up - down) / (2.0 * static_cast<double>(kStep));
  };
  for (std::size_t i = 0; i < batch.samples.size(); ++i) {
    for (const auto a : batch.actions[i]) {
      const std::size_t k = i * net::kActions + a;
      EXPECT_NEAR(g[k], numeric(batch.logits[k]), 2e-3) << "logit of sample " << i;
    }
    EXPECT_NEAR(v[i], numeric(batch.values[i]), 2e-3) << "value of sample " << i;
    EXPECT_NEAR(m[i], numeric(batch.material[i]), 2e-3) << "material of sample " << i;
  }
  const auto touched = static_cast<std::size_t>(std::ranges::count_if(g, [](float x) { return x != 0.0F; }));
  std::size_t legal = 0;
  for (const auto& a : batch.actions) legal += a.size();
  EXPECT_LE(touched, legal) << "illegal actions have no gradient";
}

TEST(PpoLoss, GradientEqualsFiniteDifferences) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Batch batch(seed);
    expect_gradient(batch, {.clip_epsilon = 0.2, .value_coef = 0.5, .material_coef = 0.25, .entropy_coef = 0.05});
  }
}

TEST(PpoLoss, GradientWithClippedValueEqualsFiniteDifferences) {
  Batch batch(9);
  expect_gradient(batch,
                  {.clip_epsilon = 0.3, .value_coef = 1, .material_coef = 1, .entropy_coef = 0, .clip_value = true});
}

TEST(PpoLoss, ClipsOnlyWhatWouldGainFromLeavingTheRange) {
  const std::vector<net::Action> actions{3, 4};
  std::vector<float> logits(net::kActions, 0.0F);
  const std::vector<float> value{0}, material{0};
  const auto policy_gradient = [&](float old_p, float advantage) {
    const std::vector<LossSample> s{{actions, 0, std::log(old_p), advantage, 0, 0, 0}};
    std::vector<float> g(net::kActions, 0.0F), v(1), m(1);
    ppo_loss(s, logits, value, material, {.clip_epsilon = 0.2, .value_coef = 0, .material_coef = 0, .entropy_coef = 0},
             1, g, v, m);
    return g[3];
  };
  EXPECT_EQ(policy_gradient(0.25F, 1), 0.0F) << "ratio 2, good action: clipped";
  EXPECT_GT(policy_gradient(0.25F, -1), 0.0F) << "ratio 2, bad action: still pushed down";
  EXPECT_EQ(policy_gradient(0.9F, -1), 0.0F) << "ratio 0.56, bad action: clipped";
  EXPECT_LT(policy_gradient(0.9F, 1), 0.0F) << "ratio 0.56, good action: still pushed up";
}

TEST(PpoLoss, LeavesAdvantagesAloneThatCannotBeNormalized) {  // cases.md F12
  std::vector<float> single{3};
  normalize(single);
  EXPECT_EQ(single[0], 3);
  std::vector<float> equal{2, 2, 2};
  normalize(equal);
  EXPECT_EQ(equal, (std::vector<float>{2, 2, 2}));
  std::vector<float> plain{1, 2, 3, 6};
  normalize(plain);
  EXPECT_NEAR(std::accumulate(plain.begin(), plain.end(), 0.0), 0, 1e-6);
  EXPECT_NEAR(plain[3], 3.0 / std::sqrt(3.5), 1e-6);
}

TEST(ExplainedVariance, IsOneForTheTargetAndZeroForItsMean) {
  const std::vector<float> target{1, -1, 1, 0};
  EXPECT_NEAR(explained_variance(target, target), 1, 1e-9);
  EXPECT_NEAR(explained_variance(std::vector<float>(4, 0.25F), target), 0, 1e-9);
  EXPECT_EQ(explained_variance(target, std::vector<float>(4, 0.5F)), 0);
}

}  // namespace
}  // namespace keisei::learner
