// Whether the interval keeps its promise at every look, by simulation: the truth is excluded at any of 200 looks in at
// most 5 % of runs, for normal noise, for noise with gross outliers and for heavy tails; and a real effect is found.
#include "guard/confidence_sequence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "guard/simulated_trainer.h"

namespace keisei::guard {
namespace {

using stage::normal;

constexpr int kRuns = 4000;
constexpr int kLooks = 200;

using Noise = std::function<double(Random&)>;

double gross_errors(Random& random) {
  const double scale = random.uniform() < 0.1 ? 6 : 1;
  return scale * normal(random);
}

/// Student's t with 3 degrees of freedom.
double heavy_tails(Random& random) {
  double squares = 0;
  for (int i = 0; i < 3; ++i) squares += std::pow(normal(random), 2);
  return normal(random) / std::sqrt(squares / 3);
}

/// Share of runs in which the truth was outside at any look.
double false_exclusions(const Noise& noise, double truth, std::uint64_t seed) {
  int wrong = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(seed, Purpose::kTest, static_cast<std::uint64_t>(run));
    ConfidenceSequence sequence;
    for (int look = 0; look < kLooks; ++look) {
      sequence.add(truth + 0.04 * noise(random));
      const auto interval = sequence.interval();
      if (interval && (truth < interval->low || truth > interval->high)) {
        ++wrong;
        break;
      }
    }
  }
  return static_cast<double>(wrong) / kRuns;
}

TEST(ConfidenceSequence, HoldsAtEveryLookUnderNormalNoise) {
  const double wrong = false_exclusions([](Random& r) { return normal(r); }, 0, 1);
  EXPECT_LE(wrong, 0.05);
  EXPECT_GT(wrong, 0.002) << "an interval that is never wrong is too wide to be useful";
  EXPECT_LE(false_exclusions([](Random& r) { return normal(r); }, 0.05, 2), 0.05) << "wherever the truth lies";
}

TEST(ConfidenceSequence, HoldsUnderGrossErrors) { EXPECT_LE(false_exclusions(gross_errors, 0, 3), 0.05); }

TEST(ConfidenceSequence, HoldsUnderHeavyTails) { EXPECT_LE(false_exclusions(heavy_tails, 0, 4), 0.05); }

TEST(ConfidenceSequence, FixedSampleIntervalWouldNot) {
  int wrong = 0;
  for (int run = 0; run < 1000; ++run) {
    Random random(5, Purpose::kTest, static_cast<std::uint64_t>(run));
    ConfidenceSequence sequence;
    for (int look = 1; look <= kLooks; ++look) {
      sequence.add(normal(random));
      if (look < 8) continue;
      if (std::abs(sequence.mean()) > 1.97 * sequence.sd() / std::sqrt(look)) {
        ++wrong;
        break;
      }
    }
  }
  EXPECT_GT(wrong, 200) << "of 1000: why a sequence is needed at all";
}

TEST(ConfidenceSequence, TenPercentIsToldFromFiveWithinThirtyPairs) {
  int found = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random(6, Purpose::kTest, static_cast<std::uint64_t>(run));
    ConfidenceSequence sequence;
    for (int pair = 1; pair <= 30; ++pair) {
      sequence.add(0.10 + 0.04 * normal(random));
      const auto interval = sequence.interval();
      if (pair >= 8 && interval && interval->low > 0.05) {
        ++found;
        break;
      }
    }
  }
  EXPECT_GE(found, 0.95 * kRuns);
}

TEST(ConfidenceSequence, NothingIsSaidTooEarly) {
  ConfidenceSequence sequence;
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(sequence.interval());
    sequence.add(i % 2);
  }
  EXPECT_FALSE(sequence.interval());
  sequence.add(0);
  ASSERT_TRUE(sequence.interval());
  EXPECT_LT(sequence.interval()->low, sequence.mean());
}

TEST(ConfidenceSequence, NarrowsAsPairsComeInAndTakesAnyScale) {
  Random random(7, Purpose::kTest);
  ConfidenceSequence small;
  ConfidenceSequence large;
  double width_at_20 = 0;
  for (int i = 0; i < 400; ++i) {
    const double y = normal(random);
    small.add(1e-3 * y);
    large.add(1e3 * y);
    if (i == 19) width_at_20 = small.interval()->high - small.interval()->low;
  }
  EXPECT_LT(small.interval()->high - small.interval()->low, width_at_20 / 2);
  EXPECT_NEAR(large.interval()->high, 1e6 * small.interval()->high, 1e-6 * std::abs(large.interval()->high));
}

TEST(ConfidenceSequence, NoNumbersAreIgnoredAndEqualOnesProveNoPoint) {
  ConfidenceSequence sequence;
  for (int i = 0; i < 10; ++i) {
    sequence.add(0.5);
    sequence.add(std::nan(""));
    sequence.add(std::numeric_limits<double>::infinity());
  }
  EXPECT_EQ(sequence.count(), 10u);
  ASSERT_TRUE(sequence.interval());
  EXPECT_GT(sequence.interval()->high, 0.5);
}

}  // namespace
}  // namespace keisei::guard
