// 23: the last rollout was thrown away. 24: parallel self-play spun for ever. 43: flags that were absent overrode the
// file.
#include <gtest/gtest.h>

#include "session/trainer.h"
#include "store/run_database.h"

namespace keisei::session {
namespace {

TEST(FailureMode23, OneRolloutIsOneUpdate) {
  const Directory d;
  const auto one = train(d, with(training(d, "r", 1), kNoEvaluation));
  EXPECT_EQ(one.at("updates"), 1);
  const auto other_seed =
      train(d, with(training(d, "s", 1), with(kNoEvaluation, {"--override", "training.learning_rate=1e-9"})));
  EXPECT_NE(one.at("weights_sha256"), other_seed.at("weights_sha256")) << "the update moved the weights";
}

TEST(FailureMode24, ParallelRunEndsWithTheRightCount) {
  const Directory d;
  const auto summary = train(d, with(training(d, "r", 2), with(kNoEvaluation, {"--override", "training.threads=2"})));
  EXPECT_EQ(summary.at("timesteps"), 512);
  EXPECT_EQ(summary.at("updates"), 2);
}

TEST(FailureMode43, AbsentFlagsLeaveTheFilesValues) {
  const Directory d;
  const std::string checkpoint = train(d, with(training(d, "r", 1), kNoEvaluation)).at("checkpoint");
  const auto file = d.path() / "evaluation.yaml";
  std::ofstream(file) << "evaluation:\n  num_games: 3\n  opponent_type: greedy\n  max_moves_per_game: 12\n";
  Process process(d, {"evaluate", "--agent_checkpoint", checkpoint, "--config", file.string(), "--json"});
  ASSERT_EQ(process.wait(), 0) << process.err();
  EXPECT_EQ(process.json().at("games"), 3);
  EXPECT_NE(process.out().find("greedy"), std::string::npos);
}

}  // namespace
}  // namespace keisei::session
