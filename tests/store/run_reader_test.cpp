#include "store/run_reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "rows.h"
#include "scratch.h"

namespace keisei::store {
namespace {

TEST(RunReader, GivesWhatCameAfterARow) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  const Metric rows[] = {{1, 10, "a", 1.0}, {1, 11, "b", NAN}, {2, 12, "a", 2.0}, {2, 13, "a", 3.0}, {3, 14, "a", 4.0}};
  ASSERT_TRUE(database.add_metrics(rows));
  const auto reader = RunReader::open(scratch / "run.db");
  ASSERT_TRUE(reader) << reader.error().message;
  const auto first = reader->metrics_after(0, 2);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 2U);
  EXPECT_TRUE(std::isnan(first->back().metric.value));
  const auto rest = reader->metrics_after(first->back().id, 100);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->size(), 3U);
  EXPECT_TRUE(reader->metrics_after(rest->back().id, 100)->empty());
}

TEST(RunReader, AStretchOfAMetricGoesOnWhereItEnded) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  std::vector<Metric> rows;
  for (std::int64_t i = 0; i < 50; ++i) rows.push_back({i / 5, i, i % 2 == 0 ? "a" : "b", static_cast<double>(i)});
  ASSERT_TRUE(database.add_metrics(rows));
  const auto reader = RunReader::open(scratch / "run.db");
  ASSERT_TRUE(reader);
  std::vector<double> values;
  std::int64_t step = 1;
  std::int64_t id = INT64_MAX;
  for (;;) {
    const auto part = reader->metric_after("a", step, id, 7, 4);
    ASSERT_TRUE(part);
    for (const auto& row : *part) values.push_back(row.metric.value);
    if (part->size() < 4) break;
    step = part->back().metric.step;
    id = part->back().id;
  }
  std::vector<double> expected;
  for (const Metric& row : rows) {
    if (row.name == "a" && row.step >= 2 && row.step <= 7) expected.push_back(row.value);
  }
  EXPECT_EQ(values, expected);
}

TEST(RunReader, SeesCommitsOfOthersAndPagesGames) {
  const Scratch scratch;
  auto database = open_new(scratch / "run.db");
  const auto reader = RunReader::open(scratch / "run.db");
  ASSERT_TRUE(reader);
  const auto before = reader->data_version();
  ASSERT_TRUE(before);
  EXPECT_EQ(*reader->newest(), NewestIds{});
  const auto games = sample_games(4);
  ASSERT_TRUE(database.add_evaluation(sample_evaluation(8), games, {}, {}));
  ASSERT_TRUE(database.add_evaluation(sample_evaluation(9), games, {}, {}));
  EXPECT_NE(*reader->data_version(), *before);
  EXPECT_EQ(reader->newest()->games, 8);
  EXPECT_EQ(reader->newest()->evaluations, 2);
  GamePage page;
  page.limit = 3;
  const auto newest = reader->games(page);
  ASSERT_TRUE(newest);
  ASSERT_EQ(newest->size(), 3U);
  EXPECT_EQ(newest->front().id, 8);
  EXPECT_FALSE(newest->front().json.empty());
  page.before_id = newest->back().id;
  page.limit = 100;
  page.with_records = false;
  EXPECT_EQ(reader->games(page)->size(), 5U);
  EXPECT_TRUE(reader->games(page)->front().json.empty());
  page.evaluation_id = 1;
  EXPECT_EQ(reader->games(page)->size(), 4U);
  EXPECT_EQ(reader->game(8)->value().evaluation_id, 2);
  EXPECT_FALSE(reader->game(9)->has_value());
  EXPECT_NE(reader->evaluation_json(1)->find("keisei.evaluation/1"), std::string::npos);
  EXPECT_EQ(*reader->evaluation_json(9), "");
}

TEST(RunReader, AnotherProgramsFileIsRefused) {
  const Scratch scratch;
  EXPECT_FALSE(RunReader::open(scratch / "missing.db"));
  const std::string junk(4096, 'x');
  spill(scratch / "junk.db", std::as_bytes(std::span(junk)));
  EXPECT_FALSE(RunReader::open(scratch / "junk.db"));
}

}  // namespace
}  // namespace keisei::store
