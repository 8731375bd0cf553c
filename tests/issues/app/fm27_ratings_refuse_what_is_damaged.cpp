// Failure mode 27: a corrupt ratings file is silently replaced by an empty one. `keisei ratings` computes from the
// games of run databases and match journals: a damaged or foreign one is refused by name and left byte for byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/program.h"
#include "evaluation/match_fixture.h"
#include "evaluation/match_journal.h"
#include "store/run_database.h"

namespace keisei::app {
namespace {

using evaluation::TempFolder;
using testing::HasSubstr;

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {(std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>()};
}

void expect_refused(const std::filesystem::path& source, const std::filesystem::path& file) {
  const std::string before = slurp(file);
  const Ran ran = run_keisei({"ratings", source});
  EXPECT_EQ(ran.code, 3) << ran.out << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr(file.string()));
  EXPECT_EQ(slurp(file), before);
}

TEST(FailureMode27, RatingsRefuseADamagedDatabaseByName) {
  const TempFolder folder;
  const std::filesystem::path run = folder / "run";
  std::filesystem::create_directories(run);
  {
    auto database = store::RunDatabase::open(run / "run.db", store::RunDatabase::Mode::kWrite);
    ASSERT_TRUE(database);
    store::EvaluationRow evaluation;
    evaluation.games = evaluation.wins = 1;
    ASSERT_TRUE(database->add_evaluation(evaluation, {}, {}, {}));
  }
  std::string bytes = slurp(run / "run.db");
  for (std::size_t i = 4096; i < bytes.size(); i += 64) bytes[i] = static_cast<char>(~bytes[i]);
  std::ofstream(run / "run.db", std::ios::binary) << bytes;
  std::error_code ignored;
  std::filesystem::remove(run / "run.db-wal", ignored);
  std::filesystem::remove(run / "run.db-shm", ignored);
  expect_refused(run, run / "run.db");
}

TEST(FailureMode27, RatingsRefuseAForeignDatabaseByName) {
  const TempFolder folder;
  const std::filesystem::path run = folder / "run";
  std::filesystem::create_directories(run);
  std::ofstream(run / "run.db") << "these are no ratings of ours\n";
  expect_refused(run, run / "run.db");
}

TEST(FailureMode27, RatingsRefuseADamagedJournalByName) {
  const TempFolder folder;
  const std::filesystem::path directory = folder / "m";
  const evaluation::Match match = evaluation::match_of({"greedy", "random"}, 4);
  const auto games = evaluation::games_played(match);
  {
    auto journal = evaluation::MatchJournal::create(directory, match);
    ASSERT_TRUE(journal);
    for (const auto& game : games) ASSERT_TRUE(journal->append(game));
  }
  std::string text = slurp(directory / evaluation::kJournalFile);
  text[text.find("\"moves\"") + 1] = '?';
  std::ofstream(directory / evaluation::kJournalFile, std::ios::binary) << text;
  expect_refused(directory, directory / evaluation::kJournalFile);
  std::ofstream(directory / evaluation::kMatchFile) << "{\"schema\":\"something else\"}\n";
  expect_refused(directory, directory / evaluation::kMatchFile);
}

}  // namespace
}  // namespace keisei::app
