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

TEST_F(Evaluate, EachStrategyPlaysWhatItPromises) {
  const std::string suite = (directory_.path() / "suite.jsonl").string();
  std::ofstream(suite) << R"({"kind":"game","id":"a","sfen":"startpos","opponent":"random","games":3})"
                          "\n"
                          R"({"kind":"game","id":"b","sfen":"startpos","opponent":"greedy","games":3})"
                          "\n";
  const std::vector<std::string> short_games = {"--override", "evaluation.max_moves_per_game=40"};
  const auto report = [&](const std::vector<std::string>& args) {
    Process process = run(with(short_games, args));
    EXPECT_EQ(process.wait(), 0) << process.err();
    return process.json();
  };
  // cases.md G09: 20 games over three opponents are 7, 7 and 6.
  const auto tournament =
      report({"--strategy", "tournament", "--opponents", "random; greedy; material:1", "--num_games", "20"});
  EXPECT_EQ(tournament.at("games"), 20);
  std::vector<int> games;
  for (const auto& pairing : tournament.at("pairings")) games.push_back(pairing.at("games_asked").get<int>());
  EXPECT_EQ(games, (std::vector<int>{7, 7, 6}));
  EXPECT_EQ(report({"--strategy", "benchmark", "--suite", suite}).at("games"), 6);  // G14
  const auto custom = report({"--strategy", "custom", "--opponents", "random; greedy", "--override",
                              "evaluation.custom_plan=sequence", "--override", "evaluation.custom_sequence=1:2; 2:4"});
  EXPECT_EQ(custom.at("games"), 6);
}

TEST_F(Evaluate, LadderStartsFromWhereItEnded) {  // cases.md G13
  const auto climb = [&] {
    Process process =
        run({"--strategy", "ladder", "--opponents", "random; greedy", "--override", "evaluation.max_moves_per_game=40",
             "--override", "logging.savedir=" + (directory_.path() / "ladder").string()});
    EXPECT_EQ(process.wait(), 0) << process.err();
    return process.json().at("ladder");
  };
  const auto first = climb();
  EXPECT_EQ(first.at("before"), 1500);
  EXPECT_EQ(climb().at("before"), first.at("after"));
}

TEST_F(Evaluate, WritesItsReportInEveryForm) {
  const std::string out = (directory_.path() / "report").string();
  Process process = run({"--num_games", "2", "--output_dir", out, "--override", "evaluation.max_moves_per_game=40"});
  ASSERT_EQ(process.wait(), 0) << process.err();
  EXPECT_EQ(read_all(out + "/evaluation.json"), process.out());
  EXPECT_TRUE(read_all(out + "/evaluation.html").starts_with("<!DOCTYPE html>"));
  for (const char* extension : {".txt", ".md", ".csv"})
    EXPECT_FALSE(read_all(out + "/evaluation" + extension).empty()) << extension;
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
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--opponent_type", "usi:no-such-engine"}, 2, "no-such-engine");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--opponent_type", "usi:/bin/true"}, 2, "no USI engine");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--strategy", "benchmark"}, 2, "suite");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--strategy", "benchmark", "--suite", "none.jsonl"}, 2,
         "none.jsonl");
  expect({"evaluate", "--agent_checkpoint", checkpoint_, "--device", "tpu9"}, 2, "tpu9");
  expect({"evaluate", "--agent_checkpoint", "no/such/file.safetensors"}, 3, "no/such/file.safetensors");
  expect({"evaluate", "--agent_checkpoint", "checkpoint:" + checkpoint_ + "?simulations=20000"}, 2, "from 0 to 10000");
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
