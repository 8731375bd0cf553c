#include "evaluation/player_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

TEST(PlayerSpec, ReadsEveryPlayerOfThisBuild) {
  EXPECT_EQ(parse_player("random")->kind, PlayerKind::kRandom);
  EXPECT_EQ(parse_player("greedy")->kind, PlayerKind::kGreedy);
  EXPECT_EQ(parse_player("live")->kind, PlayerKind::kLive);
  const auto checkpoint = parse_player("checkpoint:runs/a b/latest?simulations=16&temperature=0.5");
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->kind, PlayerKind::kCheckpoint);
  EXPECT_EQ(checkpoint->path, "runs/a b/latest");
  EXPECT_EQ(checkpoint->simulations, 16);
  EXPECT_EQ(checkpoint->temperature, 0.5);
}

TEST(PlayerSpec, UnderstandsTheOldSpellings) {
  EXPECT_EQ(*parse_player("heuristic"), *parse_player("greedy"));
  EXPECT_EQ(*parse_player("ppo", "runs/x.ckpt"), *parse_player("checkpoint:runs/x.ckpt"));
  EXPECT_EQ(*parse_player("random", ""), *parse_player("random"));
  EXPECT_EQ(parse_player("ppo", "").error().code, Code::kUsage);
  EXPECT_THAT(parse_player("ppo").error().message, HasSubstr("checkpoint"));
  EXPECT_EQ(parse_player("random", "runs/x.ckpt").error().code, Code::kUsage);
}

TEST(PlayerSpec, CanonicalTextReadsBackEqual) {
  for (const char* text : {"random", "greedy", "live", "live?simulations=4", "live?temperature=0.1", "checkpoint:a",
                           "checkpoint:a?temperature=1.25", "checkpoint:what?.bin?", "material:8", "usi:e?depth=1",
                           "checkpoint:what?.bin?simulations=0&temperature=0", "material:1?epsilon=0.5"}) {
    const auto spec = parse_player(text);
    ASSERT_TRUE(spec) << text;
    EXPECT_EQ(to_string(*spec), text);
    EXPECT_EQ(*parse_player(to_string(*spec)), *spec);
  }
}

TEST(PlayerSpec, RefusesBadArguments) {
  for (const char* text : {"random:1",
                           "greedy:",
                           "checkpoint:",
                           "checkpoint",
                           "checkpoint:?simulations=1",
                           "checkpoint:a?simulations=-1",
                           "checkpoint:a?simulations=1.5",
                           "checkpoint:a?temperature=nan",
                           "checkpoint:a?temperature=-0.1",
                           "checkpoint:a?simulations=1&simulations=1",
                           "checkpoint:a?temprature=1",
                           "live?x=1",
                           "live:x",
                           "material",
                           "material:0",
                           "material:x",
                           "material:17",
                           "material:1?epsilon=2",
                           "material:1?epsilon=-0.1",
                           "material:1?epsilon=nan",
                           "material:1?epsilon=",
                           "material:1?depth=2",
                           "material:1?",
                           "usi:",
                           "usi:e?depth=0",
                           "",
                           ":",
                           "checkpoint:a\nb"}) {
    const auto spec = parse_player(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_EQ(spec.error().code, Code::kUsage) << text;
    EXPECT_FALSE(spec.error().message.empty());
    EXPECT_FALSE(spec.error().hint.empty());
  }
  EXPECT_FALSE(parse_player(std::string(kMaxPlayerTextBytes + 1, 'a')));
  for (const char* text :
       {"checkpoint:\xFF", "checkpoint:\xC0\xAF", "checkpoint:\xED\xA0\x80", "checkpoint:\xE3\x81"}) {
    EXPECT_FALSE(parse_player(text));
  }
  EXPECT_TRUE(parse_player("checkpoint:将棋/最新"));
}

TEST(PlayerSpec, ReadsDepthsAndEngines) {
  EXPECT_EQ(parse_player("material:3")->kind, PlayerKind::kMaterial);
  EXPECT_EQ(parse_player("material:3")->material.depth, 3);
  const auto engine = parse_player("usi:/usr/games/engine --fast?depth=2&name=E");
  ASSERT_TRUE(engine);
  EXPECT_EQ(engine->kind, PlayerKind::kEngine);
  EXPECT_EQ(engine->engine->command, (std::vector<std::string>{"/usr/games/engine", "--fast"}));
  EXPECT_FALSE(parse_player("random")->engine);
}

}  // namespace
}  // namespace keisei::evaluation
