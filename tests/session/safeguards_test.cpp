// Evaluation beside a real training: switched by signal, by share of runs and by its own violations; paid for from the
// ledger; the same weights whatever becomes of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "session/trainer.h"

namespace keisei::session {
namespace {

using nlohmann::json;

std::vector<json> events(const Directory& d, const std::string& run, const std::string& kind) {
  std::vector<json> found;
  std::istringstream lines(read_all(d.path() / "runs" / run / "log.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    auto event = json::parse(line, nullptr, false);
    if (event.is_object() && event.value("event", "") == kind) found.push_back(std::move(event));
  }
  return found;
}

bool has_state(const std::vector<json>& all, const std::string& state, const std::string& reason) {
  return std::ranges::any_of(all, [&](const json& e) {
    return e.at("texts").value("state", "") == state && e.at("texts").value("reason", "") == reason;
  });
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// A training of many updates that is not over before it is told to stop.
std::vector<std::string> long_training(const Directory& d, const std::string& run) {
  return training(d, run, 100000, 50);
}

TEST(Reload, SwitchesEvaluationOffAndOnAgainWhileTrainingGoesOn) {
  const Directory d;
  Process process(d, long_training(d, "r"));
  const auto config = d.path() / "runs/r/config.yaml";
  ASSERT_TRUE(eventually(60, [&] { return events(d, "r", "update").size() >= 2; })) << process.err();
  EXPECT_TRUE(eventually(60, [&] { return !process.children().empty(); })) << "a worker: " << process.err();
  write(config, "evaluation:\n  enable_periodic_evaluation: false\n");
  process.signal(SIGHUP);
  ASSERT_TRUE(eventually(60, [&] { return has_state(events(d, "r", "evaluation.switch"), "off", "reload"); }))
      << process.err();
  const std::size_t before = events(d, "r", "update").size();
  write(config, "evaluation:\n  enable_periodic_evaluation: true\n  num_games: 4\n");
  process.signal(SIGHUP);
  ASSERT_TRUE(eventually(60, [&] {
    const auto all = events(d, "r", "evaluation.switch");
    return !all.empty() && all.back().at("texts").at("state") == "on";
  }));
  EXPECT_TRUE(eventually(60, [&] { return events(d, "r", "update").size() > before; }));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.err();
}

TEST(Worker, IsReplacedBeforeTheNextEvaluationIsDue) {
  const Directory d;
  constexpr int kInterval = 120;  // updates; an evaluation takes far less
  auto args = training(d, "r", 100000, kInterval);
  args.insert(args.end(), {"--override", "evaluation.process_restart_threshold=1"});
  Process process(d, args);
  ASSERT_TRUE(eventually(60, [&] { return !process.children().empty(); })) << process.err();
  const auto first = process.children();
  ASSERT_TRUE(eventually(120, [&] { return !events(d, "r", "evaluation").empty(); })) << process.err();
  ASSERT_TRUE(eventually(60, [&] {
    const auto now = process.children();
    return !now.empty() && now != first;
  })) << process.err();
  EXPECT_LT(events(d, "r", "update").size(), 2U * kInterval) << "while no evaluation waited";
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.err();
}

TEST(Reload, FaultyFileIsToldAndChangesNothing) {
  const Directory d;
  Process process(d, long_training(d, "r"));
  ASSERT_TRUE(eventually(60, [&] { return events(d, "r", "update").size() >= 2; })) << process.err();
  write(d.path() / "runs/r/config.yaml", "evaluation:\n  num_games: -3\n  nonsense: 1\n");
  process.signal(SIGHUP);
  ASSERT_TRUE(eventually(60, [&] {
    return std::ranges::any_of(events(d, "r", "warning"),
                               [](const json& e) { return e.dump().find("num_games") != std::string::npos; });
  }));
  const std::size_t before = events(d, "r", "update").size();
  EXPECT_TRUE(eventually(60, [&] { return events(d, "r", "update").size() > before; })) << "training went on";
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.err();
}

TEST(Rollout, NoShareOfRunsMeansNoWorkerAndTheSameWeights) {
  const Directory d;
  const auto with_evaluation = train(d, training(d, "with", 4, 2));
  const auto without = train(d, with(training(d, "without", 4, 2), {"--override", "evaluation.rollout_fraction=0"}));
  EXPECT_TRUE(without.at("evaluations").empty());
  EXPECT_FALSE(with_evaluation.at("evaluations").empty());
  EXPECT_EQ(without.at("weights_sha256"), with_evaluation.at("weights_sha256"));
  EXPECT_TRUE(has_state(events(d, "without", "evaluation.switch"), "off", "configuration"));
}

TEST(Rollback, RepeatedViolationsSwitchEvaluationOffWhileTrainingGoesOn) {
  const Directory d;  // a latency that nothing can meet
  Process process(d, with(long_training(d, "r"), {"--override", "evaluation.latency_limit_ms=0.001", "--override",
                                                  "evaluation.rollback_after_violations=2"}));
  ASSERT_TRUE(eventually(240, [&] { return !events(d, "r", "evaluation.rollback").empty(); })) << process.err();
  const auto rolled_back = events(d, "r", "evaluation.rollback");
  EXPECT_EQ(rolled_back[0].at("texts").at("reason"), "latency");
  EXPECT_EQ(events(d, "r", "evaluation").size(), 2U);
  const std::size_t before = events(d, "r", "update").size();
  EXPECT_TRUE(eventually(60, [&] { return events(d, "r", "update").size() > before + 60; })) << "training went on";
  EXPECT_EQ(events(d, "r", "evaluation").size(), 2U) << "no evaluation is due any more";
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.err();
}

TEST(Ledger, HoldsOnEveryIntervalOfTheLog) {
  const Directory d;
  Process process(d, with(long_training(d, "r"), {"--override", "evaluation.num_games=16"}));
  ASSERT_TRUE(eventually(240, [&] { return !events(d, "r", "evaluation").empty(); })) << process.err();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.err();
  struct Point {
    double at_s, paused_s, bank_s, duty;
  };
  std::vector<Point> points;
  for (const json& event : events(d, "r", "update")) {
    const json& m = event.at("metrics");
    points.push_back({m.at("time/elapsed_s"), m.at("evaluation/paused_s"), m.at("governor/bank_s"),
                      0.01 * m.at("governor/duty_percent").get<double>()});
    EXPECT_LE(m.at("governor/ledger_excess_s").get<double>(), 0);
  }
  ASSERT_GT(points.size(), 10U);
  EXPECT_GT(points.back().paused_s, 0) << "evaluation got something";
  for (std::size_t i = 0; i < points.size(); ++i) {
    double duty = 0, bank_s = 0;
    for (std::size_t j = i; j < points.size(); ++j) {
      duty = std::max(duty, points[j].duty);
      bank_s = std::max(bank_s, points[j].bank_s);
      EXPECT_LE(points[j].paused_s - points[i].paused_s,
                duty * (points[j].at_s - points[i].at_s) + bank_s + 0.05)  // what the last pause overslept
          << i << " to " << j;
    }
  }
  EXPECT_LE(process.json().at("training_impact").at("ledger_excess_s").get<double>(), 0);
}

TEST(Pool, EarlierWeightsOfTheRunBecomeOpponentsAndSurviveARestart) {  // cases.md G21
  const Directory d;
  const std::vector<std::string> pool = {"--override", "evaluation.opponent_source=pool"};
  EXPECT_EQ(train(d, with(training(d, "r", 2, 2), pool)).at("evaluations")[0].at("opponent"), "random");
  EXPECT_TRUE(std::filesystem::exists(d.path() / "runs/r/pool/pool.json"));
  const auto resumed = train(d, with(with(training(d, "r", 4, 4), pool), {"--resume"}));
  const std::string opponent = resumed.at("evaluations")[0].at("opponent");
  EXPECT_NE(opponent.find("pool/step-000000000512"), std::string::npos) << opponent;
}

class PeriodicStrategy : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(PeriodicStrategy, PlaysBesideTheTraining) {
  const Directory d;
  auto args = training(d, "r", 2, 2);
  for (const std::string& setting : GetParam()) {
    args.push_back("--override");
    args.push_back("evaluation." + setting);
  }
  const auto summary = train(d, args);
  ASSERT_EQ(summary.at("evaluations").size(), 1U);
  const json& evaluation = summary.at("evaluations")[0];
  EXPECT_EQ(evaluation.at("end"), "done");
  EXPECT_GT(evaluation.at("games").get<int>(), 0);
  EXPECT_EQ(evaluation.at("faults"), 0);
}

std::string suite_path() {
  static const std::string path = testing::TempDir() + "keisei-session-suite.jsonl";
  return path;
}

INSTANTIATE_TEST_SUITE_P(
    AllFive, PeriodicStrategy,
    testing::Values(std::vector<std::string>{"strategy=single_opponent"},
                    std::vector<std::string>{"strategy=tournament", "opponents=random; greedy", "num_games=4"},
                    std::vector<std::string>{"strategy=ladder", "opponents=random; greedy; material:1",
                                             "num_opponents_per_evaluation=2"},
                    std::vector<std::string>{"strategy=benchmark", "suite_path=" + suite_path()},
                    std::vector<std::string>{"strategy=custom", "opponents=random; greedy",
                                             "custom_plan=single_elimination"}),
    [](const auto& p) { return p.param.front().substr(p.param.front().find('=') + 1); });

/// The suite file of the benchmark lives as long as the tests do.
class Suite : public testing::Environment {
 public:
  void SetUp() override {
    write(suite_path(), R"({"kind":"game","id":"g1","sfen":"startpos","opponent":"random","games":2,"pass_score":0.5})"
                        "\n");
  }
  void TearDown() override { std::filesystem::remove(suite_path()); }
};
[[maybe_unused]] const auto* const g_suite = testing::AddGlobalTestEnvironment(new Suite);

}  // namespace
}  // namespace keisei::session
