#include "evaluation/match_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}
void spill(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

class MatchJournalTest : public testing::Test {
 protected:
  const Match match = match_of({"greedy", "random"}, 4, 11);
  const std::vector<GameRecord> games = games_played(match);
  const TempFolder folder;
  const std::filesystem::path directory = folder / "m";
  const std::filesystem::path file = directory / kJournalFile;

  void write(std::size_t count) {
    auto journal = MatchJournal::create(directory, match);
    ASSERT_TRUE(journal) << journal.error().message;
    for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(journal->append(games[i]));
  }
};

TEST_F(MatchJournalTest, GivesBackWhatWasAppended) {
  write(3);
  const auto opened = MatchJournal::resume(directory, match);
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_EQ(opened->games.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(opened->games[i], games[i]);
  EXPECT_FALSE(opened->torn);
  EXPECT_EQ(encode(*read_match(directory)), encode(match));
}

TEST_F(MatchJournalTest, ATornLastLineIsCutOffAtEveryPlace) {
  write(2);
  const std::string whole = slurp(file);
  const std::size_t first = whole.find('\n') + 1;
  for (std::size_t cut = first; cut < whole.size(); cut += 37) {
    spill(file, whole.substr(0, cut));
    {
      auto opened = MatchJournal::resume(directory, match);
      ASSERT_TRUE(opened) << cut << ": " << opened.error().message;
      EXPECT_EQ(opened->games.size(), 1U) << cut;
      EXPECT_EQ(opened->torn, cut > first) << cut;
      ASSERT_TRUE(opened->journal.append(games[1]));
    }
    EXPECT_EQ(slurp(file), whole) << cut;
  }
}

TEST_F(MatchJournalTest, ZerosAfterAPowerCutAreATornLine) {
  write(1);
  spill(file, slurp(file) + std::string(100, '\0'));
  const auto opened = MatchJournal::resume(directory, match);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(opened->torn);
  EXPECT_EQ(opened->games.size(), 1U);
}

TEST_F(MatchJournalTest, AnythingElseIsRefusedByLineAndLeftAsItIs) {
  write(3);
  const std::string whole = slurp(file);
  GameRecord foreign = games[3];
  foreign.protocol = "0123456789abcdef";
  GameRecord illegal = games[3];
  illegal.moves.front() = "1a1b";
  std::string damaged = whole;
  damaged[damaged.find("\"moves\"") + 2] = 'x';
  for (const auto& [text, line] :
       std::vector<std::pair<std::string, std::string>>{{whole + encode(foreign) + "\n", ":4: "},
                                                        {whole + encode(illegal) + "\n", ":4: "},
                                                        {whole + encode(games[0]) + "\n", ":4: "},  // there twice
                                                        {whole + "\n", ":4: "},
                                                        {damaged, ":1: "}}) {
    spill(file, text);
    const auto opened = MatchJournal::resume(directory, match);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kBadData);
    EXPECT_THAT(opened.error().message, HasSubstr(line));
    EXPECT_EQ(slurp(file), text);
  }
}

TEST_F(MatchJournalTest, AMatchThatLiesThereIsNotBegunAgain) {
  write(2);
  const std::string before = slurp(file);
  const auto again = MatchJournal::create(directory, match);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kUsage);
  EXPECT_THAT(again.error().hint, HasSubstr("--resume"));
  EXPECT_EQ(slurp(file), before);
}

TEST_F(MatchJournalTest, TwoProcessesNeverWriteOne) {
  write(1);
  const auto first = MatchJournal::resume(directory, match);
  ASSERT_TRUE(first);
  const auto second = MatchJournal::resume(directory, match);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("in use"));
}

TEST_F(MatchJournalTest, ADirectoryWithoutAMatchIsSaidToBeOne) {
  EXPECT_EQ(MatchJournal::resume(folder / "none", match).error().code, Code::kUsage);
  EXPECT_EQ(read_match(folder / "none").error().code, Code::kUsage);
}

TEST_F(MatchJournalTest, AKillBetweenSettingsAndJournalIsNoLoss) {
  write(0);
  std::filesystem::remove(file);
  const auto opened = MatchJournal::resume(directory, match);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(opened->games.empty());
}

TEST_F(MatchJournalTest, AnotherNumberOfGamesIsKept) {
  write(2);
  Match longer = match;
  longer.games = 8;
  ASSERT_TRUE(MatchJournal::resume(directory, longer));
  EXPECT_EQ(read_match(directory)->games, 8);
}

TEST_F(MatchJournalTest, ReportsReadWithoutWriting) {
  write(2);
  const std::string torn = slurp(file) + "{\"schema";
  spill(file, torn);
  const auto stored = read_stored_match(directory);
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->games.size(), 2U);
  EXPECT_TRUE(stored->torn);
  EXPECT_EQ(slurp(file), torn);
}

}  // namespace
}  // namespace keisei::evaluation
