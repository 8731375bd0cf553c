#include "config/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/table.h"

namespace keisei::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Config running() {
  const auto loaded =
      load_text("evaluation: {num_games: 20, strategy: ladder, latency_limit_ms: 4000}\n", "start.yaml");
  EXPECT_TRUE(loaded);
  return loaded ? loaded->config : Config{};
}

TEST(Reload, TakesWhatMayChangeAndTellsWhatMayNot) {
  const Config current = running();
  const auto again = reload_evaluation_text(
      "evaluation:\n  enable_periodic_evaluation: false\n  num_games: 40\n  strategy: benchmark\n"
      "  max_concurrent_evaluations: 2\n  sla: {latency_ms: 3000}\n",
      "c.yaml", current);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(again->changed,
              ElementsAre("evaluation.enable_periodic_evaluation: true -> false", "evaluation.num_games: 20 -> 40",
                          "evaluation.max_concurrent_evaluations: auto -> 2",
                          "evaluation.latency_limit_ms: 4000 -> 3000"));
  EXPECT_THAT(again->not_changed,
              ElementsAre("evaluation.strategy: stays \"ladder\", not changed while running; "
                          "c.yaml says \"benchmark\""));
  EXPECT_EQ(again->config.evaluation.num_games, 40);
  EXPECT_EQ(again->config.evaluation.strategy, "ladder");
  EXPECT_EQ(again->config.evaluation.max_concurrent_evaluations, 2);
  EXPECT_THAT(again->warnings, IsEmpty());
}

TEST(Reload, KeysThatAreNotNamedStay) {
  const Config current = running();
  const auto again = reload_evaluation_text("evaluation: {num_games: 6}\n", "c.yaml", current);
  ASSERT_TRUE(again);
  Config expected = current;
  expected.evaluation.num_games = 6;
  EXPECT_EQ(to_yaml(again->config), to_yaml(expected));
  const auto none = reload_evaluation_text("training: {gamma: 0.5}\n", "c.yaml", current);
  ASSERT_TRUE(none);
  EXPECT_EQ(to_yaml(none->config), to_yaml(current));
  EXPECT_THAT(none->changed, IsEmpty());
  EXPECT_THAT(none->warnings, ElementsAre(HasSubstr("has no section evaluation")));
}

// Training is not touched, whatever the rest of the file says, even if it could not start a training any more.
TEST(Reload, OtherSectionsAreNotLookedAt) {
  const Config current = running();
  const auto again = reload_evaluation_text(
      "training: {gamma: 7, nonsense: 1}\nenv: {seed: 9}\nevaluation: {duty_percent: 1}\nnot_a_section: 1\n", "c.yaml",
      current);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->config.evaluation.duty_percent, 1);
  EXPECT_EQ(again->config.env.seed, current.env.seed);
  EXPECT_EQ(hash(again->config), hash(current));
  const auto flat = reload_evaluation_text("SEED: 9\nNUM_GAMES: 8\n", "c.yaml", current);
  ASSERT_TRUE(flat) << flat.error().message;
  EXPECT_THAT(flat->changed, ElementsAre("evaluation.num_games: 20 -> 8"));
}

TEST(Reload, FaultsLeaveEverythingAsItWas) {
  const Config current = running();
  for (const char* text : {"evaluation: {num_games: 0}\n", "evaluation: {nmu_games: 5}\n", "evaluation: [1]\n",
                           "evaluation: {", "- 1\n", "evaluation: {num_games: 4}\nevaluation: {num_games: 5}\n",
                           "evaluation: {duty_percent: 9, training_impact_limit_percent: 5}\n",
                           "evaluation: {latency_limit_ms: 1, sla: {latency_ms: 2}}\n"}) {
    const auto again = reload_evaluation_text(text, "c.yaml", current);
    ASSERT_FALSE(again) << text;
    EXPECT_EQ(again.error().code, Code::kUsage);
    EXPECT_THAT(again.error().message, HasSubstr("c.yaml:")) << text;
  }
  const auto missing = reload_evaluation("/nonexistent/c.yaml", current);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/c.yaml: the configuration cannot be read again"));
  Machine machine;
  machine.memory_mb = 1000;
  EXPECT_FALSE(reload_evaluation_text("evaluation: {memory_limit_mb: 2000}\n", "c.yaml", current, machine));
}

// The file of a run itself, edited: everything is named, only what was edited changes.
TEST(Reload, TheResolvedFileReloadsToItself) {
  const auto path = std::filesystem::path(testing::TempDir()) / "keisei_reload_test.yaml";
  const Config current = running();
  { std::ofstream(path) << to_yaml(current); }
  const auto same = reload_evaluation(path, current);
  std::filesystem::remove(path);
  ASSERT_TRUE(same) << same.error().message;
  EXPECT_THAT(same->changed, IsEmpty());
  EXPECT_THAT(same->not_changed, IsEmpty());
  EXPECT_EQ(to_yaml(same->config), to_yaml(current));
}

TEST(Reload, OnlyEvaluationMayChangeWhileRunning) {
  int live = 0;
  for (const Option& option : options()) {
    if (!option.live) continue;
    ++live;
    EXPECT_EQ(option.section, "evaluation") << option.key;
    EXPECT_FALSE(option.shapes_training) << option.key;
  }
  EXPECT_EQ(live, 16);
}

}  // namespace
}  // namespace keisei::config
