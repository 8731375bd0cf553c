// keisei usi and keisei play with a network: from the command line, by the option Weights in the middle of a session,
// and what a GUI is told when there are no such weights.
#include <gmock/gmock.h>

#include "app/usi_program.h"
#include "session/trainer.h"
#include "shogi/notation.h"

namespace keisei::session {
namespace {

using app::UsiProgram;
using testing::Contains;
using testing::HasSubstr;

class UsiWithWeights : public testing::Test {
 protected:
  void SetUp() override {
    checkpoint_ = train(directory_, with(training(directory_, "agent", 2),
                                         {"--override", "evaluation.enable_periodic_evaluation=false"}))
                      .at("checkpoint");
  }

  void expect_move(UsiProgram& engine, const std::string& go) {
    engine.send("position startpos moves 7g7f");
    engine.send(go);
    const std::string line = engine.expect("bestmove ");
    const std::string move = line.substr(9, line.find(' ', 9) - 9);
    const auto position = shogi::position_from("startpos", std::vector<std::string>{"7g7f"});
    const auto parsed = shogi::parse_usi(move);
    ASSERT_TRUE(parsed) << line;
    EXPECT_TRUE(position->is_legal(*parsed)) << line;
  }

  Directory directory_;
  std::string checkpoint_;
};

TEST_F(UsiWithWeights, PlaysFromTheCommandLine) {
  UsiProgram engine({"usi", "--weights", "agent", "--savedir", (directory_.path() / "runs").string()});
  engine.send("usi");
  engine.expect("usiok");
  engine.send("isready");
  engine.expect("readyok");
  EXPECT_THAT(engine.skipped, Contains(testing::ContainsRegex("playing .*safetensors \\(weights [0-9a-f]+\\)")));
  expect_move(engine, "go nodes 200");
  EXPECT_THAT(engine.skipped, Contains(testing::ContainsRegex("^info depth [0-9]+ .* score (cp|mate) .* pv ")));
  expect_move(engine, "go nodes 1");
  expect_move(engine, "go movetime 200");
  expect_move(engine, "go depth 2");
  engine.send("setoption name MultiPV value 3");
  expect_move(engine, "go nodes 100");
  for (const char* rank : {"multipv 1 ", "multipv 2 ", "multipv 3 "})
    EXPECT_THAT(engine.skipped, Contains(HasSubstr(rank)));
  engine.send("go infinite");
  engine.send("stop");
  engine.expect("bestmove ");
  engine.send("position sfen 4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  engine.send("go movetime 1000");
  EXPECT_THAT(engine.expect("bestmove "), testing::StartsWith("bestmove G*5b"));
  engine.send("quit");
  EXPECT_EQ(engine.wait(), 0);
}

TEST_F(UsiWithWeights, ValuesDrawsAsItIsTold) {
  UsiProgram engine({"usi", "--weights", checkpoint_});
  engine.send("isready");
  engine.expect("readyok");
  // White can bring the start about for the fourth time.
  std::string moves;
  for (int i = 0; i < 3; ++i) moves += " 2h3h 8b7b 3h2h 7b8b";
  moves.resize(moves.size() - 5);
  const auto answer = [&](const std::string& black, const std::string& white) {
    engine.send("setoption name DrawValueBlack value " + black);
    engine.send("setoption name DrawValueWhite value " + white);
    engine.send("usinewgame");
    engine.send("position startpos moves" + moves);
    engine.send("go nodes 600");
    return engine.expect("bestmove ");
  };
  EXPECT_THAT(answer("-5000", "5000"), testing::StartsWith("bestmove 7b8b"));
  EXPECT_THAT(answer("5000", "-5000"), testing::Not(testing::StartsWith("bestmove 7b8b")));
  // The game goes on from the tree; the answers stay legal and the next game knows nothing of it.
  engine.send("setoption name DrawValueWhite value 0");
  std::string line = "position startpos moves 7g7f";
  for (int i = 0; i < 4; ++i) {
    engine.send(line);
    engine.send("go nodes 300");
    const std::string said = engine.expect("bestmove ");
    line += " " + said.substr(9, said.find(' ', 9) - 9);
    engine.send(line);  // an illegal move would be named here
    engine.send("go nodes 20");
    const std::string reply = engine.expect("bestmove ");
    for (const std::string& skipped : engine.skipped) EXPECT_THAT(skipped, testing::Not(HasSubstr("error")));
    line += " " + reply.substr(9, reply.find(' ', 9) - 9);
  }
  engine.send("quit");
  EXPECT_EQ(engine.wait(), 0);
}

TEST_F(UsiWithWeights, TakesTheOptionInTheMiddleOfASession) {
  UsiProgram engine({"usi", "--player", "random", "--seed", "2"});
  engine.send("usi");
  engine.expect("usiok");
  engine.send("isready");
  engine.expect("readyok");
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("playing random")));
  expect_move(engine, "go movetime 10");
  // All at once: what was read ahead is not lost on the way to the other program.
  engine.send_bytes("setoption name MultiPV value 2\nsetoption name Weights value " + checkpoint_ +
                    "\nisready\nusinewgame\nposition startpos moves 7g7f\ngo nodes 50\n");
  engine.expect("readyok");
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("safetensors (weights ")));
  engine.expect("bestmove ");
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("multipv 2 ")));
  engine.send("setoption name Weights value <empty>");
  engine.send("isready");
  engine.expect("readyok");
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("playing random")));
  expect_move(engine, "go movetime 10");
  engine.close_input();
  EXPECT_EQ(engine.wait(), 0);
}

TEST_F(UsiWithWeights, PlaysNobodyElseWhereThereAreNoWeights) {
  UsiProgram engine({"usi"});
  engine.send("setoption name Weights value " + (directory_.path() / "nowhere.safetensors").string());
  engine.send("isready");
  engine.expect("info string error: ");
  EXPECT_FALSE(engine.next());
  EXPECT_NE(engine.wait(), 0);
}

TEST_F(UsiWithWeights, PlaysInTheTerminal) {
  UsiProgram program({"play", "--weights", checkpoint_, "--pieces", "letters", "--seconds", "0.1"});
  program.send_bytes("7g7f\nhint\nresign\n");
  program.close_input();
  std::string shown;
  while (const auto line = program.next()) shown += *line + "\n";
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(shown, HasSubstr("against "));
  EXPECT_THAT(shown, HasSubstr("White plays "));
  EXPECT_THAT(shown, HasSubstr("You resign."));
}

}  // namespace
}  // namespace keisei::session
