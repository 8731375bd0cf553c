// Normalised Elo, SPRT, anytime interval and stop rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"
#include "evaluation/anytime.h"
#include "evaluation/simulation.h"
#include "evaluation/sprt.h"
#include "evaluation/stop_rule.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

constexpr int kMatches = 500;

TEST(NormalisedElo, IsTheMeanInStandardDeviationsOfAGame) {
  // 10 pairs each with 0.5, 1 and 1.5 points: mean 1/2; with one more pair won the mean moves by hand-checked amounts.
  EXPECT_NEAR(normalised_elo({0, 10, 10, 10, 0})->elo, 0, 1e-12);
  const PairCounts pairs{0, 10, 10, 10, 10};  // scores 0.25, 0.5, 0.75, 1: mean 0.625, variance 5/64
  const double t = 0.125 / std::sqrt(2 * 5.0 / 64);
  EXPECT_NEAR(normalised_elo(pairs)->elo, t * 800 / std::log(10.0), 1e-9);
  EXPECT_LT(normalised_elo(pairs)->low, normalised_elo(pairs)->elo);
  EXPECT_GT(normalised_elo(pairs)->low, 0) << "40 pairs with this spread are enough";
  EXPECT_FALSE(normalised_elo({0, 0, 0, 0, 7})) << "too few";
  EXPECT_FALSE(normalised_elo({0, 0, 0, 0, 70})) << "no spread";
}

TEST(NormalisedElo, DoesNotDependOnTheDrawRateWhereEloDoes) {
  const auto decisive = odds_of_normalised(50, 0.05, 0);
  const auto drawish = odds_of_normalised(50, 0.8, 0);
  EXPECT_NEAR(normalised_elo_of(decisive), 50, 1e-6);
  EXPECT_NEAR(normalised_elo_of(drawish), 50, 1e-6);
  EXPECT_GT(mean_score(decisive), mean_score(drawish) + 0.02);
  EXPECT_NEAR(std::accumulate(drawish.begin(), drawish.end(), 0.0), 1, 1e-12);
}

TEST(Sprt, BoundsAndLimitingCases) {
  const SprtOptions options{.elo0 = 0, .elo1 = 10, .alpha = 0.05, .beta = 0.1};
  const SprtState none = sprt({}, options);
  EXPECT_DOUBLE_EQ(none.llr, 0);
  EXPECT_NEAR(none.lower, std::log(0.1), 1e-12);
  EXPECT_NEAR(none.upper, std::log(20.0), 1e-12);
  EXPECT_EQ(none.decision, SprtDecision::kContinue);
  EXPECT_DOUBLE_EQ(sprt({0, 0, 1000, 0, 0}, options).llr, 0) << "even pairs alone say nothing";
  EXPECT_EQ(sprt({0, 0, 0, 0, 2}, options).decision, SprtDecision::kContinue) << "two won pairs decide nothing";
  EXPECT_EQ(sprt({0, 0, 0, 0, 400}, options).decision, SprtDecision::kAcceptH1);
  EXPECT_EQ(sprt({400, 0, 0, 0, 0}, options).decision, SprtDecision::kAcceptH0);
  const PairCounts pairs{20, 80, 190, 110, 40};
  const SprtState there = sprt(pairs, {.elo0 = -5, .elo1 = 15, .alpha = 0.05, .beta = 0.05});
  const SprtState back = sprt({40, 110, 190, 80, 20}, {.elo0 = -15, .elo1 = 5, .alpha = 0.05, .beta = 0.05});
  EXPECT_NEAR(there.llr, -back.llr, 1e-9) << "the other player's view is the mirror image";
}

