// Engines that misbehave in each way there is: the match of two games ends, by the right reason, and nothing is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "evaluation/engine_stage.h"
#include "guard/landlock.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

struct Case {
  const char* behaviour;
  EndReason reason;      ///< of both games
  const char* incident;  ///< part of the first incident; "" = none
  const char* options = "depth=1&answer=120";
  const char* argument = "";
  double ready_s = kLongS;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.behaviour; }

class RogueEngine : public testing::TestWithParam<Case> {};

TEST_P(RogueEngine, LosesItsGamesAndLeavesNothing) {
  const Case& c = GetParam();
  EngineStage stage;
  stage.host.times.ready_s = c.ready_s;
  const auto [games, incidents] = match(stage, stage.rogue(c.behaviour, c.options, c.argument));
  ASSERT_EQ(games.size(), 2U);
  for (const GameRecord& game : games) {
    EXPECT_EQ(to_string(game.reason), to_string(c.reason)) << game.fault;
    EXPECT_EQ(game.result(), GameResult::kWin);
  }
  const bool quiet_expected = std::string(c.incident).empty();
  EXPECT_EQ(incidents.empty(), quiet_expected) << testing::PrintToString(incidents);
  if (!incidents.empty()) {
    EXPECT_THAT(incidents.front(), HasSubstr(c.incident));
  }
  stage.expect_nothing_left();
}

