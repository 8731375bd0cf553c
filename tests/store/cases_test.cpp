// The reference cases on checkpoints and resuming that the store alone decides (J01, J03, J04; J07 is failure mode 26).
#include <gtest/gtest.h>

#include "store/checkpoint.h"
#include "store/run_directory.h"
#include "store/run_index.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

TEST(CaseJ01, FiveEpochsGiveFiveFilesNamedByTheirExactStep) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 5);
  std::vector<std::string> names;
  for (std::int64_t epoch = 1; epoch <= 5; ++epoch) {
    ASSERT_TRUE(store.save(epoch * 2048, sample_bytes(epoch * 2048)));
    names.push_back("step-" + std::string(8 - (epoch * 2048 > 9999 ? 1 : 0), '0') + std::to_string(epoch * 2048) +
                    ".safetensors");
  }
  EXPECT_EQ(names_in(scratch.root()), names);
}

TEST(CaseJ03, AMissingFileGivenExplicitlyIsAnError) {
  const Scratch scratch;
  const auto loaded = open_checkpoint((scratch / "gone.safetensors").string(), scratch.root());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(static_cast<int>(loaded.error().code), 3);
  EXPECT_NE(loaded.error().message.find("gone.safetensors does not exist"), std::string::npos);
}

TEST(CaseJ04, TheSameRunNameWithoutResumeIsRefusedAndUntouched) {
  const Scratch scratch;
  {
    const auto run = RunDirectory::create(scratch.root(), "a");
    ASSERT_TRUE(run);
    ASSERT_TRUE(run->write_config("first"));
    ASSERT_TRUE(CheckpointStore(run->paths().checkpoints(), 3).save(10, sample_bytes(10)));
  }
  spill(scratch / "checkpoint.pth", sample_bytes(99));  // in the parent directory: nobody's business
  EXPECT_FALSE(RunDirectory::create(scratch.root(), "a"));
  const auto again = RunDirectory::resume(scratch / "a");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->read_config().value(), "first");
  EXPECT_EQ(CheckpointStore(again->paths().checkpoints(), 3).newest_valid()->step, 10);
}

}  // namespace
}  // namespace keisei::store
