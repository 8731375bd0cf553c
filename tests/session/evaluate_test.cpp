#include <gtest/gtest.h>

#include "evaluation/record_file.h"
#include "session/trainer.h"

namespace keisei::session {
namespace {

class Evaluate : public testing::Test {
 protected:
  void SetUp() override {
    checkpoint_ = train(directory_, with(training(directory_, "agent", 2),
                                         {"--override", "evaluation.enable_periodic_evaluation=false"}))
                      .at("checkpoint");
  }
  Process run(const std::vector<std::string>& more) {
    return Process(directory_, with({"evaluate", "--agent_checkpoint", checkpoint_, "--json", "--seed", "3"}, more));
  }
  Directory directory_;
  std::string checkpoint_;
};

TEST_F(Evaluate, ReportsEveryGameAndSavesRecordsThatReplay) {
  const std::string out = (directory_.path() / "records").string();
  Process process = run({"--num_games", "7", "--output_dir", out, "--override", "evaluation.max_moves_per_game=60"});
  ASSERT_EQ(process.wait(), 0) << process.err();
  EXPECT_TRUE(process.out().starts_with(R"({"schema":"keisei.evaluation/1")"));
  const auto report = process.json();
  EXPECT_EQ(report.at("games"), 7);
  EXPECT_EQ(report.at("wins").get<int>() + report.at("losses").get<int>() + report.at("draws").get<int>() +
                report.at("faults").get<int>(),
            7);
  EXPECT_EQ(report.at("by_colour").at("black").at("games"), 4);
  EXPECT_EQ(report.at("by_colour").at("white").at("games"), 3);
  const auto records = evaluation::read_records(out + "/evaluation.jsonl");
  ASSERT_TRUE(records) << records.error().message;
  EXPECT_EQ(records->size(), 7U);
  for (const auto& record : *records) EXPECT_TRUE(evaluation::verify(record));
}

TEST_F(Evaluate, SameSeedPlaysTheSameGames) {
  const auto games = [&](const std::string& name) {
    Process process = run({"--num_games", "4", "--output_dir", (directory_.path() / name).string(), "--override",
                           "evaluation.max_moves_per_game=40"});
    EXPECT_EQ(process.wait(), 0) << process.err();
    return *evaluation::read_records(directory_.path() / name / "evaluation.jsonl");
  };
  EXPECT_EQ(games("x"), games("y"));
}

TEST_F(Evaluate, NamesWhatItCannotUse) {
  const auto expect = [&](const std::vector<std::string>& args, int code, const std::string& text) {
    Process process(directory_, args);
    EXPECT_EQ(process.wait(), code) << process.err();
    EXPECT_NE(process.err().find(text), std::string::npos) << process.err();
  };
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--opponent_type", "nobody"}, 2, "nobody");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--strategy", "foo"}, 2, "foo");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--num_games", "0"}, 2, "num_games");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--device", "tpu9"}, 2, "tpu9");
  expect({"evaluate", "--agent_checkpoint", "no/such/file.safetensors"}, 3, "no/such/file.safetensors");
  expect({"evaluate", "--agent_checkpoint", "checkpoint:" + checkpoint_ + "?simulations=8"}, 2, "simulations");
  const std::string bytes = read_all(checkpoint_);
  const auto damaged = directory_.path() / "damaged.safetensors";
  std::string flipped = bytes;
  flipped[flipped.size() / 2] ^= 1;
  std::ofstream(damaged, std::ios::binary) << flipped;
  expect({"evaluate", "--agent_checkpoint", damaged.string()}, 3, "damaged.safetensors");
  std::ofstream(damaged, std::ios::binary | std::ios::trunc) << bytes.substr(0, bytes.size() / 2);
  expect({"evaluate", "--agent_checkpoint", damaged.string()}, 3, "damaged.safetensors");
  std::ofstream(damaged, std::ios::binary | std::ios::trunc) << "GIF89a, not a checkpoint";
  expect({"evaluate", "--agent_checkpoint", damaged.string()}, 3, "damaged.safetensors");
}

}  // namespace
}  // namespace keisei::session
