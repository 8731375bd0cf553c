// XBoard engines that misbehave in each way in which their protocol differs from USI: the match of two games ends, by
// the right reason, and nothing is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluation/engine_stage.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

struct XBoardCase {
  const char* behaviour;
  EndReason reason;      ///< of both games
  const char* incident;  ///< part of the first incident; "" = none
  const char* options = "depth=1&answer=120";
  double ready_s = kLongS;
};

std::ostream& operator<<(std::ostream& out, const XBoardCase& c) { return out << c.behaviour; }

class RogueXboard : public testing::TestWithParam<XBoardCase> {};

TEST_P(RogueXboard, LosesItsGamesAndLeavesNothing) {
  const XBoardCase& c = GetParam();
  EngineStage stage;
  stage.host.times.ready_s = c.ready_s;
  const auto [games, incidents] = match(stage, stage.xboard_rogue(c.behaviour, c.options));
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
    Behaviours, RogueXboard,
    testing::Values(XBoardCase{"polite", EndReason::kResign, ""}, XBoardCase{"resigns_to_ics", EndReason::kResign, ""},
                    XBoardCase{"few_features", EndReason::kResign, ""},
                    XBoardCase{"no_shogi", EndReason::kIllegalMove, "does not list the variant shogi"},
                    XBoardCase{"no_xboard", EndReason::kIllegalMove, "does not know protover"},
                    XBoardCase{"exits_at_once", EndReason::kIllegalMove, "exit code 7"},
                    XBoardCase{"hangs_at_ping", EndReason::kTimeUp, "did not answer in time", "depth=1&answer=120",
                               kShortS},
                    XBoardCase{"hangs_at_go", EndReason::kTimeUp, "did not answer in time", kSoonLate},
                    XBoardCase{"hangs_although_asked", EndReason::kTimeUp, "did not answer in time", kSoonLate},
                    XBoardCase{"claims_draw", EndReason::kTimeUp, "did not answer in time", kSoonLate},
                    XBoardCase{"claims_win", EndReason::kResign, ""}, XBoardCase{"claims_loss", EndReason::kResign, ""},
                    XBoardCase{"illegal_move", EndReason::kIllegalMove, ""},
                    XBoardCase{"no_move", EndReason::kIllegalMove, ""},
                    XBoardCase{"other_side", EndReason::kIllegalMove, ""},
                    XBoardCase{"moves_twice", EndReason::kIllegalMove, "without being asked"},
                    XBoardCase{"moves_unasked", EndReason::kIllegalMove, "without being asked"},
                    XBoardCase{"refuses_moves", EndReason::kResign, ""},
                    XBoardCase{"refuses_all", EndReason::kIllegalMove, "refuses the position"},
                    XBoardCase{"floods", EndReason::kIllegalMove, "flooded"},
                    XBoardCase{"crashes", EndReason::kIllegalMove, "signal 11"},
                    XBoardCase{"ends_in_the_middle", EndReason::kIllegalMove, "the engine ended: exit code 0"},
                    XBoardCase{"gnu_polite", EndReason::kResign, ""}, XBoardCase{"gnu_mated", EndReason::kResign, ""},
                    XBoardCase{"gnu_refuses_moves", EndReason::kResign, ""},
                    XBoardCase{"gnu_swallows_moves", EndReason::kResign, ""}),
    [](const auto& c) { return std::string(c.param.behaviour); });

TEST(RogueXboardRules, FeaturesThatNeverEndMakeNoEngine) {
  for (const char* behaviour : {"never_done", "hangs_at_protover"}) {
    EngineStage stage;
    stage.host.times.usi_s = kShortS;
    const auto checked = check_player(stage.xboard_rogue(behaviour), {}, stage.host);
    ASSERT_FALSE(checked) << behaviour;
    EXPECT_EQ(checked.error().code, Code::kUsage);
    EXPECT_THAT(checked.error().message, HasSubstr("no XBoard engine"));
    stage.expect_nothing_left();
  }
}

TEST(RogueXboardRules, LateButAliveLosesOnTimeAndPlaysOn) {
  EngineStage stage;
  stage.host.times.stop_s = kLongS;
  const auto [games, incidents] = match(stage, stage.xboard_rogue("hangs_until_asked", "depth=1&answer=0.5"));
  ASSERT_EQ(games.size(), 2U);
  for (const GameRecord& game : games) EXPECT_EQ(game.reason, EndReason::kTimeUp);
  EXPECT_TRUE(incidents.empty()) << incidents.front();
  stage.expect_nothing_left();
}

TEST(RogueXboardRules, AfterThreeBreachesItIsExcluded) {
  EngineStage stage;
  const auto [games, incidents] = match(stage, stage.xboard_rogue("refuses_all"), 8);
  ASSERT_EQ(games.size(), 8U);
  for (std::size_t i = 0; i < games.size(); ++i) {
    EXPECT_EQ(games[i].reason, i < 3 ? EndReason::kIllegalMove : EndReason::kPlayerFault) << i << games[i].fault;
  }
  EXPECT_EQ(incidents.size(), 3U);
  stage.expect_nothing_left();
}

TEST(RogueXboardRules, ClocksOptionsAndNewGamesAreSpelledAsTheProtocolSays) {
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

TEST(RogueXboardRules, FaultsOfTheCommandAreErrorsBeforeTheFirstGame) {
  EngineStage stage;
  const auto refused = [&](const PlayerSpec& spec, const char* part) {
    const auto checked = check_player(spec, {}, stage.host);
    ASSERT_FALSE(checked) << part;
    EXPECT_EQ(checked.error().code, Code::kUsage);
    EXPECT_THAT(checked.error().message + checked.error().hint, HasSubstr(part));
  };
  refused(*parse_player("xboard:no-such-engine"), "no-such-engine");
  refused(*parse_player("xboard:/bin/true"), "no XBoard engine");
  refused(stage.xboard_rogue("polite", "option.Styl=wild"), "did you mean \"Style\"");
  refused(stage.xboard_rogue("polite", "option.Level=10"), "from 1 to 9");
  refused(stage.xboard_rogue("polite", "option.Style=tame"), "wild");
  refused(stage.xboard_rogue("polite", "option.Book=1"), "true or false");
  refused(stage.xboard_rogue("gnu_polite", "option.Book=true"), "it lists none");
  const auto good = check_player(stage.xboard_rogue("polite", "option.style=calm"), {}, stage.host);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->name, "Rogue polite");
  const auto gnu = check_player(stage.xboard_rogue("gnu_polite"), {}, stage.host);
  ASSERT_TRUE(gnu) << gnu.error().message;
  EXPECT_EQ(gnu->name, "GNU Shogi 1.4.2");
  stage.expect_nothing_left();
}

}  // namespace
}  // namespace keisei::evaluation
