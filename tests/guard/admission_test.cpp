// Whether an evaluation fits: every decision with its numbers, and what no input may lead to.
#include "guard/admission.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace keisei::guard {
namespace {

AdmissionPlanner learnt(double cost_s = 0.1) {
  AdmissionPlanner planner;
  planner.learn("periodic", 20, 20 * cost_s / kCostMargin);  // so that a game is predicted to cost cost_s
  return planner;
}

AdmissionRequest request(int games = 20) {
  return {.kind = "periodic", .games = games, .deadline_s = 60, .interval_s = 100, .deferred_s = 0};
}

TEST(Admission, FirstOfAKindRunsToBeMeasured) {
  const AdmissionPlanner planner;
  const Admission a = planner.plan(request(), {.credit_s = 0.1, .bank_s = 1, .duty = 0.01});
  EXPECT_EQ(a.decision, AdmissionDecision::kFits);
  EXPECT_EQ(a.reason, AdmissionReason::kCostUnknown);
  EXPECT_EQ(a.games, 20);
  EXPECT_FALSE(a.predicted_cpu_s);
}

TEST(Admission, FitsWhenCreditAndDutyCoverIt) {
  const Admission a = learnt().plan(request(), {.credit_s = 1.5, .bank_s = 2, .duty = 0.01});
  EXPECT_EQ(a.decision, AdmissionDecision::kFits);
  EXPECT_EQ(a.reason, AdmissionReason::kEnough);
  EXPECT_EQ(a.games, 20);
  EXPECT_NEAR(*a.predicted_cpu_s, 2, 1e-9);
  EXPECT_NEAR(a.available_cpu_s, 1.5 + 0.01 * 60, 1e-9);
}

TEST(Admission, IsPutOffWhereWaitingHelps) {
  const Admission a = learnt().plan(request(), {.credit_s = 1, .bank_s = 2, .duty = 0.01});
  EXPECT_EQ(a.decision, AdmissionDecision::kDefer);
  EXPECT_EQ(a.reason, AdmissionReason::kLaterEnough);
  EXPECT_NEAR(a.wait_s, (2 - 1.6) / 0.01, 1e-6);
  EXPECT_EQ(a.games, 0);
}

TEST(Admission, ALateFirstResultIsExpectedAgain) {
  AdmissionPlanner planner;
  planner.learn("periodic", 20, 1.0, 0.1);
  planner.learn("periodic", 20, 1.0, 0.4);
  EXPECT_DOUBLE_EQ(planner.first_result_s("periodic"), 0.4);
  planner.learn("periodic", 20, 1.0, 0.1);
  EXPECT_DOUBLE_EQ(planner.first_result_s("periodic"), 0.4 + kCostWeight * (0.1 - 0.4)) << "forgotten by and by";
}

TEST(Admission, WaitsUntilItsFirstResultCanBePaid) {
  AdmissionRequest promised = request();
  promised.latency_s = 5;
  AdmissionMeans means{.credit_s = 0, .bank_s = 2, .duty = 0.01};
  EXPECT_EQ(AdmissionPlanner().plan(promised, means).reason, AdmissionReason::kCostUnknown) << "it is to be measured";

  AdmissionPlanner planner;
  planner.learn("periodic", 20, 1.0, 0.2);
  EXPECT_DOUBLE_EQ(planner.first_result_s("periodic"), 0.2);
  const Admission a = planner.plan(promised, means);
  EXPECT_EQ(a.decision, AdmissionDecision::kDefer);
  EXPECT_EQ(a.reason, AdmissionReason::kFirstResult);
  EXPECT_NEAR(a.wait_s, (kFirstResultMargin * 0.2 - 0.05) / 0.01, 1e-6) << "5 s of duty come on top";
  means.cpu_per_pause_s = 4;
  EXPECT_NEAR(planner.plan(promised, means).wait_s, a.wait_s, 1e-6) << "few positions are answered by one thread";
  means.cpu_per_pause_s = 1;
  means.credit_s = kFirstResultMargin * 0.2;
  EXPECT_NE(planner.plan(promised, means).reason, AdmissionReason::kFirstResult);

  means = {.credit_s = 0.1, .bank_s = 0.1, .duty = 0.01};
  EXPECT_NE(planner.plan(promised, means).reason, AdmissionReason::kFirstResult) << "a full bank is not waited for";
  promised.deferred_s = promised.interval_s;
  means = {.credit_s = 0, .bank_s = 2, .duty = 0.01};
  EXPECT_NE(planner.plan(promised, means).reason, AdmissionReason::kFirstResult) << "one interval at most";
  planner.learn("periodic", 20, 1.0, -1);
  planner.learn("periodic", 20, 1.0, 7);
  EXPECT_DOUBLE_EQ(planner.first_result_s("periodic"), 0.2) << "absurd values are ignored";
}

TEST(Admission, IsPutOffForOneIntervalAtMost) {
  AdmissionRequest late = request();
  late.deferred_s = 100;
  const Admission a = learnt().plan(late, {.credit_s = 1, .bank_s = 2, .duty = 0.01});
  EXPECT_EQ(a.decision, AdmissionDecision::kFewerGames);
  EXPECT_EQ(a.reason, AdmissionReason::kPartFits);
  EXPECT_EQ(a.games, 16) << "1.6 s at 0.1 s a game";
  late.deferred_s = 70;
  EXPECT_LE(learnt().plan(late, {.credit_s = 1.2, .bank_s = 2, .duty = 0.01}).wait_s, 30 + 1e-9);
}

TEST(Admission, FewerGamesAreAsManyWithEachColourAndTwoAtLeast) {
  AdmissionRequest late = request();
  late.deferred_s = 100;
  for (double credit_s = 0; credit_s < 2; credit_s += 0.01) {
    const Admission a = learnt().plan(late, {.credit_s = credit_s, .bank_s = 2, .duty = 0.0001});
    if (a.decision == AdmissionDecision::kFewerGames) {
      EXPECT_EQ(a.games % 2, 0);
      EXPECT_GE(a.games, kLeastGames);
      EXPECT_LT(a.games, 20);
      EXPECT_LE(a.games * 0.1, a.available_cpu_s + 1e-9);
    } else {
      EXPECT_EQ(a.decision, AdmissionDecision::kSkip);
      EXPECT_LT(a.available_cpu_s, 0.2);
    }
  }
}

TEST(Admission, WhatNeverFitsIsSkippedWithAReason) {
  AdmissionRequest late = request();
  late.deferred_s = 100;
  const Admission a = learnt(10).plan(late, {.credit_s = 0.5, .bank_s = 1, .duty = 0.01});
  EXPECT_EQ(a.decision, AdmissionDecision::kSkip);
  EXPECT_EQ(a.reason, AdmissionReason::kTooExpensive);
  EXPECT_NE(a.sentence.find("200.0 s of processor time"), std::string::npos) << a.sentence;
  const Admission broke = learnt().plan(request(), {});
  EXPECT_EQ(broke.decision, AdmissionDecision::kSkip);
  EXPECT_EQ(broke.reason, AdmissionReason::kNothingToSpend);
}

TEST(Admission, ShutGatePutsOffOrSkips) {
  const AdmissionMeans shut{.credit_s = 5, .bank_s = 5, .duty = 0.01, .shut_for_s = 40};
  const Admission a = learnt().plan(request(), shut);
  EXPECT_EQ(a.decision, AdmissionDecision::kDefer);
  EXPECT_EQ(a.reason, AdmissionReason::kGateShut);
  EXPECT_DOUBLE_EQ(a.wait_s, 40);
  AdmissionMeans long_shut = shut;
  long_shut.shut_for_s = 600;
  const Admission b = learnt().plan(request(), long_shut);
  EXPECT_EQ(b.decision, AdmissionDecision::kSkip);
  EXPECT_EQ(b.reason, AdmissionReason::kGateShut);
}

TEST(Admission, WhatWaitsBeforeItIsPaidFirst) {
  const AdmissionMeans free{.credit_s = 3, .bank_s = 3, .duty = 0.01};
  AdmissionMeans busy = free;
  busy.queued_cpu_s = 2.5;
  EXPECT_EQ(learnt().plan(request(), free).decision, AdmissionDecision::kFits);
  EXPECT_NE(learnt().plan(request(), busy).decision, AdmissionDecision::kFits);
  AdmissionMeans wide = busy;
  wide.cpu_per_pause_s = 4;
  EXPECT_EQ(learnt().plan(request(), wide).decision, AdmissionDecision::kFits) << "four workers' time a second";
}

TEST(Admission, CostIsAMeanThatForgets) {
  AdmissionPlanner planner;
  EXPECT_FALSE(planner.cost_per_game_s("a"));
  planner.learn("a", 10, 1);
  EXPECT_DOUBLE_EQ(*planner.cost_per_game_s("a"), 0.1);
  planner.learn("a", 10, 2);
  EXPECT_NEAR(*planner.cost_per_game_s("a"), 0.1 + 0.1 * kCostWeight, 1e-12);
  EXPECT_FALSE(planner.cost_per_game_s("b"));
  planner.learn("a", 0, 5);
  planner.learn("a", 10, std::nan(""));
  planner.learn("a", -3, 1);
  EXPECT_NEAR(*planner.cost_per_game_s("a"), 0.13, 1e-12);
  for (int i = 0; i < 1000; ++i) planner.learn("kind " + std::to_string(i), 1, 1);
  int known = 0;
  for (int i = 0; i < 1000; ++i) known += planner.cost_per_game_s("kind " + std::to_string(i)) ? 1 : 0;
  EXPECT_EQ(known, static_cast<int>(kMaxCostKinds) - 1);
}

TEST(Admission, NoInputLeadsToAnAbsurdAnswer) {
  const double odd[] = {0,    -1,   1e-9, 0.03, 1, 50, 1e9, std::nan(""), std::numeric_limits<double>::infinity(),
                        -1e9, 1e300};
  Random random(1, Purpose::kTest);
  const auto pick = [&] { return odd[random.below(std::size(odd))]; };
  for (int i = 0; i < 4000; ++i) {
    AdmissionPlanner planner = learnt(std::abs(pick()));
    const AdmissionRequest r{"periodic", static_cast<int>(random.below(100)), pick(), pick(), pick()};
    const Admission a = planner.plan(r, {pick(), pick(), pick(), pick(), pick(), pick()});
    EXPECT_GE(a.games, 0);
    EXPECT_LE(a.games, r.games);
    EXPECT_TRUE(std::isfinite(a.wait_s) && a.wait_s >= 0);
    EXPECT_FALSE(a.sentence.empty());
    EXPECT_EQ(a.decision == AdmissionDecision::kFits || a.decision == AdmissionDecision::kFewerGames,
              a.games > 0 || (a.decision == AdmissionDecision::kFits && r.games == 0));
  }
}

}  // namespace
}  // namespace keisei::guard
