#include "store/run_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "store/child.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;
using Mode = RunDatabase::Mode;

int raw_execute(const fs::path& path, const std::string& sql) {
  sqlite3* db = nullptr;
  int result = sqlite3_open(path.c_str(), &db);
  if (result == SQLITE_OK) result = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(db);
  return result;
}

TEST(RunDatabase, KeepsMetricsAndTheUnknown) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  const double unknown = std::nan("");
  ASSERT_TRUE(database.add_metrics(std::vector<Metric>{{10, 1, "ppo/entropy", 2.5}, {10, 1, "system/gpu", unknown}}));
  ASSERT_TRUE(database.add_metrics(std::vector<Metric>{{20, 2, "ppo/entropy", 2.25}, {30, 3, "ppo/entropy", -1e300}}));
  ASSERT_TRUE(database.add_metrics({}));
  EXPECT_EQ(database.metric_names().value(), (std::vector<std::string>{"ppo/entropy", "system/gpu"}));
  const auto entropy = database.metrics("ppo/entropy").value();
  ASSERT_EQ(entropy.size(), 3U);
  EXPECT_EQ(entropy[2].value, -1e300);
  EXPECT_EQ(entropy[2].step, 30);
  EXPECT_EQ(entropy[2].time_ms, 3);
  EXPECT_EQ(database.metrics("ppo/entropy", 20).value().size(), 2U);
  EXPECT_EQ(database.metrics("ppo/entropy", 0, 1).value().size(), 1U);
  EXPECT_TRUE(std::isnan(database.metrics("system/gpu").value().at(0).value));
  EXPECT_TRUE(database.metrics("no such").value().empty());
  const auto latest = database.latest_metrics().value();
  ASSERT_EQ(latest.size(), 2U);
  EXPECT_EQ(latest[0].step, 30);
  // Stored as NULL, not as a number that means "unknown".
  EXPECT_EQ(raw_execute(scratch / "run.db",
                        "SELECT CASE WHEN (SELECT count(*) FROM metrics WHERE value IS NULL) = 1 THEN 1 "
                        "ELSE abs(-9223372036854775807 - 1) END"),
            SQLITE_OK);
}

TEST(RunDatabase, StoresAnEvaluationWithAllThatBelongsToIt) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  const auto games = sample_games(4);
  const std::vector<RatingRow> ratings = {{0, std::string(64, 'a'), "agent", "p1", 4, 320.5, 100.0, std::nullopt},
                                          {0, "random", "random", "p1", 4, 0.0, 0.0, 0.0}};
  const std::vector<SlaRow> sla = {{0, "latency", "met", 12.5, 5000.0, "monotonic clock", 5},
                                   {0, "gpu_utilisation", "unknown", std::nullopt, 80.0, "no NVML", 5}};
  const auto id = database.add_evaluation(sample_evaluation(300), games, ratings, sla);
  ASSERT_TRUE(id) << id.error().message;
  const auto second = database.add_evaluation(sample_evaluation(600), {}, {}, {});
  ASSERT_TRUE(second);
  EXPECT_GT(*second, *id);

  const auto rows = database.evaluations().value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id, *id);
  EXPECT_EQ(rows[0].opponent, "random");
  EXPECT_EQ(rows[0].wins, 3);
  EXPECT_EQ(rows[0].score, 0.875);
  EXPECT_EQ(rows[0].elo, std::nullopt);
  EXPECT_EQ(rows[0].opponent_id, "");
  EXPECT_EQ(rows[0].json, sample_evaluation(1).json);
  const auto stored = database.games(*id).value();
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored[3].winner, "none");
  EXPECT_EQ(stored[3].seconds, std::nullopt);
  EXPECT_EQ(stored[3].evaluation_id, *id);
  EXPECT_TRUE(database.games(*second).value().empty());
  EXPECT_EQ(database.games().value().size(), 4U);
  EXPECT_EQ(database.ratings(*id).value().at(0).elo, 320.5);
  EXPECT_EQ(database.ratings().value().at(0).elo_high, std::nullopt);
  const auto verdicts = database.sla(*id).value();
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[1].verdict, "unknown");
  EXPECT_EQ(verdicts[1].value, std::nullopt);
  EXPECT_TRUE(database.sla(*second).value().empty());
}

