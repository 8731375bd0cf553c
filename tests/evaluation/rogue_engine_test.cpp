// Engines that misbehave in each way there is, by both protocols: the match of two games ends, by the right reason, and
// nothing is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluation/engine_stage.h"

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
  EngineProtocol protocol = EngineProtocol::kUsi;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.behaviour; }

class RogueEngine : public testing::TestWithParam<Case> {};

TEST_P(RogueEngine, LosesItsGamesAndLeavesNothing) {
  const Case& c = GetParam();
  EngineStage stage;
  stage.host.times.ready_s = c.ready_s;
  const auto [games, incidents] = match(stage, stage.rogue(c.protocol, c.behaviour, c.options, c.argument));
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

constexpr const char* kSoonLate = "depth=1&answer=0.3";

INSTANTIATE_TEST_SUITE_P(
    Usi, RogueEngine,
    testing::Values(
        Case{"polite", EndReason::kResign, ""},
        Case{"hangs_at_isready", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=120", "", kShortS},
        Case{"ready_when_stopped", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=120", "", kShortS},
        Case{"hangs_at_position", EndReason::kTimeUp, "did not answer in time", kSoonLate},
        Case{"hangs_at_go", EndReason::kTimeUp, "did not answer in time", kSoonLate},
        Case{"hangs_at_stop", EndReason::kTimeUp, "did not answer in time", kSoonLate},
        Case{"hangs_at_quit", EndReason::kResign, ""}, Case{"ignores_sigterm", EndReason::kResign, ""},
        Case{"no_usi", EndReason::kIllegalMove, "no USI engine"},
        Case{"exits_at_once", EndReason::kIllegalMove, "exit code 7"},
        Case{"garbage", EndReason::kTimeUp, "did not answer in time", kSoonLate},
        Case{"floods", EndReason::kIllegalMove, "flooded"},
        Case{"endless_line", EndReason::kIllegalMove, "a line of more than"},
        Case{"trickles", EndReason::kTimeUp, "did not answer in time", kSoonLate},
        Case{"illegal_move", EndReason::kIllegalMove, ""}, Case{"other_side", EndReason::kIllegalMove, ""},
        Case{"cut_bestmove", EndReason::kIllegalMove, ""},
        Case{"ends_in_the_middle", EndReason::kIllegalMove, "the engine ended: exit code 0"},
        Case{"exits_after_moves", EndReason::kIllegalMove, "exit code 3", "depth=1&answer=120", "2"},
        Case{"crashes", EndReason::kIllegalMove, "signal 11"},
        Case{"closes_output", EndReason::kIllegalMove, "closed its output"},
        Case{"closes_input", EndReason::kIllegalMove, "closed its input"},
        Case{"leaves_child_on_pipe", EndReason::kIllegalMove, "exit code 0"}, Case{"escapes", EndReason::kResign, ""},
        Case{"escapes_and_dies", EndReason::kIllegalMove, "exit code 0"},
        Case{"many_processes", EndReason::kIllegalMove, "more than 64 processes"},
        Case{"fills_scratch", EndReason::kIllegalMove, "scratch directory"},
        Case{"eats_shared_memory", EndReason::kIllegalMove, "of memory", "depth=1&answer=120&memory=64"},
        Case{"bestmove_twice", EndReason::kIllegalMove, "without being asked"}),
    [](const auto& c) { return std::string(c.param.behaviour); });

Case xboard_case(Case c) {
  c.protocol = EngineProtocol::kXboard;
  return c;
}

INSTANTIATE_TEST_SUITE_P(
    Xboard, RogueEngine,
    testing::Values(
        xboard_case({"polite", EndReason::kResign, ""}), xboard_case({"resigns_to_ics", EndReason::kResign, ""}),
        xboard_case({"few_features", EndReason::kResign, ""}),
        xboard_case({"no_shogi", EndReason::kIllegalMove, "does not list the variant shogi"}),
        xboard_case({"no_xboard", EndReason::kIllegalMove, "does not know protover"}),
        xboard_case({"exits_at_once", EndReason::kIllegalMove, "exit code 7"}),
        xboard_case({"hangs_at_ping", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=120", "", kShortS}),
        xboard_case({"hangs_at_go", EndReason::kTimeUp, "did not answer in time", kSoonLate}),
        xboard_case({"hangs_although_asked", EndReason::kTimeUp, "did not answer in time", kSoonLate}),
        xboard_case({"claims_draw", EndReason::kTimeUp, "did not answer in time", kSoonLate}),
        xboard_case({"claims_win", EndReason::kResign, ""}), xboard_case({"claims_loss", EndReason::kResign, ""}),
        xboard_case({"illegal_move", EndReason::kIllegalMove, ""}),
        xboard_case({"no_move", EndReason::kIllegalMove, ""}), xboard_case({"other_side", EndReason::kIllegalMove, ""}),
        xboard_case({"moves_twice", EndReason::kIllegalMove, "without being asked"}),
        xboard_case({"moves_unasked", EndReason::kIllegalMove, "without being asked"}),
        xboard_case({"refuses_moves", EndReason::kResign, ""}),
        xboard_case({"refuses_all", EndReason::kIllegalMove, "refuses the position"}),
        xboard_case({"floods", EndReason::kIllegalMove, "flooded"}),
        xboard_case({"crashes", EndReason::kIllegalMove, "signal 11"}),
        xboard_case({"ends_in_the_middle", EndReason::kIllegalMove, "the engine ended: exit code 0"}),
        xboard_case({"gnu_polite", EndReason::kResign, ""}), xboard_case({"gnu_mated", EndReason::kResign, ""}),
        xboard_case({"gnu_refuses_moves", EndReason::kResign, ""}),
        xboard_case({"gnu_swallows_moves", EndReason::kResign, ""})),
    [](const auto& c) { return std::string(c.param.behaviour); });

EngineStage& short_handshake(EngineStage& stage) {
  stage.host.times.handshake_s = kShortS;
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

TEST(RogueEngineRules, FeaturesThatNeverEndMakeNoEngine) {
  for (const char* behaviour : {"never_done", "hangs_at_protover"}) {
    EngineStage stage;
    stage.host.times.handshake_s = kShortS;
    const auto checked = check_player(stage.xboard_rogue(behaviour), {}, stage.host);
    ASSERT_FALSE(checked) << behaviour;
    EXPECT_EQ(checked.error().code, Code::kUsage);
    EXPECT_THAT(checked.error().message, HasSubstr("no XBoard engine"));
    stage.expect_nothing_left();
  }
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
  for (const Case& c : {Case{"hangs_until_stop", EndReason::kTimeUp, "", "movetime=0.1&margin=0.1"},
                        xboard_case({"hangs_until_asked", EndReason::kTimeUp, "", "depth=1&answer=0.5"})}) {
    SCOPED_TRACE(c.behaviour);
    EngineStage stage;
    stage.host.times.stop_s = kLongS;
    const auto [games, incidents] = match(stage, stage.rogue(c.protocol, c.behaviour, c.options));
    ASSERT_EQ(games.size(), 2U);
    for (const GameRecord& game : games) {
      EXPECT_EQ(game.reason, c.reason);
      EXPECT_EQ(game.result(), GameResult::kWin);
    }
    EXPECT_TRUE(incidents.empty()) << incidents.front();
    stage.expect_nothing_left();
  }
}

TEST(RogueEngineRules, AfterThreeCrashesOrBreachesItIsExcluded) {
  for (const Case& c : {Case{"crashes", EndReason::kIllegalMove, "signal 11"},
                        xboard_case({"refuses_all", EndReason::kIllegalMove, "refuses the position"})}) {
    SCOPED_TRACE(c.behaviour);
    EngineStage stage;
    const auto [games, incidents] = match(stage, stage.rogue(c.protocol, c.behaviour), 8);
    ASSERT_EQ(games.size(), 8U);
    for (std::size_t i = 0; i < games.size(); ++i) {
      EXPECT_EQ(games[i].reason, i < 3 ? c.reason : EndReason::kPlayerFault) << i << games[i].fault;
      if (i < 3) continue;
      EXPECT_THAT(games[i].fault, HasSubstr("excluded after 3 crashes"));
      EXPECT_THAT(games[i].fault, HasSubstr(c.incident));
    }
    EXPECT_EQ(incidents.size(), 3U);
    stage.expect_nothing_left();
  }
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

TEST(RogueEngineRules, ClocksOptionsAndNewGamesAreSpelledAsTheProtocolSays) {
  EngineStage stage;
  const auto [games, incidents] = match(
      stage,
      stage.xboard_rogue("polite", "depth=1&time=600&inc=1&fresh=1&option.style=WILD&option.Level=9&option.Book=true"));
  ASSERT_EQ(games.size(), 2U);
  EXPECT_EQ(games[0].reason, EndReason::kIllegalMove);  // a fresh engine of this kind plays its first move again
  EXPECT_TRUE(incidents.empty()) << incidents.front();
  const auto clocked = match(stage, stage.xboard_rogue("polite", "depth=1&time=600&inc=1&option.Clear="));
  ASSERT_EQ(clocked.games.size(), 2U);
  EXPECT_EQ(clocked.games[0].reason, EndReason::kResign);
  ASSERT_GE(clocked.games[0].values.size(), 2U);
  EXPECT_GT(clocked.games[0].values[1], 0.05);  // the engine is White and thinks 120 hundredths of itself
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
  refused(*parse_player("xboard:no-such-engine"), "no-such-engine");
  refused(*parse_player("xboard:/bin/true"), "no XBoard engine");
  refused(stage.xboard_rogue("polite", "option.Styl=wild"), "did you mean \"Style\"");
  refused(stage.xboard_rogue("polite", "option.Level=10"), "from 1 to 9");
  refused(stage.xboard_rogue("polite", "option.Style=tame"), "wild");
  refused(stage.xboard_rogue("polite", "option.Book=1"), "true or false");
  refused(stage.xboard_rogue("gnu_polite", "option.Book=true"), "it lists none");
  const auto good = check_player(stage.rogue("polite", "option.depth=9&option.USI_Hash=64"), {}, stage.host);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->name, "Rogue polite");
  EXPECT_EQ(good->author, "nobody");
  for (const auto& [behaviour, options, name] :
       {std::tuple("polite", "option.style=calm", "Rogue polite"), std::tuple("gnu_polite", "", "GNU Shogi 1.4.2")}) {
    const auto checked = check_player(stage.xboard_rogue(behaviour, options), {}, stage.host);
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->name, name);
  }
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

}  // namespace
}  // namespace keisei::evaluation
