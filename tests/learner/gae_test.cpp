#include "learner/gae.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace keisei::learner {
namespace {
using selfplay::Ply;

/// One game in one column.
std::vector<float> one(std::vector<float> reward, std::vector<float> value, bool done, float last, double gamma,
                       double lambda, bool alternating) {
  std::vector<Ply> end(reward.size(), Ply::kContinues);
  if (done) end.back() = Ply::kTerminated;
  const std::vector<float> cut(reward.size(), 0.0F);
  const std::vector<float> last_value{last};
  return gae({static_cast<int>(reward.size()), 1, reward, value, end, cut, last_value}, gamma, lambda, alternating);
}

void expect_near(const std::vector<float>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 2e-6) << "entry " << i;
}

TEST(Gae, GivesTheStoredNumbersForASingleAgent) {  // cases.md F01-F07
  expect_near(one({1, 2, 3}, {0.5F, 1.0F, 1.5F}, true, 0, 0.99, 0.95, false), {5.153953, 3.895750, 1.5});
  expect_near(one({1, 2, 3}, {0.5F, 0.5F, 0.5F}, false, 0, 0.99, 0.95, false), {5.082648, 4.34625, 2.5});
  expect_near(one({1}, {0.5F}, false, 0.3F, 0.99, 0.95, false), {0.797});
  expect_near(one({1, 1, 1}, {0, 0, 0}, false, 0, 1, 0.95, false), {2.8525, 1.95, 1.0});
  expect_near(one({1, 1, 1}, {0, 0, 0}, false, 0, 0.99, 1, false), {2.9701, 1.99, 1.0});
  expect_near(one({1, 2, 3}, {0.5F, 0.5F, 0.5F}, false, 0, 0.99, 0, false), {0.995, 1.995, 2.5});
}

TEST(Gae, FlipsTheSignAtEveryPly) {  // F09
  expect_near(one({0, 0, 0, 1}, {0.1F, -0.1F, 0.3F, -0.2F}, true, 0, 0.99, 0.95, true),
              {-0.904237, 0.960379, -1.230600, 1.2});
}

TEST(Gae, OfBothPlayersIsTheReturnOfEachWhenNothingIsEstimated) {
  // With values 0, gamma 1 and lambda 1 the advantage is the outcome seen by each mover.
  expect_near(one({0, 0, 0, 0, 1}, {0, 0, 0, 0, 0}, true, 0, 1, 1, true), {1, -1, 1, -1, 1});
}

TEST(Gae, CutGameBootstrapsFromTheCutPosition) {
  const std::vector<float> reward{0, 0, 0};
  const std::vector<float> value{0.1F, 0.2F, 0.4F};
  const std::vector<Ply> end{Ply::kContinues, Ply::kTruncated, Ply::kContinues};
  const std::vector<float> cut{0, 0.5F, 0};
  const std::vector<float> last{-0.3F};
  const double third = 0.9 * 0.3 - 0.4;
  const double second = -0.9 * 0.5 - 0.2;  // nothing is carried over the cut
  const double first = -0.9 * 0.2 - 0.1 - 0.9 * 0.8 * second;
  expect_near(gae({3, 1, reward, value, end, cut, last}, 0.9, 0.8), {first, second, third});
}

}  // namespace
}  // namespace keisei::learner