// All or nothing: the last of many rows breaks a rule, and nothing of the evaluation is there.
TEST(RunDatabase, ARefusedRowTakesItsWholeEvaluationBack) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  const std::vector<SlaRow> good = {{0, "latency", "met", 1.0, 2.0, "x", 5}};
  std::vector<SlaRow> invented = good;
  invented.push_back({0, "memory", "probably", 1.0, 2.0, "x", 5});
  EXPECT_FALSE(database.add_evaluation(sample_evaluation(1), sample_games(4), {}, invented));
  auto twice = sample_games(2);
  twice[1].number = 0;
  EXPECT_FALSE(database.add_evaluation(sample_evaluation(1), twice, {}, good));
  auto no_json = sample_games(1);
  no_json[0].json = "{";
  EXPECT_FALSE(database.add_evaluation(sample_evaluation(1), no_json, {}, good));
  EXPECT_TRUE(database.evaluations().value().empty());
  EXPECT_TRUE(database.games().value().empty());
  EXPECT_TRUE(database.sla().value().empty());
  EXPECT_TRUE(database.add_evaluation(sample_evaluation(1), sample_games(4), {}, good)) << "still usable";
}

TEST(RunDatabase, WhatWasMeasuredCannotBeRewritten) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  ASSERT_TRUE(database.add_evaluation(sample_evaluation(1), sample_games(1), {},
                                      std::vector<SlaRow>{{0, "latency", "violated", 9.0, 5.0, "x", 5}}));
  EXPECT_NE(raw_execute(scratch / "run.db", "UPDATE sla_ledger SET verdict = 'met'"), SQLITE_OK);
  EXPECT_NE(raw_execute(scratch / "run.db", "DELETE FROM games"), SQLITE_OK);
  EXPECT_NE(raw_execute(scratch / "run.db", "UPDATE evaluations SET wins = 4"), SQLITE_OK);
  EXPECT_EQ(database.sla().value().at(0).verdict, "violated");
}

TEST(RunDatabase, KeepsMetaEventsAndCheckpoints) {
  const Scratch scratch;
  {
    auto database = open_new(scratch / "run.db");
    ASSERT_TRUE(database.set_meta({{"status", "running"}, {"started", "5"}}));
    ASSERT_TRUE(database.set_meta({{"status", "finished"}}));
    ASSERT_TRUE(
        database.add_events(std::vector<EventRow>{{0, 7, 1, "warning", "{\"text\":\"x\"}"}, {0, 8, 2, "note", ""}}));
    ASSERT_TRUE(database.add_checkpoint({300, checkpoint_name(300), "ab", 1000, 9}));
    ASSERT_TRUE(database.add_checkpoint({100, checkpoint_name(100), "cd", 1000, 8}));
    ASSERT_TRUE(database.add_checkpoint({300, checkpoint_name(300), "ef", 1001, 10}));
    EXPECT_FALSE(database.add_events(std::vector<EventRow>{{0, 7, 1, "warning", "no json"}}));
  }
  auto database = RunDatabase::open(scratch / "run.db", Mode::kRead);
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_EQ(database->meta("status").value(), "finished");
  EXPECT_EQ(database->meta("started").value(), "5");
  EXPECT_EQ(database->meta("pid").value(), std::nullopt);
  EXPECT_EQ(database->events("warning").value().size(), 1U);
  EXPECT_EQ(database->events().value().at(1).json, "");
  const auto checkpoints = database->checkpoints().value();
  ASSERT_EQ(checkpoints.size(), 2U);
  EXPECT_EQ(checkpoints[0].step, 100);
  EXPECT_EQ(checkpoints[1].sha256, "ef");
  EXPECT_FALSE(database->set_meta({{"status", "changed"}})) << "a reader does not write";
}

TEST(RunDatabase, ReadersSeeALiveRunAndLeaveItAlone) {
  const Scratch scratch;
  auto writer = open_new(scratch / "run.db");
  auto reader = RunDatabase::open(scratch / "run.db", Mode::kRead);
  ASSERT_TRUE(reader) << reader.error().message;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(writer.add_metrics(std::vector<Metric>{{i, i, "x", 1.0}}));
    EXPECT_EQ(reader->metrics("x").value().size(), static_cast<std::size_t>(i) + 1);
  }
}

TEST(RunDatabase, ThreadsMayShareOneConnection) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          EXPECT_TRUE(database.add_metrics(std::vector<Metric>{{i, 0, "m" + std::to_string(t), 1.0}}));
          if (i % 10 == 0) {
            EXPECT_TRUE(database.add_evaluation(sample_evaluation(i), sample_games(2), {}, {}));
          }
        }
      });
    }
  }
  for (int t = 0; t < 4; ++t) EXPECT_EQ(database.metrics("m" + std::to_string(t)).value().size(), 50U);
  EXPECT_EQ(database.games().value().size(), 4U * 5U * 2U);
  EXPECT_TRUE(database.check_integrity());
}

