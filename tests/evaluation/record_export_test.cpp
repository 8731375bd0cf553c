#include "evaluation/record_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

TEST(RecordExport, WritesEveryGameInEveryFormat) {
  const Match match = match_of({"greedy", "random"}, 4, 2);
  auto games = games_played(match);
  games[3] = planned_game(match, 3);  // a game that was not played
  const TempFolder folder;
  const auto formats = parse_record_formats("kif,csa,ki2,usi,kif");
  ASSERT_TRUE(formats) << formats.error().message;
  EXPECT_EQ(formats->size(), 4U);
  const auto done = export_records(folder / "records", games, *formats);
  ASSERT_TRUE(done) << done.error().message;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "records")) {
    EXPECT_GT(entry.file_size(), 10U) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 16U);
  std::ifstream file(folder / "records" / "game-000000.usi");
  std::ostringstream text;
  text << file.rdbuf();
  for (const std::string& move : games[0].moves) EXPECT_THAT(text.str(), HasSubstr(move));
}

TEST(RecordExport, EveryEndHasAForm) {
  const Match match = match_of({"greedy", "random"}, 2, 2);
  for (int reason = 0; reason < kEndReasons; ++reason) {
    GameRecord record = planned_game(match, 0);
    record.reason = static_cast<EndReason>(reason);
    const auto text = game_text(record);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->end == shogi::RecordEnd::kUnfinished, is_fault(record.reason)) << to_string(record.reason);
  }
}

TEST(RecordExport, RefusesAFormatThatItDoesNotHave) {
  EXPECT_EQ(parse_record_formats("kif,pgn").error().code, Code::kUsage);
  EXPECT_TRUE(parse_record_formats("")->empty());
}

}  // namespace
}  // namespace keisei::evaluation
