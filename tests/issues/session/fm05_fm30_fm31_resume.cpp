// 5: a load error was swallowed and random weights trained on. 30: resume lost part of the state. 31: resume took the
// wrong file or silently none.
#include <gtest/gtest.h>

#include "base/file.h"
#include "session/trainer.h"
#include "store/checkpoint.h"

namespace keisei::session {
namespace {

TEST(FailureMode30, ResumedRunIsTheUnbrokenOneBitForBit) {  // cases.md J06, J08
  const Directory d;
  const auto unbroken = train(d, with(training(d, "unbroken", 8, 1), kNoEvaluation));
  for (const int kill_after : {1, 3, 6}) {
    const std::string name = "killed" + std::to_string(kill_after);
    const auto args = with(training(d, name, 8, 1), kNoEvaluation);
    const store::CheckpointStore checkpoints(d.path() / "runs" / name / "checkpoints", 100);
    {
      Process process(d, args);
      ASSERT_TRUE(eventually(60, [&] {
        const auto files = checkpoints.list();
        return files && files->size() >= static_cast<std::size_t>(kill_after);
      }));
      process.signal(SIGKILL);
      EXPECT_EQ(process.wait(), 137);
    }
    const auto resumed = train(d, with(args, {"--resume"}));
    EXPECT_EQ(resumed.at("weights_sha256"), unbroken.at("weights_sha256")) << "killed after " << kill_after;
    EXPECT_EQ(resumed.at("games"), unbroken.at("games"));
    EXPECT_EQ(resumed.at("timesteps"), unbroken.at("timesteps"));
  }
}

TEST(FailureMode05, DamagedCheckpointIsAnErrorThatNamesIt) {
  const Directory d;
  train(d, with(training(d, "r", 2, 1), kNoEvaluation));
  const auto path = d.path() / "runs/r/checkpoints" / store::checkpoint_name(512);
  const std::string good = read_all(path);
  std::string flipped = good;
  flipped[good.size() - 100] ^= 0x10;
  for (const std::string& bad : {good.substr(0, good.size() / 3), flipped, std::string("PK\x03\x04 some zip")}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
    Process process(d, {"train", "--savedir", (d.path() / "runs").string(), "--resume", path.string(), "--json"});
    EXPECT_EQ(process.wait(), 3) << process.err();
    EXPECT_NE(process.err().find(path.filename().string()), std::string::npos) << process.err();
  }
}

TEST(FailureMode05, OtherShapeIsRefused) {
  const Directory d;
  train(d, with(training(d, "r", 2, 1), kNoEvaluation));
  Process process(d, with(training(d, "r", 2, 1), {"--resume", "--override", "training.tower_width=16"}));
  EXPECT_EQ(process.wait(), 2) << process.err();
  EXPECT_NE(process.err().find("tower_width"), std::string::npos) << process.err();
}

TEST(FailureMode05, NetworkForOtherPlanesIsRefused) {  // cases.md J09
  const Directory d;
  train(d, with(training(d, "r", 1, 1), kNoEvaluation));
  const auto path = d.path() / "runs/r/checkpoints" / store::checkpoint_name(256);
  auto loaded = store::load_checkpoint(path);
  ASSERT_TRUE(loaded) << loaded.error().message;
  std::string& network = loaded->file.metadata.at("network");
  const auto at = network.find("\"planes\":46");
  ASSERT_NE(at, std::string::npos) << network;
  network.replace(at, 11, "\"planes\":51");
  ASSERT_TRUE(write_durably(path, store::encode(loaded->file)));
  const std::string savedir = (d.path() / "runs").string();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"train", "--savedir", savedir, "--resume", path.string()},
        {"evaluate", "--agent_checkpoint", path.string(), "--opponent_type", "random", "--num_games", "2"}}) {
    Process process(d, command);
    EXPECT_EQ(process.wait(), 3) << process.err();
    EXPECT_NE(process.err().find("51 planes"), std::string::npos) << process.err();
    EXPECT_NE(process.err().find("46"), std::string::npos) << process.err();
  }
}

TEST(FailureMode31, LatestIsTheNewestRunsNewestValidCheckpoint) {
  const Directory d;
  train(d, with(training(d, "older", 3, 1), kNoEvaluation));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  train(d, with(training(d, "newer", 2, 1), kNoEvaluation));
  const auto newest = d.path() / "runs/newer/checkpoints" / store::checkpoint_name(512);
  std::filesystem::resize_file(newest, 100);
  Process process(d, {"train", "--savedir", (d.path() / "runs").string(), "--resume", "latest", "--json"});
  EXPECT_EQ(process.wait(), 0) << process.err();
  EXPECT_EQ(process.json().at("run"), "newer");
  EXPECT_TRUE(std::filesystem::exists(newest.string() + ".corrupt"));
  EXPECT_NE(process.err().find("passed over"), std::string::npos) << process.err();
}

TEST(FailureMode31, NothingToResumeIsAnErrorAndAFreshRunStartsAtZero) {  // J03, J04
  const Directory d;
  Process nothing(d, {"train", "--savedir", (d.path() / "runs").string(), "--resume", "latest"});
  EXPECT_NE(nothing.wait(), 0);
  Process missing(
      d, {"train", "--savedir", (d.path() / "runs").string(), "--resume", "runs/x/checkpoints/none.safetensors"});
  EXPECT_EQ(missing.wait(), 3) << missing.err();
  train(d, with(training(d, "first", 2, 1), kNoEvaluation));
  const auto fresh = train(d, with(training(d, "second", 1, 1), kNoEvaluation));
  EXPECT_EQ(fresh.at("timesteps"), 256);
}

}  // namespace
}  // namespace keisei::session
