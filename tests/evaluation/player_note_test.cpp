#include "evaluation/player_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluation/engine_stage.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;
using Kind = PlayerNote::Kind;

TEST(PlayerNote, CrossesAProcessBoundaryUnchanged) {
  for (const Kind kind : {Kind::kName, Kind::kCage, Kind::kIncident, Kind::kExcluded}) {
    const PlayerNote note{.kind = kind, .player = "usi:e?depth=1", .text = "the \"engine\" ended\n"};
    const std::string line = encode(note);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_TRUE(is_note(line));
    const auto back = decode_note(line);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, note);
  }
  EXPECT_FALSE(is_note(encode(record_of(0, shogi::Color::kBlack, GameResult::kWin))));
}

TEST(PlayerNote, IsReadStrictlyAndBounded) {
  for (const char* wrong : {"", "{}", R"({"schema":"keisei.player_note/2","kind":"cage","player":"a","text":"b"})",
                            R"({"schema":"keisei.player_note/1","kind":"news","player":"a","text":"b"})",
                            R"({"schema":"keisei.player_note/1","kind":"cage","player":"a"})",
                            R"({"schema":"keisei.player_note/1","kind":"cage","player":"a","text":"b","more":1})",
                            R"({"schema":"keisei.player_note/1","kind":"cage","player":1,"text":"b"})"})
    EXPECT_FALSE(decode_note(wrong)) << wrong;
  const auto cut = decode_note(encode(PlayerNote{.player = "p", .text = std::string(1U << 20, 'x')}));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->text.size(), kMaxNoteBytes);
  const auto broken = decode_note(encode(PlayerNote{.player = "p", .text = std::string(kMaxNoteBytes, '\xFF')}));
  EXPECT_TRUE(broken) << broken.error().message;
}

TEST(PlayerNote, EqualOnesAreCountedAndManyAreDropped) {
  std::vector<PlayerNote> notes;
  for (int i = 0; i < 3; ++i) add_note(notes, {.player = "p", .text = "died"});
  add_note(notes, {.kind = Kind::kCage, .player = "p", .text = "died"});
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].times, 3);
  EXPECT_EQ(sentence_of(notes[0]), "p: died (3 times)");
  EXPECT_EQ(sentence_of(notes[1]), "p: died");
  for (int i = 0; i < 1000; ++i) add_note(notes, {.player = "p", .text = std::to_string(i)});
  EXPECT_EQ(notes.size(), kMaxNotes);
}

TEST(PlayerNote, AnEngineThatCrashesIsTold) {
  EngineStage stage;
  std::vector<PlayerNote> notes;
  stage.host.on_note = [&](const PlayerNote& note) { add_note(notes, note); };
  const PlayerSpec spec = stage.rogue("crashes");
  (void)match(stage, spec, 6);
  std::erase_if(notes, [](const PlayerNote& note) { return note.kind == Kind::kCage; });  // as the kernel is
  ASSERT_EQ(notes.size(), 2U) << testing::PrintToString(notes.size());
  EXPECT_EQ(notes[0].kind, Kind::kIncident);
  EXPECT_EQ(notes[0].times, 3);
  EXPECT_EQ(notes[0].player, to_string(spec));
  EXPECT_THAT(notes[0].text, HasSubstr("signal 11"));
  EXPECT_EQ(notes[1].kind, Kind::kExcluded);
  EXPECT_THAT(notes[1].text, HasSubstr("after 3 crashes"));
  stage.expect_nothing_left();
}

TEST(PlayerNote, ACheckTellsWhatAnEngineCallsItself) {
  EngineStage stage;
  std::vector<PlayerNote> notes;
  stage.host.on_note = [&](const PlayerNote& note) { add_note(notes, note); };
  const PlayerSpec spec = stage.rogue("polite");
  const auto checked = check_player(spec, {}, stage.host);
  ASSERT_TRUE(checked);
  const PlayerNote name{.kind = Kind::kName, .player = to_string(spec), .text = "Rogue polite"};
  EXPECT_THAT(notes, testing::Contains(name));
  std::size_t cage = 0;
  for (const PlayerNote& note : notes) cage += note.kind == Kind::kCage ? 1 : 0;
  EXPECT_EQ(cage, checked->notes.size());
  stage.expect_nothing_left();
}

}  // namespace
}  // namespace keisei::evaluation