TEST(Sprt, NearTheHypothesesTheRatioIsTheBrownianOne) {
  // For small effects: N (t1 - t0) (t - (t0 + t1) / 2), with t in standard deviations of a pair.
  const PairCounts pairs{200, 850, 1900, 1000, 250};
  double n = 0;
  double mean = 0;
  double variance = 0;
  for (std::size_t i = 0; i < 5; ++i) n += pairs[i];
  for (std::size_t i = 0; i < 5; ++i) mean += pairs[i] * (0.25 * static_cast<double>(i) - 0.5) / n;
  for (std::size_t i = 0; i < 5; ++i)
    variance += pairs[i] * std::pow(0.25 * static_cast<double>(i) - 0.5 - mean, 2) / n;
  const double scale = std::sqrt(2.0) * std::log(10.0) / 800;
  const double t0 = 0 * scale;
  const double t1 = 10 * scale;
  const double expected = n * (t1 - t0) * (mean / std::sqrt(variance) - 0.5 * (t0 + t1));
  EXPECT_NEAR(sprt(pairs, {}).llr, expected, 0.02 * std::abs(expected) + 0.01);
}

TEST(Sprt, OptionsAreCheckedAndSpelt) {
  const auto parsed = parse_sprt("elo1=20,alpha=0.01");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, (SprtOptions{.elo0 = 0, .elo1 = 20, .alpha = 0.01, .beta = 0.05}));
  EXPECT_EQ(*parse_sprt(to_string(*parsed)), *parsed);
  for (const char* wrong : {"elo0=10,elo1=10", "elo0=20", "alpha=0", "beta=0.5", "alpha=nan", "elo2=1", "elo1",
                            "elo1=", "elo1=5,elo1=6", "elo1=1e9", "elo1=5x"}) {
    ASSERT_FALSE(parse_sprt(wrong)) << wrong;
    EXPECT_EQ(parse_sprt(wrong).error().code, Code::kUsage) << wrong;
  }
  EXPECT_THAT(parse_sprt("alfa=0.1").error().hint, HasSubstr("did you mean \"alpha\""));
}

