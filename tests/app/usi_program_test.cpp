// keisei usi through the built program, as a GUI drives it: every form of every command, rogue input, every end; and
// whole games against itself and against an engine of others through keisei match.
#include "app/usi_program.h"

#include <gmock/gmock.h>

#include <sstream>

#include "app/clean_match.h"
#include "app/program.h"
#include "shogi/notation.h"

namespace keisei::app {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kMate = "sfen 4k4/9/4P4/9/9/9/9/9/4K4 b G 1";
constexpr const char* kMated = "sfen 4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2";
constexpr const char* kEntered = "sfen +R+R+B+BGGSSK/GGSS2LL1/PPPPPPPPP/9/9/9/9/9/4k4 b 4N2L9P 1";

/// Whether the move of a bestmove line is legal after these moves of the start.
void expect_legal(const std::string& line, const std::vector<std::string>& moves) {
  std::istringstream words(line);
  std::string word;
  std::string move;
  words >> word >> move;
  EXPECT_EQ(word, "bestmove");
  const auto position = shogi::position_from("startpos", moves);
  ASSERT_TRUE(position);
  const auto parsed = shogi::parse_usi(move);
  ASSERT_TRUE(parsed) << line;
  EXPECT_TRUE(position->is_legal(*parsed)) << line;
}

TEST(UsiProgram, IntroducesItselfAndEndsByQuit) {
  UsiProgram engine({"usi"});
  engine.send("usi");
  engine.expect("usiok");
  EXPECT_THAT(engine.skipped, Contains(StartsWith("id name Keisei ")));
  EXPECT_THAT(engine.skipped, Contains(StartsWith("id author ")));
  EXPECT_THAT(engine.skipped, Contains("option name USI_Ponder type check default false"));
  EXPECT_THAT(engine.skipped, Contains("option name Weights type filename default <empty>"));
  engine.send("setoption name USI_Hash value 2");
  engine.send("setoption name Unheard of value 2");
  engine.send("setoption name MultiPV value x");
  engine.send("isready\r");
  engine.expect("readyok");
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("playing material:4")));
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("option MultiPV: value 'x' is not allowed")));
  engine.send("usinewgame");
  engine.send("isready");
  engine.expect("readyok");
  engine.send("quit");
  EXPECT_EQ(engine.wait(), 0);
}

TEST(UsiProgram, AnswersEveryFormOfGoOnce) {
  UsiProgram engine({"usi", "--player", "material:2", "--seed", "1"});
  engine.send("isready");
  engine.expect("readyok");
  const std::vector<std::string> moves = {"7g7f", "3c3d"};
  for (const char* go : {"go btime 60000 wtime 60000 byoyomi 1000", "go btime 0 wtime 0 byoyomi 100",
                         "go btime 5000 wtime 5000 binc 100 winc 100", "go movetime 50", "go nodes 500", "go depth 1",
                         "go", "go btime 0 wtime 0", "go unheard of words"}) {
    engine.send("position startpos moves 7g7f 3c3d  ");
    engine.send(go);
    expect_legal(engine.expect("bestmove "), moves);
  }
  engine.send("go depth 1 searchmoves 9g9f 1g1f");
  EXPECT_THAT(engine.expect("bestmove "), testing::AnyOf("bestmove 9g9f", "bestmove 1g1f"));
  EXPECT_THAT(engine.skipped,
              Contains(testing::ContainsRegex("^info depth 1 time [0-9]+ nodes [0-9]+ .*score .* pv ")));
  // No second answer to any of them.
  engine.send("isready");
  engine.expect("readyok");
  for (const std::string& line : engine.skipped) EXPECT_THAT(line, testing::Not(StartsWith("bestmove")));
}

TEST(UsiProgram, InfiniteAndPonderWaitToBeReleased) {
  UsiProgram engine({"usi", "--player", "material:1"});
  engine.send("setoption name USI_Ponder value true");
  engine.send("isready");
  engine.expect("readyok");
  const auto silent = [&] {
    engine.send("isready");  // answered beside the search: it has come this far
    engine.expect("readyok");
    for (const std::string& line : engine.skipped) EXPECT_THAT(line, testing::Not(StartsWith("bestmove")));
    const auto line = engine.next(300ms);
    EXPECT_TRUE(!line || !line->starts_with("bestmove")) << *line;
  };
  for (const char* go : {"go infinite", "go ponder btime 1000 wtime 1000", "go ponder infinite"}) {
    engine.send("position startpos");
    engine.send(go);
    silent();
    engine.send("stop");
    expect_legal(engine.expect("bestmove "), {});
  }
  for (const char* hit : {"ponderhit", "ponderhit btime 900 wtime 900 byoyomi 10"}) {
    engine.send("position startpos moves 7g7f");
    engine.send("go ponder btime 1000 wtime 1000 byoyomi 50");
    silent();
    engine.send(hit);
    expect_legal(engine.expect("bestmove "), {"7g7f"});
  }
  // The end of the game ends a ponder without a word.
  engine.send("go ponder btime 1000 wtime 1000");
  engine.send("gameover win");
  silent();
  engine.send("stop");
  silent();
  // A GUI that asks twice is owed two answers.
  engine.send("go infinite");
  engine.send("go depth 1");
  engine.expect("bestmove ");
  engine.expect("bestmove ");
}

