// Failure mode 26 (and case J07): a save that is killed at any moment leaves a torn file behind, or none that loads.
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/random.h"
#include "store/checkpoint.h"
#include "store/child.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

TEST(FailureMode26, KillAtAnyMomentOfASaveLosesNothingAcknowledged) {
  const Scratch scratch;
  constexpr std::size_t kFloats = 50'000;  // 200 kB: many writes' worth of time to be killed in
  Random random(26, Purpose::kTest);
  long long acknowledged = 0;
  for (int round = 0; round < 25; ++round) {
    const long long first = acknowledged + 1;
    Reporter trainer([&](auto report) {
      CheckpointStore store(scratch.root(), 3);
      for (long long step = first;; ++step) {
        if (!store.save(step, sample_bytes(step, kFloats))) ::_exit(1);
        report(step);
      }
    });
    acknowledged = trainer.next();
    ASSERT_EQ(acknowledged, first);
    ::usleep(random.below(8'000));
    acknowledged = trainer.kill(acknowledged);

    // The newest file under a checkpoint's name is whole: nothing is set aside, and nothing acknowledged is missing.
    const auto loaded = CheckpointStore(scratch.root(), 3).newest_valid(OnDamage::kLeave);
    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_TRUE(loaded->rejected.empty()) << loaded->rejected[0].reason;
    ASSERT_GE(loaded->step, acknowledged);
    ASSERT_LE(loaded->step, acknowledged + 1);
    ASSERT_EQ(encode(loaded->file), sample_bytes(loaded->step, kFloats));
    acknowledged = loaded->step;
  }
  // What the killed processes left half-written is gone after the next save.
  ASSERT_TRUE(CheckpointStore(scratch.root(), 3).save(acknowledged + 1, sample_bytes(acknowledged + 1)));
  for (const std::string& name : names_in(scratch.root())) EXPECT_TRUE(name.starts_with("step-")) << name;
}

}  // namespace
}  // namespace keisei::store
