// 1: periodic checkpoints were never written. 2: periodic evaluation never ran. 3: the async flag turned it off.
#include <gtest/gtest.h>

#include "session/trainer.h"
#include "store/checkpoint.h"
#include "store/run_database.h"

namespace keisei::session {
namespace {

TEST(FailureMode01, EveryIntervalLeavesACheckpointNamedByItsStep) {  // cases.md J01
  const Directory d;
  train(d, with(training(d, "r", 5, 1), {"--override", "evaluation.enable_periodic_evaluation=false"}));
  const auto files = store::CheckpointStore(d.path() / "runs/r/checkpoints", 100).list();
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ((*files)[i].step, static_cast<std::int64_t>(i + 1) * 256);
}

void expect_three_evaluations(const std::vector<std::string>& flags) {
  const Directory d;
  // So small a training needs a large share for its evaluations: the three are due within seconds. Short bursts spread
  // the games of each over many updates.
  const std::vector<std::string> share = {
      "--override", "evaluation.duty_percent=45", "--override", "evaluation.training_impact_limit_percent=90",
      "--override", "evaluation.burst_ms=5",      "--override", "evaluation.num_games=16"};
  const auto summary = train(d, with(with(training(d, "r", 30, 10), share), flags));
  ASSERT_EQ(summary.at("evaluations").size(), 3U);
  auto database = store::RunDatabase::open(d.path() / "runs/r/run.db", store::RunDatabase::Mode::kRead);
  ASSERT_TRUE(database);
  std::vector<std::int64_t> steps;
  const auto rows = *database->evaluations();
  for (const auto& row : rows) {
    steps.push_back(row.step);
    EXPECT_EQ(row.games, 16);
    EXPECT_EQ(row.faults, 0);
  }
  EXPECT_EQ(steps, (std::vector<std::int64_t>{2560, 5120, 7680}));
  EXPECT_EQ(database->metrics("evaluation/win_rate")->size(), 3U);
  const std::string log = read_all(d.path() / "runs/r/log.jsonl");
  std::istringstream lines(log);
  int evaluations = 0;
  int updates_between = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    if (event.at("event") == "evaluation") ++evaluations;
    if (event.at("event") == "update" && event.at("metrics").value("evaluation/running", 0.0) > 0) ++updates_between;
  }
  EXPECT_EQ(evaluations, 3);
  EXPECT_GT(updates_between, 0) << "training went on while an evaluation ran";
}

TEST(FailureMode02, PeriodicEvaluationRunsInsideTheTraining) { expect_three_evaluations({}); }
TEST(FailureMode03, AsyncFlagKeepsItRunning) { expect_three_evaluations({"--enable-async-evaluation"}); }

}  // namespace
}  // namespace keisei::session
