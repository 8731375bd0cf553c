#include "evaluation/engine_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "evaluation/player_spec.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

TEST(EngineSpec, ReadsCommandAndOptions) {
  const auto player = parse_player(
      "usi:\"/opt/my engines/suisho\" --quiet \"a?b\"?depth=1&option.Skill Level=3&option.UCI_Variant=shogi&instances=2"
      "&name=FSF-d1&memory=512&fresh=1&strict=1&dir=/opt/data&answer=7.5");
  ASSERT_TRUE(player) << player.error().message;
  ASSERT_EQ(player->kind, PlayerKind::kEngine);
  const EngineSpec& spec = *player->engine;
  EXPECT_EQ(spec.command, (std::vector<std::string>{"/opt/my engines/suisho", "--quiet", "a?b"}));
  EXPECT_EQ(spec.limits.depth, 1);
  EXPECT_EQ(spec.options,
            (std::vector<std::pair<std::string, std::string>>{{"Skill Level", "3"}, {"UCI_Variant", "shogi"}}));
  EXPECT_EQ(spec.instances, 2);
  EXPECT_EQ(display_name(spec), "FSF-d1");
  EXPECT_EQ(spec.memory_mb, 512);
  EXPECT_TRUE(spec.fresh);
  EXPECT_TRUE(spec.strict);
  EXPECT_EQ(spec.directory, "/opt/data");
  EXPECT_EQ(spec.answer_s, 7.5);
  EXPECT_EQ(display_name(*parse_engine("/usr/games/gpsusi")), "gpsusi");
}

TEST(EngineSpec, CanonicalTextReadsBackEqual) {
  for (const char* text :
       {"fairy-stockfish", "fairy-stockfish?depth=1", "\"a b\" c?nodes=100&byoyomi=1.5",
        "e?name=x&instances=3&dir=/a b&memory=100&strict=1&fresh=1&answer=0.25&time=60&inc=1&margin=0&option.A=1",
        "\"say \\\"x\\\" \\\\ ?\" \"\"?option.A%3DB=1%262%25",
        "e?option.Empty=", "e?dir=/a&read=/b c/d&read=/e%26f&depth=1"}) {
    const auto spec = parse_engine(text);
    ASSERT_TRUE(spec) << text << ": " << spec.error().message;
    EXPECT_EQ(to_string(*spec), text);
    const auto player = parse_player("usi:" + std::string(text));
    ASSERT_TRUE(player);
    EXPECT_EQ(*parse_player(to_string(*player)), *player);
  }
}

TEST(EngineSpec, AnySpecSurvivesItsText) {
  Random random(11, Purpose::kTest);
  const std::string letters = " a?\"\\&=%'.b/";
  const auto word = [&] {
    std::string text;
    for (std::uint32_t i = random.below(6); i < 6; ++i) text += letters[random.below(12)];
    return text;
  };
  for (int run = 0; run < 3000; ++run) {
    EngineSpec spec;
    spec.command = {"e" + word()};
    for (std::uint32_t i = random.below(3); i < 3; ++i) spec.command.push_back(word());
    spec.options = {{word() + "1", word()}, {word() + "22", word()}};
    spec.name = random.below(2) == 0 ? word() : "";
    spec.limits.nodes = random.below(3);
    const auto back = parse_engine(to_string(spec));
    ASSERT_TRUE(back) << to_string(spec) << ": " << back.error().message;
    EXPECT_EQ(*back, spec);
  }
}

TEST(EngineSpec, RefusesBadText) {
  for (const char* text : {"",
                           " ",
                           "?depth=1",
                           "\"\"",
                           "\"open",
                           "\"bad \\n\"",
                           "e?depth",
                           "e?depth=0",
                           "e?x=1",
                           "e?depth=1&depth=2",
                           "e?instances=0",
                           "e?instances=65",
                           "e?memory=1",
                           "e?strict=yes",
                           "e?answer=0",
                           "e?answer=inf",
                           "e?name=",
                           "e?option.=1",
                           "e?byoyomi=1&inc=1&time=1",
                           "e?movetime=1&time=1",
                           "e?name=%0Aquit",
                           "e?option.A=%",
                           "e?option.A=%4",
                           "e?option.A=%zz",
                           "e?dir=",
                           "e?read=",
                           "e?read=book",
                           "e?read=/",
                           "e?read=/a/..",
                           "e?read=../a"}) {
    const auto spec = parse_engine(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_EQ(spec.error().code, Code::kUsage);
    EXPECT_FALSE(spec.error().hint.empty()) << text;
    EXPECT_FALSE(parse_player("usi:" + std::string(text))) << text;
  }
  EXPECT_THAT(parse_engine("e?instance=2").error().hint, HasSubstr("instances"));
}

TEST(EngineSpec, AnUnlimitedEngineGetsByoyomi) {
  EXPECT_EQ(effective_limits(*parse_engine("e")).byoyomi_ms, kDefaultByoyomiMs);
  EXPECT_EQ(effective_limits(*parse_engine("e?depth=1")).byoyomi_ms, 0);
}

TEST(EngineSpec, IdentityTellsSettingsApart) {
  const auto identity = [](const char* text) { return engine_identity(*parse_engine(text)); };
  EXPECT_EQ(identity("/a/e?depth=1"), identity("/a/e?depth=1"));
  EXPECT_NE(identity("/a/e?depth=1"), identity("/a/e?depth=2"));
  EXPECT_TRUE(identity("/a/e?depth=1").starts_with("usi:e#"));
  EXPECT_NE(identity("/a/e?depth=1"), identity("/b/e?depth=1"));
  EXPECT_NE(identity("/a/e?option.Hash=1"), identity("/a/e?option.Hash=2"));
  EXPECT_EQ(identity("/a/e"), identity("/a/e?byoyomi=1")) << "the limit that is taken where none is given";
  EXPECT_EQ(identity("/a/e?depth=1"), identity("/a/e?depth=1&instances=4&strict=1&read=/book")) << "no other play";
}

TEST(EngineSpec, IdentityHasWhatTheEngineSaysItIs) {
  const EngineSpec spec = *parse_engine("/a/e?depth=1");
  EXPECT_TRUE(engine_identity(spec, "Engine 14.0").starts_with("usi:Engine 14.0#"));
  EXPECT_NE(engine_identity(spec, "Engine 14.0"), engine_identity(spec, "Engine 15.0"));
  EXPECT_NE(engine_identity(spec, "Engine 14.0"), engine_identity(*parse_engine("/a/e?depth=2"), "Engine 14.0"));
  const EngineSpec named = *parse_engine("/a/e?depth=1&name=mine");
  EXPECT_TRUE(engine_identity(named, "Engine 14.0").starts_with("usi:mine#"));
  EXPECT_LE(engine_identity(spec, std::string(1000, 'x')).size(), 100U);
}

TEST(EngineSpec, ProgramsAreFoundOrNamed) {
  EXPECT_EQ(*find_program("/bin/sh", ""), "/bin/sh");
  EXPECT_THAT(*find_program("sh", "/nowhere:/bin"), HasSubstr("/sh"));
  for (const char* word : {"no-such-engine", "/no/such/engine", "/etc/passwd", "/usr"}) {
    const auto found = find_program(word, "/bin:/usr/bin");
    ASSERT_FALSE(found) << word;
    EXPECT_EQ(found.error().code, Code::kUsage);
    EXPECT_THAT(found.error().message, HasSubstr(word));
  }
}

}  // namespace
}  // namespace keisei::evaluation
