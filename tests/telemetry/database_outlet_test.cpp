#include "telemetry/database_outlet.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;

class DatabaseOutletTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("database_outlet_" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    auto opened = store::RunDatabase::open(directory_ / "run.db", store::RunDatabase::Mode::kWrite);
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::make_shared<store::RunDatabase>(std::move(*opened));
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(directory_);
  }
  [[nodiscard]] std::vector<store::Metric> stored(const std::string& name) const {
    auto rows = database_->metrics(name);
    EXPECT_TRUE(rows);
    return rows ? *rows : std::vector<store::Metric>{};
  }

  fs::path directory_;
  std::shared_ptr<store::RunDatabase> database_;
};

Event update(std::int64_t step, double loss) {
  return {.kind = "update", .step = step, .utc_ms = 5000 + step, .metrics = {{"ppo/value_loss", loss}}, .texts = {}};
}

TEST_F(DatabaseOutletTest, MetricsBecomeRowsWhenFlushed) {
  DatabaseOutlet outlet(database_);
  outlet.write(update(10, 0.5));
  outlet.write(update(20, kUnknown));
  EXPECT_TRUE(stored("ppo/value_loss").empty()) << "waits for its batch";
  outlet.flush();
  const auto rows = stored("ppo/value_loss");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].step, 10);
  EXPECT_EQ(rows[0].time_ms, 5010);
  EXPECT_DOUBLE_EQ(rows[0].value, 0.5);
  EXPECT_TRUE(std::isnan(rows[1].value)) << "unknown, never 0";
  outlet.flush();
  EXPECT_EQ(stored("ppo/value_loss").size(), 2U) << "no row twice";
}

TEST_F(DatabaseOutletTest, OtherEventsAreKeptWhole) {
  DatabaseOutlet outlet(database_);
  outlet.write(update(1, 0.1));
  outlet.write(warning(2, "disk almost full"));
  outlet.flush();
  const auto events = database_->events();
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1U);
  EXPECT_EQ((*events)[0].kind, "warning");
  EXPECT_EQ(nlohmann::json::parse((*events)[0].json)["texts"]["text"], "disk almost full");
}

TEST_F(DatabaseOutletTest, AFullBatchGoesByItself) {
  DatabaseOutlet outlet(database_);
  for (std::size_t i = 0; i < kMaxBatchRows; ++i) outlet.write(update(static_cast<std::int64_t>(i), 1.0));
  EXPECT_EQ(stored("ppo/value_loss").size(), kMaxBatchRows);
}

TEST_F(DatabaseOutletTest, DestructionCommits) {
  { DatabaseOutlet(database_).write(update(1, 0.25)); }
  EXPECT_EQ(stored("ppo/value_loss").size(), 1U);
}

TEST_F(DatabaseOutletTest, ARefusingDatabaseIsReportedAndPendingRowsAreBounded) {
  auto read_only = store::RunDatabase::open(directory_ / "run.db", store::RunDatabase::Mode::kRead);
  ASSERT_TRUE(read_only) << read_only.error().message;
  DatabaseOutlet outlet(std::make_shared<store::RunDatabase>(std::move(*read_only)));
  outlet.write(update(1, 0.5));
  EXPECT_THROW(outlet.flush(), std::runtime_error);
  int faults = 0;
  for (std::size_t i = 0; i < kMaxPendingRows; ++i) {
    try {
      outlet.write(update(static_cast<std::int64_t>(i), 1.0));
    } catch (const std::runtime_error&) {
      ++faults;
    }
  }
  EXPECT_EQ(outlet.rows_lost(), 1U);
  EXPECT_LE(faults, 4) << "a refusing database is not asked for every event";
  EXPECT_GE(faults, 1);
}

}  // namespace
}  // namespace keisei::telemetry