TEST(Sprt, ErrsNoMoreOftenThanAllowed) {
  const SprtOptions options{.elo0 = 0, .elo1 = 60, .alpha = 0.05, .beta = 0.05};
  for (const double draws : {0.05, 0.6}) {
    const auto h0 = simulate_sprt(odds_of_normalised(0, draws, 50), options, kMatches, 20'000, 3);
    const auto h1 = simulate_sprt(odds_of_normalised(60, draws, 50), options, kMatches, 20'000, 4);
    EXPECT_EQ(h0.undecided + h1.undecided, 0);
    // Three standard errors of 500 matches above 5 %.
    EXPECT_LE(h0.accepted_h1, 40) << draws;
    EXPECT_LE(h1.accepted_h0, 40) << draws;
    EXPECT_GT(h0.accepted_h1 + h1.accepted_h0, 5) << "the test would be far too cautious";
  }
}

TEST(Anytime, HoldsTheTruthAtEveryLook) {
  const std::array<double, 5> strengths{0, 20, 50, 100, 200};
  for (std::size_t i = 0; i < strengths.size(); ++i) {
    const auto odds = pair_odds(strengths[i], 0.3, 40);
    const Coverage coverage = simulate_coverage(odds, kMatches, 300, 7 + i);
    EXPECT_GE(coverage.share(), 0.945) << strengths[i];
  }
  // A supposed mean that is wrong is refuted: the test can fail.
  EXPECT_TRUE(MeanTest(0.5).refuted({10, 20, 40, 60, 70}));
  EXPECT_FALSE(MeanTest(0.5).refuted({60, 20, 40, 20, 60}));
}

TEST(Anytime, AFixedIntervalWouldNotHoldIt) {
  // What the anytime interval is for: looked at after every pair, the interval for a fixed number misses far too often.
  const auto odds = pair_odds(0, 0.3, 40);
  int missed = 0;
  for (std::uint64_t match = 0; match < 200; ++match) {
    Random random(11, Purpose::kTest, match);
    PairCounts counts{};
    bool out = false;
    for (int pair = 0; pair < 300 && !out; ++pair) {
      double u = random.uniform();
      std::size_t points = 0;
      while (points < 4 && (u -= odds[points]) >= 0) ++points;
      ++counts[points];
      const auto interval = pair_interval(counts);
      out = interval && (interval->low > 0.5 || interval->high < 0.5);
    }
    missed += out ? 1 : 0;
  }
  EXPECT_GT(missed, 30);
}

TEST(Anytime, IntervalIsWhatIsNotRefuted) {
  EXPECT_EQ(anytime_interval({}), (Interval{0, 1}));
  for (const PairCounts& pairs : {PairCounts{3, 5, 8, 5, 3}, PairCounts{0, 2, 10, 30, 60}, PairCounts{0, 0, 0, 0, 40},
                                  PairCounts{500, 900, 2000, 900, 500}}) {
    const Interval interval = anytime_interval(pairs);
    EXPECT_LT(interval.low, interval.high);
    for (double m = 0.005; m < 1; m += 0.005) {
      const bool inside = m > interval.low + 1e-6 && m < interval.high - 1e-6;
      const bool outside = m < interval.low - 1e-6 || m > interval.high + 1e-6;
      if (inside) {
        EXPECT_FALSE(MeanTest(m).refuted(pairs)) << m;
      }
      if (outside) {
        EXPECT_TRUE(MeanTest(m).refuted(pairs)) << m;
      }
    }
  }
  const Interval forty = anytime_interval({0, 0, 0, 0, 40});
  EXPECT_EQ(forty.high, 1);
  EXPECT_GT(forty.low, 0.8);
  EXPECT_FALSE(anytime_elo_interval({0, 0, 0, 0, 40}).high) << "open";
  const auto narrow = anytime_interval({500, 900, 2000, 900, 500});
  EXPECT_LT(narrow.high - narrow.low, 0.05);
}

TEST(StopRule, IsSpeltAndParsed) {
  for (const char* text : {"", "ci<25", "ci<0.5", "decided", "sprt:elo0=0,elo1=10,alpha=0.05,beta=0.05"}) {
    const auto rule = parse_stop_rule(text);
    ASSERT_TRUE(rule) << text;
    EXPECT_EQ(to_string(*rule), text);
  }
  EXPECT_EQ(*parse_stop_rule("none"), StopRule{});
  EXPECT_EQ(parse_stop_rule("sprt")->sprt, SprtOptions{});
  for (const char* wrong :
       {"ci<", "ci<0", "ci<-5", "ci<nan", "ci<25x", "ci>25", "decidedly", "sprt:elo1=-1", "ci<1e9"}) {
    ASSERT_FALSE(parse_stop_rule(wrong)) << wrong;
    EXPECT_EQ(parse_stop_rule(wrong).error().code, Code::kUsage) << wrong;
  }
  EXPECT_THAT(parse_stop_rule("decide").error().hint, HasSubstr("did you mean \"decided\""));
}

TEST(StopRule, HoldsExactlyWhereItIsJudgedReached) {
  Random random(8, Purpose::kTest);
  for (const char* text : {"ci<60", "decided", "sprt:elo0=0,elo1=50"}) {
    const StopRule rule = *parse_stop_rule(text);
    bool ever = false;
    PairCounts pairs{};
    for (int i = 0; i < 1500; ++i) {
      ++pairs[random.below(5) == 0 ? random.below(5) : 2 + random.below(3)];
      if (i % 50 != 0) continue;
      EXPECT_EQ(holds(rule, pairs), judge(rule, pairs).reached) << text << " " << i;
      ever = ever || holds(rule, pairs);
    }
    EXPECT_TRUE(ever) << text;
    EXPECT_FALSE(judge(rule, pairs).why.empty());
  }
  EXPECT_FALSE(holds({}, {0, 0, 0, 0, 1000}));
}

}  // namespace
}  // namespace keisei::evaluation
