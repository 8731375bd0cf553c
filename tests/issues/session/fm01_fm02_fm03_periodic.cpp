// 1: periodic checkpoints were never written. 2: periodic evaluation never ran. 3: the async flag turned it off.
#include <gtest/gtest.h>

#include "session/trainer.h"
#include "store/checkpoint.h"
#include "store/run_database.h"

namespace keisei::session {
namespace {

constexpr const char* kEvaluation = "\"event\":\"evaluation\"";

TEST(FailureMode01, EveryIntervalLeavesACheckpointNamedByItsStep) {  // cases.md J01
  const Directory d;
  train(d, with(training(d, "r", 5, 1), {"--override", "evaluation.enable_periodic_evaluation=false"}));
  const auto files = store::CheckpointStore(d.path() / "runs/r/checkpoints", 100).list();
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ((*files)[i].step, static_cast<std::int64_t>(i + 1) * 256);
}

/// Trains until three evaluations have ended, whatever time the machine gives them.
void expect_three_evaluations(const std::vector<std::string>& flags) {
  const Directory d;
  Process process(d, with(training(d, "r", 100000, 10), flags));
  const auto evaluations = [&] {
    const std::string log = read_all(d.path() / "runs/r/log.jsonl");
    std::size_t count = 0;
    for (std::size_t at = log.find(kEvaluation); at != std::string::npos; at = log.find(kEvaluation, at + 1)) ++count;
    return count;
  };
  ASSERT_TRUE(eventually(240, [&] { return evaluations() >= 3; })) << process.err();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.err();
  auto database = store::RunDatabase::open(d.path() / "runs/r/run.db", store::RunDatabase::Mode::kRead);
  ASSERT_TRUE(database);
  const auto rows = *database->evaluations();
  ASSERT_GE(rows.size(), 3U);
  std::int64_t last = 0;
  for (const auto& row : rows) {
    EXPECT_EQ(row.step % 2560, 0);
    EXPECT_GT(row.step, last);
    last = row.step;
    EXPECT_EQ(row.games, 2);
    EXPECT_EQ(row.faults, 0);
  }
  EXPECT_EQ(database->metrics("evaluation/win_rate")->size(), rows.size());
  std::istringstream lines(read_all(d.path() / "runs/r/log.jsonl"));
  int updates_between = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    if (event.at("event") == "update" && event.at("metrics").value("evaluation/running", 0.0) > 0) ++updates_between;
  }
  EXPECT_GT(updates_between, 0) << "training went on while an evaluation ran";
}

TEST(FailureMode02, PeriodicEvaluationRunsInsideTheTraining) { expect_three_evaluations({}); }
TEST(FailureMode03, AsyncFlagKeepsItRunning) { expect_three_evaluations({"--enable-async-evaluation"}); }

}  // namespace
}  // namespace keisei::session
