#include "evaluation/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "evaluation/request.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

/// A suite file of this test alone, gone afterwards.
class SuiteFile : public testing::Test {
 protected:
  ~SuiteFile() override { std::filesystem::remove(path_); }
  Result<std::vector<SuiteCase>> read(const std::string& text) {
    EXPECT_TRUE(write_durably(path_, text));
    return read_suite(path_);
  }
  void expect_refused(const std::string& text, const char* message) {
    const auto result = read(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, Code::kUsage);
    EXPECT_THAT(result.error().message + " " + result.error().hint, HasSubstr(message));
  }
  const std::filesystem::path path_ = std::filesystem::path(testing::TempDir()) / "keisei_suite_test.jsonl";
};

constexpr const char* kGame =
    R"({"kind":"game","id":"g","sfen":"startpos","opponent":"greedy","games":3,"pass_score":0.25,)"
    R"("agent_colour":"white"})";
constexpr const char* kTsume = R"({"kind":"tsume","id":"t","sfen":"8k/9/8P/9/9/9/9/9/4K4 b G 1","mate_in":1})";

TEST_F(SuiteFile, HoldsGamesAndProblems) {
  const auto suite = read(std::string(kGame) + "\n\n" + kTsume + "\r\n" +
                          R"({"kind":"game","id":"d","sfen":"startpos","opponent":"random"})");
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->size(), 3U);
  EXPECT_EQ((*suite)[0].games, 3);
  EXPECT_EQ((*suite)[0].pass_score, 0.25);
  EXPECT_EQ((*suite)[0].agent_colour, SuiteCase::Colour::kWhite);
  EXPECT_EQ((*suite)[1].mate_in, 1);
  EXPECT_EQ((*suite)[2].games, 2);
  EXPECT_EQ((*suite)[2].agent_colour, SuiteCase::Colour::kBoth);
  for (const SuiteCase& entry : *suite) EXPECT_EQ(*decode_case(encode(entry)), entry);
}

TEST_F(SuiteFile, EveryFaultNamesItsLine) {
  const std::string good = std::string(kGame) + "\n";
  expect_refused(good + "{", ":2: case is no JSON object");
  expect_refused(good + kGame, ":2: a second case has the id \"g\"");
  expect_refused(R"({"kind":"tsume","id":"t","sfen":"8k/9/8P/9/9/9/9/9/4K4 b G 1","mate_in":2})", "an odd number");
  expect_refused(R"({"kind":"tsume","id":"t","sfen":"rubbish","mate_in":1})", ":1: ");
  expect_refused(R"({"kind":"tsume","id":"t","sfen":"4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2","mate_in":1})", "is over");
  expect_refused(R"({"kind":"game","id":"a","sfen":"startpos"})", "opponent");
  expect_refused(R"({"kind":"game","id":"a","sfen":"startpos","opponent":"gredy"})", "greedy");
  expect_refused(R"({"kind":"game","id":"a","sfen":"startpos","opponent":"random","games":0})", "games");
  expect_refused(R"({"kind":"game","id":"a","sfen":"startpos","opponent":"random","pass_score":2})", "pass_score");
  expect_refused(R"({"kind":"game","id":"a","sfen":"startpos","opponent":"random","color":"both"})", "unknown field");
  expect_refused(R"({"kind":"puzzle","id":"a","sfen":"startpos"})", "game, tsume");
  expect_refused("\n \n", "has no case");
  std::filesystem::remove(path_);
  EXPECT_FALSE(read_suite(path_));
}

TEST(Suite, TheShippedOnesCanBePlayed) {
  int problems = 0;
  for (const char* name : {"tsume", "openings", "endgames"}) {
    const auto suite = read_suite(std::string(KEISEI_SOURCE_DIR) + "/configs/suites/" + name + ".jsonl");
    ASSERT_TRUE(suite) << suite.error().message;
    for (const SuiteCase& entry : *suite) problems += entry.kind == SuiteCase::Kind::kTsume ? 1 : 0;
    Request request;
    request.strategy = "benchmark";
    request.suite = *suite;
    EXPECT_TRUE(validate(request)) << validate(request).error().message;
  }
  EXPECT_GE(problems, 60);
}

}  // namespace
}  // namespace keisei::evaluation
