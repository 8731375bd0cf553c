#include <gtest/gtest.h>

#include "session/trainer.h"
#include "store/run_database.h"

namespace keisei::session {
namespace {

TEST(Train, LeavesARunThatIsWhole) {
  const Directory d;
  const auto summary = train(d, training(d, "whole", 4));
  EXPECT_EQ(summary.at("schema"), "keisei.train/1");
  EXPECT_EQ(summary.at("timesteps"), 1024);
  EXPECT_EQ(summary.at("updates"), 4);
  EXPECT_GT(summary.at("steps_per_s"), 0);
  EXPECT_EQ(summary.at("weights_sha256").get<std::string>().size(), 64U);
  EXPECT_EQ(summary.at("evaluations").size(), 2U);
  EXPECT_EQ(summary.at("sla").size(), 7U);
  const auto run = d.path() / "runs" / "whole";
  for (const char* name : {"run.db", "config.yaml", "checkpoints", "games", "log.jsonl"})
    EXPECT_TRUE(std::filesystem::exists(run / name)) << name;
  Process verify(d, {"checkpoint", "verify", summary.at("checkpoint").get<std::string>(), "--json"});
  EXPECT_EQ(verify.wait(), 0) << verify.out() << verify.err();
  auto database = store::RunDatabase::open(run / "run.db", store::RunDatabase::Mode::kRead);
  ASSERT_TRUE(database);
  EXPECT_EQ(database->evaluations()->size(), 2U);
  EXPECT_EQ(database->games()->size(), 4U);
  EXPECT_EQ(database->sla()->size(), 14U);
  EXPECT_EQ(database->metrics("ppo/entropy")->size(), 4U);
  const auto entropies = *database->metrics("ppo/entropy");
  for (const auto& metric : entropies) EXPECT_GT(metric.value, 0);
  EXPECT_EQ(database->meta("status")->value(), "finished");
  EXPECT_EQ(database->meta("weights_sha256")->value(), summary.at("weights_sha256"));
}

TEST(Train, JsonBeginsWithItsSchema) {
  const Directory d;
  Process process(d,
                  with(training(d, "schema", 1, 100), {"--override", "evaluation.enable_periodic_evaluation=false"}));
  EXPECT_EQ(process.wait(), 0) << process.err();
  EXPECT_TRUE(process.out().starts_with(R"({"schema":"keisei.train/1")")) << process.out();
}

TEST(Train, SameSeedGivesTheSameWeightsAndAnotherSeedOthers) {
  const Directory d;
  const auto first = train(d, training(d, "a", 3)).at("weights_sha256");
  EXPECT_EQ(first, train(d, training(d, "b", 3)).at("weights_sha256"));
  EXPECT_NE(first, train(d, with(training(d, "c", 3), {"--seed", "6"})).at("weights_sha256"));
}

TEST(Train, ThreadsDoNotChangeTheResult) {
  const Directory d;
  EXPECT_EQ(train(d, with(training(d, "one", 3), {"--override", "training.threads=1"})).at("weights_sha256"),
            train(d, with(training(d, "two", 3), {"--override", "training.threads=2"})).at("weights_sha256"));
}

TEST(Train, EvaluationNeverChangesTheWeights) {
  const Directory d;
  constexpr int kUpdates = 8;
  const auto off =
      train(d, with(training(d, "off", kUpdates), {"--override", "evaluation.enable_periodic_evaluation=false"}));
  EXPECT_EQ(off.at("evaluations").size(), 0U);
  const auto on = train(d, training(d, "on", kUpdates, 1));
  EXPECT_GE(on.at("evaluations").size(), 1U);
  EXPECT_EQ(off.at("weights_sha256"), on.at("weights_sha256"));
  for (const int signal : {SIGKILL, SIGSTOP}) {  // crashing, hanging
    const auto longer = with(training(d, "hit" + std::to_string(signal), kUpdates, 1),
                             {"--override", "evaluation.evaluation_timeout_seconds=2"});
    Process process(d, longer);
    ASSERT_TRUE(eventually(60, [&] { return !process.children().empty(); }));
    for (const pid_t worker : process.children()) ::kill(worker, signal);
    EXPECT_EQ(process.wait(), 0) << process.err();
    EXPECT_EQ(process.json().at("weights_sha256"), off.at("weights_sha256"));
  }
}

TEST(Train, RefusesARunThatExistsOrIsInUse) {
  const Directory d;
  Process first(d, training(d, "busy", 200, 50));
  ASSERT_TRUE(eventually(60, [&] { return std::filesystem::exists(d.path() / "runs/busy/log.jsonl"); }));
  Process second(d, training(d, "busy", 2));
  EXPECT_EQ(second.wait(), 1);
  Process resumed(d, with(training(d, "busy", 200, 50), {"--resume"}));
  EXPECT_EQ(resumed.wait(), 1);
  EXPECT_NE(resumed.err().find(std::to_string(first.pid())), std::string::npos) << resumed.err();
}

TEST(Train, StopsCleanlyAtASignal) {
  const Directory d;
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    Process process(d, training(d, "stop" + std::to_string(signal), 4000, 1000));
    ASSERT_TRUE(eventually(60, [&] { return process.err().find("policy") != std::string::npos; }));  // an update
    process.signal(signal);
    EXPECT_EQ(process.wait(), code) << process.err();
    const auto summary = process.json();
    ASSERT_TRUE(summary.is_object()) << process.out();
    EXPECT_EQ(summary.at("status"), "interrupted");
    // Whenever the signal came: every update that was made is in the checkpoint.
    const std::string steps = std::to_string(summary.at("timesteps").get<std::int64_t>()) + ".safetensors";
    EXPECT_TRUE(summary.at("checkpoint").get<std::string>().ends_with(steps)) << summary.at("checkpoint");
    Process verify(d, {"checkpoint", "verify", summary.at("checkpoint").get<std::string>()});
    EXPECT_EQ(verify.wait(), 0) << verify.out() << verify.err();
  }
}

TEST(Train, FullDiskEndsWithAnErrorAndKeepsWhatWasSaved) {
  const Directory d;
  const std::vector<std::string> wide = {"--override", "evaluation.enable_periodic_evaluation=false", "--override",
                                         "training.tower_width=64"};
  const auto before = train(d, with(training(d, "full", 2, 1), wide));
  Process process(d, with(training(d, "full", 3, 1), with(wide, {"--resume"})), 1600);
  EXPECT_EQ(process.wait(), 1) << process.err();
  EXPECT_NE(process.err().find("step-"), std::string::npos) << process.err();
  Process verify(d, {"checkpoint", "verify", before.at("checkpoint").get<std::string>()});
  EXPECT_EQ(verify.wait(), 0) << verify.out() << verify.err();
  for (const auto& entry : std::filesystem::directory_iterator(d.path() / "runs/full/checkpoints"))
    EXPECT_TRUE(entry.path().filename().string().starts_with("step-")) << entry.path();
}

TEST(Train, DryRunWritesNothing) {
  const Directory d;
  Process process(d, with(training(d, "dry", 3), {"--dry-run"}));
  EXPECT_EQ(process.wait(), 0) << process.err();
  EXPECT_EQ(process.json().at("updates"), 3);
  EXPECT_FALSE(std::filesystem::exists(d.path() / "runs"));
}

TEST(Train, RefusesWhatCannotWorkBeforeItStarts) {
  const Directory d;
  const auto expect = [&](const std::vector<std::string>& more, int code, const std::string& text) {
    Process process(d, with(training(d, "bad", 2), more));
    EXPECT_EQ(process.wait(), code) << process.err();
    EXPECT_NE(process.err().find(text), std::string::npos) << process.err();
  };
  expect({"--override", "evaluation.opponent_type=nobody"}, 2, "nobody");
  expect({"--override", "evaluation.strategy=foo"}, 2, "foo");
  expect({"--device", "tpu9"}, 2, "tpu9");
  expect({"--override", "training.learning_rate=nan"}, 2, "learning_rate");
  expect({"--savedir", "/proc/nowhere"}, 1, "/proc/nowhere");
}

}  // namespace
}  // namespace keisei::session