INSTANTIATE_TEST_SUITE_P(
    Behaviours, RogueEngine,
    testing::Values(Case{"polite", EndReason::kResign, ""},
                    Case{"hangs_at_isready", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=120", "",
                         kShortS},
                    Case{"hangs_at_position", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=0.3"},
                    Case{"hangs_at_go", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=0.3"},
                    Case{"hangs_at_stop", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=0.3"},
                    Case{"hangs_at_quit", EndReason::kResign, ""}, Case{"ignores_sigterm", EndReason::kResign, ""},
                    Case{"no_usi", EndReason::kIllegalMove, "no USI engine"},
                    Case{"exits_at_once", EndReason::kIllegalMove, "exit code 7"},
                    Case{"garbage", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=0.3"},
                    Case{"floods", EndReason::kIllegalMove, "flooded"},
                    Case{"endless_line", EndReason::kIllegalMove, "a line of more than"},
                    Case{"trickles", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=0.3"},
                    Case{"illegal_move", EndReason::kIllegalMove, ""}, Case{"other_side", EndReason::kIllegalMove, ""},
                    Case{"cut_bestmove", EndReason::kIllegalMove, ""},
                    Case{"ends_in_the_middle", EndReason::kIllegalMove, "the engine ended: exit code 0"},
                    Case{"exits_after_moves", EndReason::kIllegalMove, "exit code 3", "depth=1&answer=120", "2"},
                    Case{"crashes", EndReason::kIllegalMove, "signal 11"},
                    Case{"closes_output", EndReason::kIllegalMove, "closed its output"},
                    Case{"closes_input", EndReason::kIllegalMove, "closed its input"},
                    Case{"leaves_child_on_pipe", EndReason::kIllegalMove, "exit code 0"},
                    Case{"escapes", EndReason::kResign, ""},
                    Case{"escapes_and_dies", EndReason::kIllegalMove, "exit code 0"},
                    Case{"many_processes", EndReason::kIllegalMove, "more than 64 processes"},
                    Case{"fills_scratch", EndReason::kIllegalMove, "scratch directory"},
                    Case{"eats_shared_memory", EndReason::kIllegalMove, "of memory", "depth=1&answer=120&memory=64"},
                    Case{"bestmove_twice", EndReason::kIllegalMove, "without being asked"}),
    [](const auto& c) { return std::string(c.param.behaviour); });

EngineStage& short_handshake(EngineStage& stage) {
  stage.host.times.usi_s = kShortS;
  return stage;
}

TEST(RogueEngineRules, OneThatHangsAtUsiIsNoEngine) {
  EngineStage stage;
  const auto [games, incidents] = match(short_handshake(stage), stage.rogue("hangs_at_usi"));
  for (const GameRecord& game : games) EXPECT_EQ(game.reason, EndReason::kIllegalMove);
  EXPECT_EQ(incidents.size(), 2U);
  const auto checked = check_player(stage.rogue("hangs_at_usi"), {}, stage.host);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Code::kUsage);
  EXPECT_THAT(checked.error().message, HasSubstr("no USI engine"));
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, MemoryBeyondItsDataLimitEndsIt) {
  EngineStage stage;
  const auto [games, incidents] = match(stage, stage.rogue("eats_memory", "depth=1&answer=120&memory=64"));
  for (const GameRecord& game : games) EXPECT_EQ(game.reason, EndReason::kIllegalMove);
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_THAT(incidents.front(), testing::AnyOf(HasSubstr("signal 6"), HasSubstr("of memory")));
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, AnswersBeforeGoNeverPassForLaterOnes) {
  EngineStage stage;
  const auto [games, incidents] = match(stage, stage.rogue("answers_before_go"));
  ASSERT_EQ(games.size(), 2U);
  for (const GameRecord& game : games) EXPECT_EQ(game.reason, EndReason::kIllegalMove);
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, LateButAliveLosesOnTimeAndPlaysOn) {
  EngineStage stage;
  stage.host.times.stop_s = kLongS;
  const auto [games, incidents] = match(stage, stage.rogue("hangs_until_stop", "movetime=0.1&margin=0.1"));
  ASSERT_EQ(games.size(), 2U);
  for (const GameRecord& game : games) {
    EXPECT_EQ(game.reason, EndReason::kTimeUp);
    EXPECT_EQ(game.result(), GameResult::kWin);
  }
  EXPECT_TRUE(incidents.empty()) << incidents.front();
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, AfterThreeCrashesItIsExcluded) {
  EngineStage stage;
  const auto [games, incidents] = match(stage, stage.rogue("crashes"), 6);
  ASSERT_EQ(games.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(games[i].reason, i < 3 ? EndReason::kIllegalMove : EndReason::kPlayerFault) << i;
    if (i >= 3) {
      EXPECT_THAT(games[i].fault, HasSubstr("excluded after 3 crashes"));
      EXPECT_THAT(games[i].fault, HasSubstr("signal 11"));
    }
  }
  EXPECT_EQ(incidents.size(), 3U);
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, InstancesPlaySideBySide) {
  EngineStage stage;
  const PlayerSpec spec = stage.rogue("polite", "depth=1&answer=120&instances=3");
  EXPECT_EQ(concurrent_games(spec, 64), 3);
  const auto together = match(stage, spec, 6).games;
  const auto alone = match(stage, stage.rogue("polite"), 6).games;
  ASSERT_EQ(together.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(together[i].moves, alone[i].moves);
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, AnswersCarryTheEnginesScore) {
  EngineStage stage;
  const auto games = match(stage, stage.rogue("polite")).games;
  ASSERT_EQ(games.size(), 2U);
  ASSERT_GE(games[0].values.size(), 2U);
  EXPECT_EQ(games[0].values[0], 0);
  EXPECT_GT(games[0].values[1], 0.05);  // the engine is White and says 120 hundredths
}

TEST(RogueEngineRules, StoppingIsAFaultAndNoLoss) {
  EngineStage stage;
  int asked = 0;
  stage.host.keep_going = [&] { return ++asked < 3; };
  const auto games = match(stage, stage.rogue("hangs_at_go")).games;
  ASSERT_EQ(games.size(), 2U);
  EXPECT_EQ(games[0].reason, EndReason::kPlayerFault);
  EXPECT_THAT(games[0].fault, HasSubstr("stopped"));
  stage.expect_nothing_left();
}

TEST(RogueEngineRules, FaultsOfTheCommandAreErrorsBeforeTheFirstGame) {
  EngineStage stage;
  const auto refused = [&](const PlayerSpec& spec, const char* part) {
    const auto checked = check_player(spec, {}, stage.host);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, Code::kUsage);
    EXPECT_THAT(checked.error().message + checked.error().hint, HasSubstr(part));
  };
  refused(*parse_player("usi:no-such-engine"), "no-such-engine");
  refused(*parse_player("usi:/etc/passwd"), "/etc/passwd");
  refused(*parse_player("usi:/bin/true"), "no USI engine");
  refused(stage.rogue("no_usi", "depth=1&answer=120"), "it began with: Error (unknown command)");
  refused(stage.rogue("polite", "option.Dept=1"), "did you mean \"Depth\"");
  refused(stage.rogue("polite", "option.Depth=10"), "from 1 to 9");
  refused(stage.rogue("polite", "option.Style=tame"), "wild");
  refused(stage.rogue("polite", "dir=/no/such/directory"), "/no/such/directory");
  const auto good = check_player(stage.rogue("polite", "option.depth=9&option.USI_Hash=64"), {}, stage.host);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->name, "Rogue polite");
  EXPECT_EQ(good->author, "nobody");
  EXPECT_FALSE(make_player(*parse_player("usi:/bin/true"), {}, {}));
  EXPECT_FALSE(make_player(*parse_player("live"), {}, stage.host));
  for (const char* name : {"random", "greedy", "material:1"}) {
    EXPECT_TRUE(check_player(*parse_player(name), {}, {})) << name;
    const auto player = make_player(*parse_player(name), {}, {});
    ASSERT_TRUE(player) << name;
    EXPECT_EQ((*player)->name(), name);
  }
  stage.expect_nothing_left();
}

/// What the rogue says it found out.
std::string finding(EngineStage& stage, const std::string& behaviour, const std::string& argument = {}) {
  const auto checked = check_player(stage.rogue(behaviour, "depth=1&answer=120", argument), {}, stage.host);
  EXPECT_TRUE(checked) << (checked ? "" : checked.error().message);
  for (const std::string& note : checked ? checked->notes : std::vector<std::string>{}) {
    EXPECT_THAT(note, HasSubstr("cage: "));
  }
  return checked ? checked->name.substr(std::string("Rogue ").size()) : "";
}

TEST(CagedEngine, HidesEnvironmentAndDescriptors) {
  ::setenv("KEISEI_TEST_CANARY", "a secret", 1);
  EngineStage stage;
  EXPECT_EQ(finding(stage, "environment"), "canary hidden tmp there");
  EXPECT_EQ(finding(stage, "descriptors"), "3 descriptors");
  ::unsetenv("KEISEI_TEST_CANARY");
}

TEST(CagedEngine, ConfinesFiles) {
  if (guard::landlock_abi() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  EngineStage stage;
  const std::string secret = (stage.root / "secret").string();
  std::ofstream(secret) << "secret";
  EXPECT_EQ(finding(stage, "reads_file", "@" + secret), "file refused");
  EXPECT_EQ(finding(stage, "reads_file", "/etc/shadow/../shadow"), "file refused");
  EXPECT_EQ(finding(stage, "reads_parent"), "environ refused cmdline refused");
  EXPECT_EQ(finding(stage, "reads_own"), "cpuinfo read self read libc read program read");
  EXPECT_EQ(finding(stage, "writes_file", "@" + secret + "2"), "file refused");
  EXPECT_FALSE(std::filesystem::exists(secret + "2"));
  EXPECT_EQ(finding(stage, "writes_scratch"), "home written");
  std::filesystem::remove(secret);
  stage.expect_nothing_left();
}

TEST(CagedEngine, ArgumentsMayBeRead) {
  EngineStage stage;
  const std::string shown = (stage.root / "book").string();
  std::ofstream(shown) << "moves";
  EXPECT_EQ(finding(stage, "reads_file", shown), "file read");
  std::filesystem::remove(shown);
}

TEST(CagedEngine, RefusesSocketsAndAdministration) {
  EngineStage stage;
  if (finding(stage, "opens_socket").find("done unix") != std::string::npos) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(finding(stage, "opens_socket"), "inet refused unix refused pair done");
  const std::string tried = finding(stage, "administers");
  EXPECT_THAT(tried, HasSubstr("ptrace refused namespace refused mount refused everybody refused"));
  EXPECT_THAT(tried, HasSubstr("capable refused"));
  constexpr int kAbiWithSignals = 6;
  if (guard::landlock_abi() >= kAbiWithSignals) {
    EXPECT_THAT(tried, HasSubstr("parent refused"));
  }
}

}  // namespace
}  // namespace keisei::evaluation
