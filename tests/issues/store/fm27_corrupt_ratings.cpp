// Failure mode 27: a corrupt ratings file is silently replaced by an empty one. Here ratings live in the run database:
// a damaged one is refused by readers, kept byte for byte by a resume, and the resume says so.
#include <gtest/gtest.h>

#include "store/run_database.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

TEST(FailureMode27, CorruptRatingsAreNeverOverwritten) {
  const Scratch scratch;
  const auto path = scratch / "run.db";
  const CheckpointStore no_checkpoints(scratch / "checkpoints", 3);
  {
    auto database = RunDatabase::open(path, RunDatabase::Mode::kWrite);
    ASSERT_TRUE(database);
    EvaluationRow evaluation;
    evaluation.games = evaluation.wins = 1;
    const std::vector<RatingRow> ratings = {{0, "weights-1", "agent", "p", 1, 1500.0, 1400.0, 1600.0}};
    ASSERT_TRUE(database->add_evaluation(evaluation, {}, ratings, {}));
  }
  auto bytes = slurp(path);
  for (std::size_t i = 4096; i < bytes.size(); i += 64) bytes[i] ^= std::byte{0xFF};
  spill(path, bytes);

  EXPECT_FALSE(RunDatabase::open(path, RunDatabase::Mode::kWrite));
  EXPECT_EQ(slurp(path), bytes);

  for (int times = 0; times < 2; ++times) {  // a second damage does not push out the first
    {
      auto recovered = open_or_rebuild(path, no_checkpoints);
      ASSERT_TRUE(recovered) << recovered.error().message;
      ASSERT_FALSE(recovered->notes.empty());
      EXPECT_NE(recovered->notes[0].find("run.db.corrupt"), std::string::npos);
      EXPECT_TRUE(recovered->database.ratings()->empty());
      EXPECT_EQ(slurp(path.string() + (times == 0 ? ".corrupt" : ".corrupt.1")), bytes);
    }
    spill(path, bytes);
    std::error_code ignored;
    std::filesystem::remove(path.string() + "-wal", ignored);
    std::filesystem::remove(path.string() + "-shm", ignored);
  }
}

}  // namespace
}  // namespace keisei::store
