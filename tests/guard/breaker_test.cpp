#include "guard/breaker.h"

#include <gtest/gtest.h>

namespace keisei::guard {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

TEST(Breaker, OpensAtTheThirdDeathInTheWindowAndSaysWhy) {
  FakeClock clock;
  Breaker breaker(3, 600, clock);
  breaker.death("signal 6");
  breaker.death("signal 6");
  EXPECT_EQ(breaker.state(), Breaker::State::kClosed);
  EXPECT_TRUE(breaker.reason().empty());
  breaker.death("signal 11");
  EXPECT_EQ(breaker.state(), Breaker::State::kOpen);
  EXPECT_NE(breaker.reason().find("signal 11"), std::string::npos) << breaker.reason();
  EXPECT_NEAR(breaker.remaining_s(), 600, 1e-6);
}

TEST(Breaker, OldDeathsAreForgotten) {
  FakeClock clock;
  Breaker breaker(3, 600, clock);
  for (int i = 0; i < 10; ++i) {
    breaker.death("x");
    clock.advance_ns(301 * kSecond_ns);
  }
  EXPECT_EQ(breaker.state(), Breaker::State::kClosed);
}

TEST(Breaker, HalfOpenTrialDecides) {
  FakeClock clock;
  Breaker breaker(3, 600, clock);
  for (int i = 0; i < 3; ++i) breaker.death("x");
  clock.advance_ns(600 * kSecond_ns);
  EXPECT_EQ(breaker.state(), Breaker::State::kHalfOpen);
  breaker.death("again");
  EXPECT_EQ(breaker.state(), Breaker::State::kOpen) << "one death is enough now";
  clock.advance_ns(600 * kSecond_ns);
  EXPECT_EQ(breaker.state(), Breaker::State::kHalfOpen);
  breaker.success();
  EXPECT_EQ(breaker.state(), Breaker::State::kClosed);
  EXPECT_EQ(breaker.deaths(), 0);
}

TEST(Breaker, WallClockJumpsDoNotMatter) {
  FakeClock clock;
  Breaker breaker(3, 600, clock);
  for (int i = 0; i < 3; ++i) breaker.death("x");
  clock.jump_utc_ms(86'400'000);
  EXPECT_EQ(breaker.state(), Breaker::State::kOpen);
}

}  // namespace
}  // namespace keisei::guard
