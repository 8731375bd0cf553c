// Failure mode 13: what evaluation cost training was never measured. The pauses are: the ledger's sum must be what an
// outside stopwatch sees, and the share of time must stay at the duty.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "guard/ledger.h"

namespace keisei::guard {
namespace {

TEST(FailureMode13, LedgerAgreesWithAStopwatch) {
  const SystemClock clock;
  Ledger ledger({.duty = 0.2, .bank_s = 0.05, .burst_s = 0.004, .reserve_s = 0.002}, clock);
  using Stopwatch = std::chrono::steady_clock;
  Stopwatch::duration inside{};   // the sleep alone
  Stopwatch::duration outside{};  // and what lies around it
  while (ledger.pauses() < 10) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));  // a training step
    const auto burst = ledger.burst_s(true);
    if (!burst) continue;
    const auto before = Stopwatch::now();
    const double begin_s = clock.monotonic_s();
    const auto asleep = Stopwatch::now();
    std::this_thread::sleep_for(std::chrono::duration<double>(*burst));
    const auto awake = Stopwatch::now();
    ledger.pay(clock.monotonic_s() - begin_s);
    inside += awake - asleep;
    outside += Stopwatch::now() - before;
  }
  EXPECT_GE(ledger.paused_s(), 10 * 0.004);
  EXPECT_GE(ledger.paused_s(), std::chrono::duration<double>(inside).count() - 1e-6);
  EXPECT_LE(ledger.paused_s(), std::chrono::duration<double>(outside).count() + 1e-6);
}

TEST(FailureMode13, LowerDutyPausesLess) {
  const auto paused = [](double duty) {
    FakeClock clock;
    Ledger ledger({.duty = duty, .bank_s = 0.2, .burst_s = 0.02, .reserve_s = 0.005}, clock);
    for (int step = 0; step < 20000; ++step) {
      clock.advance_ns(10'000'000);
      if (const auto burst = ledger.burst_s(true)) {
        clock.advance_ns(static_cast<std::int64_t>(*burst * 1e9));
        ledger.pay(*burst);
      }
    }
    return ledger.paused_s() / ledger.elapsed_s();
  };
  EXPECT_NEAR(paused(0.04), 0.04, 0.002);
  EXPECT_NEAR(paused(0.01), 0.01, 0.001);
  EXPECT_EQ(paused(0), 0);
}

}  // namespace
}  // namespace keisei::guard
