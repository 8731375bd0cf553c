// The evaluate command's flag defaults always overrode the file: a flag that is absent must leave the file's value.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/cli.h"

namespace keisei::app {
namespace {

config::Config resolved(const std::vector<std::string>& args) {
  const auto command = parse(args, {});
  EXPECT_TRUE(command);
  const auto loaded = config::load(std::get<EvaluateArgs>(*command).source);
  EXPECT_TRUE(loaded) << loaded.error().message;
  return loaded->config;
}

TEST(FailureMode43, AbsentFlagsLeaveTheFileAlone) {
  const std::string path = testing::TempDir() + "keisei_fm43.yaml";
  std::ofstream(path) << "evaluation: {strategy: ladder, num_games: 7, opponent_type: greedy, temperature: 0.5}\n"
                         "env: {device: auto}\n";
  const config::Config file = resolved({"evaluate", "--agent_checkpoint", "a", "--config", path});
  EXPECT_EQ(file.evaluation.strategy, "ladder");
  EXPECT_EQ(file.evaluation.num_games, 7);
  EXPECT_EQ(file.evaluation.opponent_type, "greedy");
  EXPECT_EQ(file.evaluation.temperature, 0.5);
  EXPECT_EQ(file.env.device, "auto");
  const config::Config flag =
      resolved({"evaluate", "--agent_checkpoint", "a", "--config", path, "--num_games", "9", "--temperature", "0"});
  EXPECT_EQ(flag.evaluation.num_games, 9);
  EXPECT_EQ(flag.evaluation.temperature, 0);
  EXPECT_EQ(flag.evaluation.strategy, "ladder");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace keisei::app
