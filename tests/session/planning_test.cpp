// Networks that plan their moves, as players of evaluations and matches: what they find, that their games replay, who
// they are in ratings; and a network that comes to a match as an engine, in its cage.
#include <gmock/gmock.h>

#include "evaluation/record_file.h"
#include "guard/landlock.h"
#include "session/trainer.h"
#include "store/run_database.h"

namespace keisei::session {
namespace {

using testing::EndsWith;

class Planning : public testing::Test {
 protected:
  void SetUp() override {
    checkpoint_ =
        std::filesystem::absolute(train(directory_, with(training(directory_, "agent", 2),
                                                         {"--override", "evaluation.enable_periodic_evaluation=false"}))
                                      .at("checkpoint")
                                      .get<std::string>())
            .string();
  }
  nlohmann::json report(const std::vector<std::string>& args) const {
    Process process(directory_, args);
    EXPECT_EQ(process.wait(), 0) << process.err();
    return process.json();
  }
  nlohmann::json evaluate(const std::string& agent, const std::vector<std::string>& more) const {
    return report(with({"evaluate", "--agent_checkpoint", agent, "--json", "--seed", "3"}, more));
  }
  nlohmann::json match(const std::string& player, const std::vector<std::string>& more = {}) const {
    return report(with({"match", "--player", player, "--player", "checkpoint:" + checkpoint_, "--games", "2",
                        "--max-moves", "30", "--json"},
                       more));
  }

  Directory directory_;
  std::string checkpoint_;
};

TEST_F(Planning, FindsMatesThatThePolicyMisses) {
  const std::string suite = (directory_.path() / "mates.jsonl").string();
  std::ofstream file(suite);
  const std::vector<std::string> mates = {"6k2/9/3+B1Gg2/6R2/9/9/9/9/4K4 b 2G 1", "2s2kp2/9/4G4/2n6/9/9/9/9/4K4 b R 1",
                                          "3k1g3/2p6/6l2/5+B3/9/9/9/9/4K4 b S 1", "3k2G2/5R3/p8/5n3/9/9/9/9/4K4 b S 1",
                                          "1k7/3RG4/4n4/3p5/9/9/9/9/4K4 b S 1"};
  for (std::size_t i = 0; i < mates.size(); ++i)
    file << R"({"kind":"tsume","id":"m)" << i << R"(","sfen":")" << mates[i] << "\",\"mate_in\":3}\n";
  file.close();
  const std::vector<std::string> how = {"--strategy", "benchmark", "--suite", suite};
  EXPECT_LT(evaluate(checkpoint_, how).at("wins"), 5);
  const auto planned = evaluate(checkpoint_, with(how, {"--simulations", "3000"}));
  EXPECT_EQ(planned.at("wins"), 5) << planned.dump();
  EXPECT_EQ(planned.at("faults"), 0);
}

TEST_F(Planning, TheSameKeyIsTheSameGame) {
  const auto games = [&](const std::string& name, const std::string& side_by_side) {
    const auto out = directory_.path() / name;
    const auto summary =
        evaluate("checkpoint:" + checkpoint_ + "?simulations=20&temperature=0.5",
                 {"--num_games", "4", "--output_dir", out.string(), "--override", "evaluation.max_moves_per_game=30",
                  "--override", "evaluation.max_concurrent_games=" + side_by_side});
    EXPECT_EQ(summary.at("faults"), 0);
    return *evaluation::read_records(out / "evaluation.jsonl");
  };
  const auto together = games("together", "4");
  EXPECT_EQ(together, games("alone", "1"));
  ASSERT_EQ(together.size(), 4U);
  for (const auto& game : together) {
    EXPECT_TRUE(evaluation::verify(game));
    EXPECT_THAT(game.agent_id, EndsWith("?simulations=20&temperature=0.5"));
  }
}

TEST_F(Planning, TheFlagIsForNetworksThatNameNone) {
  const auto out = directory_.path() / "both";
  evaluate(checkpoint_,
           {"--num_games", "2", "--output_dir", out.string(), "--override", "evaluation.max_moves_per_game=10",
            "--simulations", "5", "--opponent_type", "checkpoint:" + checkpoint_ + "?simulations=0"});
  const auto games = *evaluation::read_records(out / "evaluation.jsonl");
  ASSERT_EQ(games.size(), 2U);
  EXPECT_THAT(games[0].agent_id, EndsWith("?simulations=5"));
  EXPECT_EQ(games[0].agent_id, games[0].opponent_id + "?simulations=5") << "one network, two players";
}

TEST_F(Planning, PlansBesideTraining) {
  train(directory_,
        with(training(directory_, "live", 2), {"--override", "evaluation.opponent_type=live?simulations=4"}));
  auto database = store::RunDatabase::open(directory_.path() / "runs/live/run.db", store::RunDatabase::Mode::kRead);
  ASSERT_TRUE(database);
  const auto rows = *database->evaluations();
  ASSERT_GE(rows.size(), 1U);
  EXPECT_EQ(rows[0].games, 2);
  EXPECT_EQ(rows[0].faults, 0);
  EXPECT_EQ(rows[0].opponent_id, rows[0].agent_id + "?simulations=4");
}

TEST_F(Planning, PlaysAMatchAgainstItsOwnPolicy) {
  const auto result = match("checkpoint:" + checkpoint_ + "?simulations=8");
  EXPECT_EQ(result.at("games"), 2) << result.dump();
  EXPECT_EQ(result.at("faults"), 0) << result.dump();
}

TEST_F(Planning, AnEngineReadsTheWeightsThatItsSpecNames) {
  const std::string engine = std::string("usi:") + KEISEI_BINARY_DIR "/keisei usi";
  const std::string runs = std::filesystem::absolute(directory_.path() / "runs").string();
  const std::string limits = "?answer=120&nodes=20";
  for (const std::string& spec :
       {engine + " --weights " + checkpoint_ + limits, engine + " --weights agent --savedir " + runs + limits,
        engine + limits + "&option.Weights=" + checkpoint_ + "&read=" + checkpoint_}) {
    const auto result = match(spec);
    EXPECT_EQ(result.at("games"), 2) << spec;
    EXPECT_EQ(result.at("faults"), 0) << spec << result.dump();
    EXPECT_FALSE(result.at("end_reasons").contains("illegal_move")) << spec << result.dump();
  }
  if (guard::landlock_abi() == 0) return;
  Process refused(directory_, {"match", "--player", engine + limits + "&option.Weights=" + checkpoint_, "--player",
                               "random", "--games", "2"});
  EXPECT_EQ(refused.wait(), 2) << refused.err();
}

}  // namespace
}  // namespace keisei::session
