// Failure mode 13: what evaluation cost training was never measured. Here it is an experiment, and what it reports is
// what a stopwatch around the same training sees.
#include <gtest/gtest.h>

#include <cmath>

#include "guard/simulated_trainer.h"

namespace keisei::guard {
namespace {

using namespace stage;

TEST(FailureMode13, ReportedImpactAgreesWithAStopwatch) {
  for (const double planted : {0.0, 0.02, 0.04}) {
    GovernorOptions options;
    options.limit = 0.5;  // wide, so that the governor lets it run
    SimulatedTrainer trainer({.seed = 11, .planted = planted, .gain = 1.5}, options);
    // The stopwatch: time of steps by whether the gate could open, pauses included.
    double seconds[2] = {0, 0};
    double work[2] = {0, 0};
    for (int i = 0; i < 60000; ++i) {
      const bool may = trainer.governor().may_open();
      const double begin_s = trainer.clock().monotonic_s();
      const double paused_s = trainer.step();
      seconds[may] += trainer.clock().monotonic_s() - begin_s - paused_s;
      seconds[1] += paused_s;
      work[may] += i % 160 < 120 ? 0.005 : 0.012;
    }
    const double lost_percent = 100 * (1 - (work[1] / seconds[1]) / (work[0] / seconds[0]));
    const ImpactEstimate e = trainer.governor().impact();
    ASSERT_TRUE(e.running_percent);
    EXPECT_NEAR(*e.running_percent, lost_percent, 0.8) << "planted " << planted;
    EXPECT_LE(*e.running_low_percent, lost_percent);
    EXPECT_GE(*e.running_high_percent, lost_percent);
    EXPECT_GT(lost_percent, 100 * planted);
  }
}

TEST(FailureMode13, GovernorReactsToWhatItMeasures) {
  SimulatedTrainer costly({.seed = 12, .gain = 4}, {});
  SimulatedTrainer cheap({.seed = 12, .gain = 1}, {});
  for (SimulatedTrainer* trainer : {&costly, &cheap}) {
    while (trainer->clock().monotonic_s() < 500) trainer->step();
  }
  EXPECT_LT(costly.paused_s(), 0.7 * cheap.paused_s());
  EXPECT_LT(*costly.governor().impact().running_percent, 5);
}

}  // namespace
}  // namespace keisei::guard
