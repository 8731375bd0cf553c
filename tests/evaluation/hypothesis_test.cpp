#include "evaluation/hypothesis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace keisei::evaluation {
namespace {

using testing::StartsWith;

TEST(Hypothesis, TwoProportions) {
  const ProportionTest test = two_proportions(40, 100, 55, 100);
  EXPECT_EQ(test.status, "ok");
  EXPECT_NEAR(*test.z, 2.12398, 5e-6);
  EXPECT_NEAR(test.p, 0.03367, 5e-6);
  EXPECT_NEAR(*test.cohen_h, 0.30153, 5e-6);
  EXPECT_NEAR(test.difference_ci95->low, 0.01315, 5e-6);
  EXPECT_NEAR(test.difference_ci95->high, 0.28685, 5e-6);
  EXPECT_NEAR(*two_proportions(55, 100, 40, 100).z, -2.12398, 5e-6);
}

TEST(Hypothesis, TwoProportionsWithoutSpreadOrData) {
  const ProportionTest same = two_proportions(10, 10, 20, 20);
  EXPECT_EQ(same.status, "ok");
  EXPECT_FALSE(same.z);
  EXPECT_EQ(same.p, 1);
  EXPECT_THAT(two_proportions(0, 0, 5, 10).status, StartsWith("insufficient data"));
  EXPECT_THAT(two_proportions(11, 10, 5, 10).status, StartsWith("insufficient data"));
}

TEST(Hypothesis, MannWhitneyNeedsThreeSamplesASide) {
  const std::vector<double> two{1, 2};
  const std::vector<double> three{1, 2, 3};
  EXPECT_THAT(mann_whitney(two, three).status, StartsWith("insufficient"));
  EXPECT_EQ(mann_whitney(two, three).p, 1);
  EXPECT_FALSE(mann_whitney(two, three).u);
  EXPECT_EQ(mann_whitney(three, three).status, "ok");
}

TEST(Hypothesis, MannWhitneyExact) {
  const std::vector<double> low{1, 2, 3};
  const std::vector<double> high{4, 5, 6};
  EXPECT_EQ(*mann_whitney(low, high).u, 0);
  EXPECT_NEAR(mann_whitney(low, high).p, 2.0 / 20, 1e-12);  // 2 of the 20 ways to choose 3 ranks of 6
  EXPECT_NEAR(mann_whitney(high, low).p, 2.0 / 20, 1e-12);
  // The example of R's wilcox.test (Hollander & Wolfe 1973, 69 f.): W = 35, one-sided p = 0.1272.
  const std::vector<double> term{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const std::vector<double> earlier{1.15, 0.88, 0.90, 0.74, 1.21};
  EXPECT_EQ(*mann_whitney(term, earlier).u, 35);
  EXPECT_NEAR(mann_whitney(term, earlier).p, 2 * 0.1272, 1e-4);
}

TEST(Hypothesis, MannWhitneyWithTies) {
  const std::vector<double> first{20, 22, 22, 30, 41, 50};
  const std::vector<double> second{18, 20, 21, 22, 25, 60, 61};
  EXPECT_DOUBLE_EQ(*mann_whitney(first, second).u, 23.5);
  EXPECT_NEAR(mann_whitney(first, second).p, 0.7735786410255604, 1e-12);
  const std::vector<double> equal{5, 5, 5, 5};
  EXPECT_EQ(mann_whitney(equal, equal).p, 1);
}

TEST(Hypothesis, MannWhitneyNormalAgreesWithExact) {
  std::vector<double> first;
  std::vector<double> second;
  for (int i = 0; i < 8; ++i) first.push_back(3.0 * i + 1);
  for (int i = 0; i < 200; ++i) second.push_back(0.37 * i + 0.001);
  const double exact = mann_whitney(first, second).p;
  second.push_back(74.001);  // 201: the normal approximation
  EXPECT_NEAR(mann_whitney(first, second).p, exact, 0.01);
}

TEST(Hypothesis, Trend) {
  const std::vector<TrendPoint> rising{{0, 0.1}, {1, 0.2}, {2, 0.3}, {3, 0.4}};
  const Trend line = trend(rising);
  EXPECT_EQ(line.status, "ok");
  EXPECT_NEAR(*line.slope_per_day, 0.1, 1e-12);
  EXPECT_NEAR(*line.r_squared, 1, 1e-12);
  EXPECT_EQ(*line.predicted, 1);  // 1.1, but a score ends at 1
  const std::vector<TrendPoint> slow{{0, 0.50}, {10, 0.51}, {20, 0.52}};
  EXPECT_NEAR(*trend(slow).predicted, 0.527, 1e-12);
}

TEST(Hypothesis, TrendRefusesTooLittle) {
  const std::vector<TrendPoint> two{{0, 0.1}, {1, 0.2}};
  EXPECT_THAT(trend(two).status, StartsWith("insufficient data"));
  EXPECT_FALSE(trend(two).slope_per_day);
  const std::vector<TrendPoint> at_once{{1, 0.1}, {1, 0.2}, {1, 0.3}};
  EXPECT_THAT(trend(at_once).status, StartsWith("insufficient data"));
  const std::vector<TrendPoint> flat{{0, 0.5}, {1, 0.5}, {2, 0.5}};
  EXPECT_NEAR(*trend(flat).slope_per_day, 0, 1e-12);
  EXPECT_FALSE(trend(flat).predicted);
  const std::vector<TrendPoint> noise{{0, 0.5}, {1, 0.9}, {2, 0.1}, {3, 0.5}};
  EXPECT_FALSE(trend(noise).predicted);
}

}  // namespace
}  // namespace keisei::evaluation