TEST(UsiProgram, IsreadyRightBehindAnAnswerLoadsWhatWasAskedFor) {
  UsiProgram engine({"usi", "--player", "material:1"});
  for (int i = 0; i < 100; ++i) {
    engine.send("go depth 1");
    engine.expect("bestmove ");
    engine.send("setoption name USI_Hash value " + std::to_string(1 + i % 2));
    engine.send("isready");
    engine.expect("readyok");
    ASSERT_THAT(engine.skipped, Contains(HasSubstr("playing material:1"))) << i;
  }
}

TEST(UsiProgram, SolvesMates) {
  UsiProgram engine({"usi"});
  engine.send("isready");
  engine.expect("readyok");
  engine.send(std::string("position ") + kMate);
  engine.send("go mate infinite");
  EXPECT_EQ(engine.expect("checkmate"), "checkmate G*5b");
  engine.send("go mate 1000");
  EXPECT_EQ(engine.expect("checkmate"), "checkmate G*5b");
  engine.send("position startpos");
  engine.send("go mate 60000");
  EXPECT_EQ(engine.expect("checkmate"), "checkmate nomate");
  engine.send("position sfen 4k4/9/9/9/9/9/9/9/4K4 b RB2G2S2N2L9Prb2g2s2n2l9p 1");
  engine.send("setoption name NodesLimit value 10");
  engine.send("go mate infinite");
  EXPECT_THAT(engine.expect("checkmate"), testing::AnyOf("checkmate timeout", StartsWith("checkmate ")));
}

TEST(UsiProgram, DeclaresResignsAndSaysWhatItDoesNotKnow) {
  UsiProgram engine({"usi", "--player", "material:1"});
  engine.send(std::string("position ") + kEntered);
  engine.send("go movetime 100");
  EXPECT_EQ(engine.expect("bestmove"), "bestmove win");
  engine.send("setoption name EnteringKingRule value NoEnteringKing");
  engine.send("go movetime 100");
  EXPECT_NE(engine.expect("bestmove"), "bestmove win");
  engine.send(std::string("position ") + kMated);
  engine.send("go movetime 100");
  EXPECT_EQ(engine.expect("bestmove"), "bestmove resign");
  engine.send("position startpos moves 7g7e");
  engine.send("go movetime 100");
  EXPECT_EQ(engine.expect("bestmove"), "bestmove resign");
  EXPECT_THAT(engine.skipped, Contains(HasSubstr("info string error: move 1 of 1: 7g7e is illegal")));
  // Behind by a rook: it gives up once it is told to.
  engine.send("setoption name ResignValue value 300");
  engine.send("position sfen lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B7/LNSGKGSNL b - 1");
  engine.send("go movetime 1000");
  EXPECT_EQ(engine.expect("bestmove"), "bestmove resign");
}

TEST(UsiProgram, BearsRogueInput) {
  UsiProgram engine({"usi", "--player", "material:1"});
  engine.send_bytes(std::string("\0\xff\xfe\n\n   \n\t\r\n", 12));
  engine.send(std::string(1 << 20, 'x'));
  engine.send("position startpos moves " + std::string(1 << 20, '7'));
  engine.send("unheard of");
  engine.send("setoption");
  engine.send("setoption name");
  engine.send("position");
  engine.send("position sfen +");
  engine.send("stop");
  engine.send("ponderhit");
  engine.send("gameover");
  engine.send("position startpos");
  engine.send("go depth 1");
  expect_legal(engine.expect("bestmove "), {});
  std::string shuffle = "position startpos moves";
  for (int i = 0; i < 250; ++i) shuffle += " 2h3h 8b7b 3h2h 7b8b";
  engine.send(shuffle);
  engine.send("go depth 1");
  expect_legal(engine.expect("bestmove "), {});
  engine.send("quit");
  EXPECT_EQ(engine.wait(), 0);
}

TEST(UsiProgram, TheEndOfItsInputEndsItAtAnyMoment) {
  for (const char* last :
       {"", "usi\n", "go infinite\n", "go ponder btime 1 wtime 1\n", "go mate infinite\n", "go dep"}) {
    UsiProgram engine({"usi", "--player", "material:8"});
    engine.send_bytes(last);
    engine.close_input();
    EXPECT_EQ(engine.wait(), 0) << last;
  }
}

TEST(UsiProgram, RefusesWhatItCannotPlay) {
  const Ran unknown = run_keisei({"usi", "--player", "strongest"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("unknown player 'strongest'"));
  EXPECT_EQ(run_keisei({"usi", "--player", "greedy", "--weights", "x"}).code, 2);
}

TEST(UsiProgram, PlaysWholeGamesInAMatch) {
  expect_clean_match(keisei_engine("&nodes=300"), "random", 2);
  expect_clean_match(keisei_engine("&byoyomi=0.5&margin=60"), "greedy", 2);
}

TEST(UsiProgram, PlaysFairyStockfish) {  // a hundred games and more opponents: long_match_test.cpp
  if (!is_installed("fairy-stockfish")) GTEST_SKIP() << "fairy-stockfish is not installed";
  expect_clean_match(keisei_engine("&nodes=300"), "usi:fairy-stockfish?answer=120&option.UCI_Variant=shogi&depth=1", 6);
}

}  // namespace
}  // namespace keisei::app
