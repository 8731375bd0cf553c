// How XBoard engines are written as players, and lists of players in files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "evaluation/match.h"
#include "evaluation/player_spec.h"
#include "evaluation/players_file.h"

namespace keisei::evaluation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(XboardSpec, IsWrittenAsUsiIs) {
  const auto player = parse_player("xboard:\"/a b/gnushogi\" -T 16?name=GNU&depth=3&option.Style=wild");
  ASSERT_TRUE(player) << player.error().message;
  EXPECT_EQ(player->kind, PlayerKind::kEngine);
  EXPECT_EQ(player->engine->protocol, EngineProtocol::kXboard);
  EXPECT_THAT(player->engine->command, ElementsAre("/a b/gnushogi", "-T", "16"));
  EXPECT_EQ(player->engine->limits.depth, 3);
  EXPECT_EQ(to_string(*player), "xboard:\"/a b/gnushogi\" -T 16?name=GNU&depth=3&option.Style=wild");
  EXPECT_EQ(*parse_player(to_string(*player)), *player);
  EXPECT_FALSE(*parse_player("usi:e") == *parse_player("xboard:e"));
  EXPECT_THAT(engine_identity(*parse_player("xboard:e")->engine), HasSubstr("xboard:e#"));
}

TEST(XboardSpec, LimitsThatItHasNoWordsForAreRefused) {
  for (const char* text : {"xboard:e?nodes=100", "xboard:e?movetime=0.5", "xboard:e?byoyomi=1.5",
                           "xboard:e?time=60&byoyomi=1", "xboard:e?time=60&inc=0.1"}) {
    const auto player = parse_player(text);
    ASSERT_FALSE(player) << text;
    EXPECT_EQ(player.error().code, Code::kUsage);
    EXPECT_THAT(player.error().message, HasSubstr("XBoard protocol")) << text;
    EXPECT_FALSE(player.error().hint.empty());
  }
  for (const char* text : {"xboard:e", "xboard:e?depth=4", "xboard:e?movetime=2", "xboard:e?byoyomi=1&margin=0.25",
                           "xboard:e?time=60&inc=1&depth=9"}) {
    EXPECT_TRUE(parse_player(text)) << text;
  }
  std::vector<PlayerSpec> players{*parse_player("xboard:e")};
  EXPECT_FALSE(apply_time_control(players, "nodes=100"));
  EXPECT_EQ(*apply_time_control(players, "depth=3"), 1);
}

class PlayersFile : public testing::Test {
 protected:
  [[nodiscard]] Result<std::vector<std::string>> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_players(path_);
  }
  ~PlayersFile() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) / ("keisei_players_" + std::to_string(::getpid()));
};

TEST_F(PlayersFile, OnePlayerALineWithComments) {
  const auto players =
      read("\xEF\xBB\xBF# yardsticks\n\nrandom\r\n  greedy   # takes what it can\nusi:e#1?name=a b&depth=1\n");
  ASSERT_TRUE(players) << players.error().message;
  EXPECT_THAT(*players, ElementsAre("random", "greedy", "usi:e#1?name=a b&depth=1"));
}

TEST_F(PlayersFile, FaultsNameTheLine) {
  const auto wrong = read("random\n# greedy\ngreddy\n");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::kUsage);
  EXPECT_THAT(wrong.error().message, HasSubstr(path_.string() + ":3: unknown player \"greddy\""));
  EXPECT_THAT(read("# none\n").error().message, HasSubstr("has no player"));
  std::string many;
  for (std::size_t i = 0; i <= kMaxMatchPlayers; ++i) many += "random\n";
  EXPECT_THAT(read(many).error().message, HasSubstr(":65: more than 64 players"));
  EXPECT_EQ(read_players(path_.string() + ".missing").error().code, Code::kUsage);
}

TEST(Yardsticks, AreAllPlayers) {
  const auto players = read_players(YARDSTICKS);
  ASSERT_TRUE(players) << players.error().message;
  EXPECT_GE(players->size(), 10U);
  EXPECT_EQ(players->front(), "random");
}

}  // namespace
}  // namespace keisei::evaluation