TEST(RunDatabase, AReadOnlyArchiveCanBeRead) {
  const Scratch scratch;
  fs::create_directory(scratch / "archive");
  { ASSERT_TRUE(open_new(scratch / "archive/run.db").set_meta({{"status", "finished"}})); }
  fs::permissions(scratch.root(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(scratch / "archive",
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  const int code = in_child([&] {
    if (!become_nobody()) return 77;
    const auto database = RunDatabase::open(scratch / "archive/run.db", Mode::kRead);
    return database && database->meta("status").value() == "finished" ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  fs::permissions(scratch / "archive", fs::perms::owner_all);
}

TEST(RunDatabase, ANewerSchemaIsRefusedByNameAndLeftAsItIs) {
  const Scratch scratch;
  const fs::path path = scratch / "run.db";
  { ASSERT_TRUE(open_new(path).set_meta({{"status", "finished"}})); }
  ASSERT_EQ(raw_execute(path, "PRAGMA user_version = 7; PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
  const auto before = slurp(path);
  for (const Mode mode : {Mode::kRead, Mode::kWrite}) {
    const auto database = RunDatabase::open(path, mode);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code, Code::kBadData);
    EXPECT_NE(database.error().message.find(path.string() + " has schema version 7, newer than this program's"),
              std::string::npos)
        << database.error().message;
  }
  EXPECT_FALSE(open_or_rebuild(path, CheckpointStore(scratch / "checkpoints", 3)));
  EXPECT_EQ(slurp(path), before);
  EXPECT_FALSE(fs::exists(path.string() + ".corrupt"));
}

TEST(RunDatabase, AnOlderSchemaIsBroughtForwardInOneTransaction) {
  const Scratch scratch;
  constexpr std::array<std::string_view, 3> kSteps = {"CREATE TABLE a(x INTEGER) STRICT; INSERT INTO a VALUES(1)",
                                                      "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5",
                                                      "CREATE TABLE b(x INTEGER) STRICT"};
  constexpr std::array<std::string_view, 3> kBroken = {kSteps[0], kSteps[1], "CREATE TABLE b(x NONSENSE) STRICT"};
  auto db = Sqlite::open(scratch / "x.db", SqliteMode::kWrite);
  ASSERT_TRUE(db);
  ASSERT_TRUE(migrate(*db, std::span(kSteps).first(1)));
  EXPECT_EQ(schema_version(*db).value(), 1);
  EXPECT_FALSE(migrate(*db, kBroken));
  EXPECT_EQ(schema_version(*db).value(), 1) << "the second step was taken back with the third";
  EXPECT_FALSE(db->value("SELECT y FROM a"));
  ASSERT_TRUE(migrate(*db, kSteps));
  EXPECT_EQ(schema_version(*db).value(), 3);
  EXPECT_EQ(db->value("SELECT x + y FROM a").value(), "6");
  ASSERT_TRUE(migrate(*db, kSteps)) << "nothing left to do";
  EXPECT_FALSE(migrate(*db, std::span(kSteps).first(2)));
}

TEST(RunDatabase, OtherFilesAreRefusedAndLeftAlone) {
  const Scratch scratch;
  ASSERT_EQ(raw_execute(scratch / "foreign.db", "CREATE TABLE photos(x); INSERT INTO photos VALUES(1)"), SQLITE_OK);
  const auto before = slurp(scratch / "foreign.db");
  const auto foreign = RunDatabase::open(scratch / "foreign.db", Mode::kWrite);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, Code::kBadData);
  EXPECT_EQ(slurp(scratch / "foreign.db"), before);
  const std::string text(5000, 'x');
  spill(scratch / "text.db", std::as_bytes(std::span(text)));
  EXPECT_EQ(RunDatabase::open(scratch / "text.db", Mode::kWrite).error().code, Code::kBadData);
  EXPECT_EQ(RunDatabase::open(scratch / "text.db", Mode::kRead).error().code, Code::kBadData);
  const auto missing = RunDatabase::open(scratch / "missing.db", Mode::kRead);
  EXPECT_EQ(missing.error().code, Code::kFailure);
  EXPECT_FALSE(fs::exists(scratch / "missing.db"));
  EXPECT_EQ(RunDatabase::open(scratch / "no/such/run.db", Mode::kWrite).error().code, Code::kFailure);
  EXPECT_TRUE(RunDatabase::open(scratch / "a %41?b#c.db", Mode::kWrite));
  EXPECT_TRUE(fs::exists(scratch / "a %41?b#c.db"));
}

}  // namespace
}  // namespace keisei::store
