// What happens to a run database when files are damaged or lost, processes killed and disks full.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "store/child.h"
#include "store/rows.h"
#include "store/run_database.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;
using Mode = RunDatabase::Mode;

// Damage of every kind: the run goes on, the old file is kept byte for byte, the checkpoint index comes from the files.
TEST(RunDatabaseFaults, ADamagedOneIsMovedAsideAndTheIndexRebuilt) {
  const Scratch scratch;
  CheckpointStore checkpoints(scratch / "checkpoints", 5);
  for (const std::int64_t step : {100, 200, 300}) ASSERT_TRUE(checkpoints.save(step, sample_bytes(step)));
  const fs::path path = scratch / "run.db";
  {
    auto database = open_new(path);
    ASSERT_TRUE(database.set_meta({{"status", "running"}}));
    std::vector<Metric> metrics;
    for (int i = 0; i < 2000; ++i) metrics.push_back({i, i, "some/metric/of/length", 0.5});
    ASSERT_TRUE(database.add_metrics(metrics));
    ASSERT_TRUE(database.add_evaluation(sample_evaluation(1), sample_games(4), {}, {}));
  }
  const auto good = slurp(path);
  Random random(24, Purpose::kTest);
  int moved = 0;
  int sound = 0;
  for (int i = 0; i < 40; ++i) {
    for (const std::string& name : names_in(scratch.root())) {
      if (name.starts_with("run.db")) fs::remove(scratch / name);
    }
    auto bytes = good;
    if (i % 2 == 0) {
      bytes.resize(1 + random.below(static_cast<std::uint32_t>(good.size() - 1)));
    } else {
      for (int k = 0; k < 64; ++k) bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] ^= std::byte{0x55};
    }
    spill(path, bytes);
    auto recovered = open_or_rebuild(path, checkpoints);
    ASSERT_TRUE(recovered) << i << ": " << recovered.error().message;
    ASSERT_EQ(recovered->database.checkpoints().value().size(), 3U) << i;
    ASSERT_TRUE(recovered->database.set_meta({{"status", "running"}}));
    if (fs::exists(path.string() + ".corrupt")) {
      ++moved;
      ASSERT_EQ(slurp(path.string() + ".corrupt"), bytes) << i;
      EXPECT_FALSE(recovered->notes.empty());
      EXPECT_TRUE(recovered->database.evaluations().value().empty());
    } else {
      ++sound;  // damage in unused bytes or within values
      EXPECT_TRUE(recovered->database.check_integrity()) << i;
    }
  }
  EXPECT_GE(moved, 20) << "sound: " << sound;
}

TEST(RunDatabaseFaults, ALostOneIsStartedAnewAndTheIndexFollowsTheFiles) {
  const Scratch scratch;
  CheckpointStore checkpoints(scratch / "checkpoints", 5);
  for (const std::int64_t step : {100, 200}) ASSERT_TRUE(checkpoints.save(step, sample_bytes(step)));
  {
    auto recovered = open_or_rebuild(scratch / "run.db", checkpoints);
    ASSERT_TRUE(recovered);
    EXPECT_EQ(recovered->notes.size(), 1U);
    EXPECT_EQ(recovered->database.checkpoints().value().at(1).sha256,
              sha256(slurp(scratch / "checkpoints" / checkpoint_name(200))));
  }
  EXPECT_TRUE(open_or_rebuild(scratch / "run.db", checkpoints)->notes.empty());
  fs::remove(scratch / "checkpoints" / checkpoint_name(100));
  ASSERT_TRUE(checkpoints.save(300, sample_bytes(300)));
  const auto recovered = open_or_rebuild(scratch / "run.db", checkpoints);
  const auto rows = recovered->database.checkpoints().value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].step, 200);
  EXPECT_EQ(rows[1].step, 300);
}

// A lost log (the -wal file) costs the rows in it, never the run.
TEST(RunDatabaseFaults, ALostLogDoesNotStopTheRun) {
  const Scratch scratch;
  const fs::path path = scratch / "run.db";
  const int code = in_child([&] {
    auto database = open_new(path);
    for (int i = 0; i < 50; ++i) {
      if (!database.add_metrics(std::vector<Metric>{{i, i, "x", 1.0}})) return 1;
    }
    ::_exit(0);  // dies with its log unmerged
  });
  ASSERT_EQ(code, 0);
  ASSERT_TRUE(fs::exists(path.string() + "-wal"));
  fs::remove(path.string() + "-wal");
  auto recovered = open_or_rebuild(path, CheckpointStore(scratch / "checkpoints", 3));
  ASSERT_TRUE(recovered) << recovered.error().message;
  EXPECT_TRUE(recovered->database.set_meta({{"status", "running"}}));
  EXPECT_TRUE(recovered->database.check_integrity());
}

TEST(RunDatabaseFaults, AcknowledgedRowsSurviveSuddenDeath) {
  const Scratch scratch;
  const fs::path path = scratch / "run.db";
  { open_new(path); }
  Random random(28, Purpose::kTest);
  long long acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    Reporter writer([&](auto report) {
      auto database = open_new(path);
      for (long long i = acknowledged + 1;; ++i) {
        const bool ok = i % 7 == 0
                            ? database.add_evaluation(sample_evaluation(i), sample_games(4), {}, {}).has_value()
                            : database.add_metrics(std::vector<Metric>{{i, i, "x", 1.0}, {i, i, "y", 2.0}}).has_value();
        if (!ok) ::_exit(1);
        report(i);
      }
    });
    const auto wanted = static_cast<int>(random.below(30)) + 1;
    for (int i = 0; i < wanted; ++i) {
      const long long number = writer.next();
      ASSERT_GE(number, 0);
      acknowledged = number;
    }
    acknowledged = writer.kill(acknowledged);

    auto database = RunDatabase::open(path, Mode::kWrite);
    ASSERT_TRUE(database) << database.error().message;
    ASSERT_TRUE(database->check_integrity());
    const auto x = database->metrics("x").value();
    const auto evaluations = database->evaluations().value();
    long long newest = x.empty() ? 0 : x.back().step;
    if (!evaluations.empty()) newest = std::max<long long>(newest, evaluations.back().step);
    ASSERT_GE(newest, acknowledged);
    ASSERT_LE(newest, acknowledged + 1);
    EXPECT_EQ(x.size(), database->metrics("y").value().size()) << "half a transaction";
    EXPECT_EQ(database->games().value().size(), evaluations.size() * 4) << "half an evaluation";
    EXPECT_EQ(x.size() + evaluations.size(), static_cast<std::size_t>(newest));
    acknowledged = newest;
  }
}

TEST(RunDatabaseFaults, AFullDiskIsAnErrorThatLosesNothing) {
  const Scratch scratch;
  const fs::path path = scratch / "run.db";
  { ASSERT_TRUE(open_new(path).add_metrics(std::vector<Metric>{{1, 1, "x", 1.0}})); }
  const int code = in_child([&] {
    auto database = open_new(path);
    limit_file_size(200'000);
    std::vector<Metric> many(20'000, Metric{2, 2, "x", 1.0});
    const auto refused = database.add_metrics(many);
    if (refused || refused.error().code != Code::kFailure) return 1;
    return database.metrics("x").value().size() == 1 ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
  auto database = open_new(path);
  EXPECT_EQ(database.metrics("x").value().size(), 1U);
  EXPECT_TRUE(database.add_metrics(std::vector<Metric>{{3, 3, "x", 1.0}}));
}

}  // namespace
}  // namespace keisei::store
