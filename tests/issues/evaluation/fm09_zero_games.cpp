// An evaluation of no games was reported as a success.
#include <gtest/gtest.h>

#include "evaluation/report.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

TEST(FailureMode09, NoGamesAreAnErrorBeforeTheStart) {
  for (const int games : {0, -5}) {
    const auto plan = make_plan(request_of(games));
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, Code::kUsage);
  }
}

TEST(FailureMode09, ATournamentWithoutOpponentsIsAnError) {
  Request request = request_of(20);
  request.strategy = "tournament";
  const auto plan = make_plan(request);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, Code::kUsage);
}

TEST(FailureMode09, NoResultIsNoSuccess) { EXPECT_EQ(summarise(request_of(20), {}).status, "no games"); }

}  // namespace
}  // namespace keisei::evaluation
