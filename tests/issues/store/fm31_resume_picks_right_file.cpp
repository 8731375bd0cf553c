// Failure mode 31: a resume picks the wrong file, or silently none.
#include <gtest/gtest.h>

#include "store/run_database.h"
#include "store/run_directory.h"
#include "store/run_index.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

void make_run(const std::filesystem::path& savedir, const std::string& name, std::int64_t started,
              const std::vector<std::int64_t>& steps) {
  const auto run = RunDirectory::create(savedir, name);
  ASSERT_TRUE(run) << run.error().message;
  ASSERT_TRUE(run->write_config("env:\n  seed: 1\n"));
  auto database = RunDatabase::open(run->paths().database(), RunDatabase::Mode::kWrite);
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->set_meta({{"started", std::to_string(started)}, {"status", "finished"}}));
  CheckpointStore store(run->paths().checkpoints(), 3);
  for (const std::int64_t step : steps) ASSERT_TRUE(store.save(step, sample_bytes(step)));
}

TEST(FailureMode31, LatestIsTheNewestRunsNewestValidFile) {
  const Scratch scratch;
  // Names, step counts and times on disk all disagree with the start times.
  make_run(scratch.root(), "a", 3000, {50, 60});
  make_run(scratch.root(), "z", 1000, {900'000});
  make_run(scratch.root(), "m", 2000, {70});
  spill(scratch / "model.pth", {});  // something loose in the parent directory is nobody's checkpoint

  auto latest = latest_run(scratch.root());
  ASSERT_TRUE(latest) << latest.error().message;
  EXPECT_EQ(latest->paths.name(), "a");
  EXPECT_EQ(latest->step, 60);

  spill(scratch / "a" / "checkpoints" / checkpoint_name(60), {});
  latest = latest_run(scratch.root());
  EXPECT_EQ(latest->paths.name(), "a");
  EXPECT_EQ(latest->step, 50);

  spill(scratch / "a" / "checkpoints" / checkpoint_name(50), {});
  latest = latest_run(scratch.root());
  EXPECT_EQ(latest->paths.name(), "m");
  ASSERT_EQ(latest->passed_over.size(), 1U);
  EXPECT_NE(latest->passed_over[0].find("a: no valid checkpoint"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(scratch / "a" / "checkpoints" / checkpoint_name(50)))
      << "looking renames nothing";
}

TEST(FailureMode31, ALostDatabaseDoesNotHideTheRun) {
  const Scratch scratch;
  make_run(scratch.root(), "old", 1000, {5});
  make_run(scratch.root(), "new", 2000, {7});
  std::filesystem::remove(scratch / "new/run.db");
  std::filesystem::remove(scratch / "new/run.db-wal");
  const auto latest = latest_run(scratch.root());
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->paths.name(), "new");  // by the time of its config.yaml
}

TEST(FailureMode31, NothingToResumeIsAnErrorNotAFreshStart) {
  const Scratch scratch;
  for (const auto& savedir : {scratch.root(), scratch / "missing"}) {
    const auto latest = latest_run(savedir);
    ASSERT_FALSE(latest);
    EXPECT_EQ(latest.error().code, Code::kBadData);
  }
  make_run(scratch.root(), "empty", 1000, {});
  const auto latest = latest_run(scratch.root());
  ASSERT_FALSE(latest);
  EXPECT_NE(latest.error().message.find("empty: no checkpoint in"), std::string::npos) << latest.error().message;
}

TEST(FailureMode31, AFreshRunBesideOldOnesSharesNothingWithThem) {
  const Scratch scratch;
  make_run(scratch.root(), "old", 1000, {900});
  const auto fresh = RunDirectory::create(scratch.root(), "fresh");
  ASSERT_TRUE(fresh);
  EXPECT_TRUE(CheckpointStore(fresh->paths().checkpoints(), 3).list()->empty());
}

TEST(FailureMode31, RunsAndFilesAreFoundByWhatTheUserSays) {
  const Scratch scratch;
  make_run(scratch.root(), "a", 1000, {5, 6});
  EXPECT_EQ(open_checkpoint("a", scratch.root())->step, 6);
  EXPECT_EQ(open_checkpoint((scratch / "a").string(), "elsewhere")->step, 6);
  EXPECT_EQ(open_checkpoint((scratch / "a/checkpoints").string(), "elsewhere")->step, 6);
  EXPECT_EQ(open_checkpoint((scratch / "a/checkpoints" / checkpoint_name(5)).string(), "elsewhere")->step, 5);
  EXPECT_EQ(open_checkpoint("b", scratch.root()).error().code, Code::kBadData);
  EXPECT_EQ(find_run(scratch.root(), "a")->root, scratch / "a");
  EXPECT_EQ(find_run(scratch.root(), "")->root, scratch / "a");
  EXPECT_EQ(find_run("elsewhere", (scratch / "a").string())->root, scratch / "a");
  EXPECT_EQ(find_run(scratch.root(), "b").error().code, Code::kUsage);
}

}  // namespace
}  // namespace keisei::store
