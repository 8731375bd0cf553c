// Files of the Python Keisei: each of its 131 fields is understood, and what has no effect is said once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "config/legacy.h"
#include "config/load.h"
#include "config/table.h"
#include "config/yaml_tree.h"

namespace keisei::config {
namespace {

using testing::HasSubstr;

constexpr const char* kFull = KEISEI_SOURCE_DIR "/tests/config/data/python_keisei_full.yaml";

std::vector<std::string> keys_of_full_file() {
  const auto text = read_text(kFull, kMaxFileBytes);
  EXPECT_TRUE(text);
  const auto root = parse_yaml(*text, "full");
  EXPECT_TRUE(root);
  std::vector<std::string> names;
  for (std::size_t s = 0; s < root->keys.size(); ++s) {
    for (const Node& key : root->items[s].keys) names.push_back(root->keys[s].scalar.text + "." + key.scalar.text);
  }
  return names;
}

bool mentions(const std::vector<std::string>& warnings, const std::string& name) {
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const std::string& line) { return line.find(": " + name + ": ") != std::string::npos; });
}

TEST(Migration, AFileWithEveryKeyLoads) {
  const std::vector<std::string> names = keys_of_full_file();
  EXPECT_EQ(names.size(), 131U);
  Source source;
  source.file = kFull;
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << loaded.error().message;
  for (const std::string& name : names) {
    const bool ours = find_option(name) != nullptr;
    // One warning for each key that is not ours; `lr_schedule_kwargs: null` changes nothing and has its reason too.
    if (!ours) {
      EXPECT_TRUE(mentions(loaded->warnings, name)) << name;
    }
  }
  const Config& c = loaded->config;
  EXPECT_EQ(c.training.lr_schedule_step_on, "epoch");
  EXPECT_EQ(c.evaluation.memory_limit_mb, 1000);
  EXPECT_EQ(c.evaluation.max_concurrent_evaluations, 1);
  EXPECT_EQ(c.evaluation.evaluation_timeout_seconds, 1800);
  EXPECT_EQ(c.evaluation.evaluation_interval_timesteps, 2048);
  EXPECT_EQ(c.evaluation.timeout_per_game, 0) << "its own name says null, which counts";
  EXPECT_EQ(c.logging.savedir, "models/");
  EXPECT_EQ(c.display.refresh_per_second, 2);
  EXPECT_EQ(c.selfplay.games, 32);
  EXPECT_EQ(c.evaluation.strategy, "tournament");
}

TEST(Migration, TheOldSchemaIsCompleteAndNothingIsTwice) {
  const std::vector<std::string> names = keys_of_full_file();
  std::set<std::string> in_schema;
  for (const LegacyKey& key : legacy_keys()) {
    const std::string name = std::string(key.section) + "." + std::string(key.key);
    EXPECT_EQ(find_option(name), nullptr) << name;
    EXPECT_NE(key.becomes.empty(), key.because.empty()) << name << ": renamed, or a reason, not both";
    if (!key.becomes.empty()) {
      EXPECT_NE(find_option(key.becomes), nullptr) << key.becomes;
    }
    if (key.in_schema) {
      EXPECT_TRUE(in_schema.insert(name).second) << name;
    }
  }
  for (const std::string& name : in_schema) EXPECT_THAT(names, testing::Contains(name));
  for (const std::string& name : names) {
    if (!find_option(name)) {
      EXPECT_TRUE(in_schema.contains(name)) << name;
    }
  }
}

TEST(Migration, RenamedKeysTakeEffectUnlessTheNewNameIsGivenToo) {
  const auto old = load_text(
      "evaluation: {max_evaluation_time_minutes: 2, evaluation_timeout_per_game: 7}\n"
      "training: {evaluation_interval_timesteps: 4096}\n",
      "c.yaml");
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->config.evaluation.evaluation_timeout_seconds, 120);
  EXPECT_EQ(old->config.evaluation.timeout_per_game, 7);
  EXPECT_EQ(old->config.evaluation.evaluation_interval_timesteps, 4096);
  EXPECT_THAT(old->warnings, testing::Contains("c.yaml:1:43: evaluation.max_evaluation_time_minutes: is now "
                                               "evaluation.evaluation_timeout_seconds, here 120"));
  const auto both =
      load_text("evaluation: {max_evaluation_time_minutes: 2, evaluation_timeout_seconds: 9}\n", "c.yaml");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->config.evaluation.evaluation_timeout_seconds, 9);
  EXPECT_TRUE(mentions(both->warnings, "evaluation.max_evaluation_time_minutes"));
}

TEST(Migration, ScheduleArgumentsAndTargetsInsideMappings) {
  const auto loaded = load_text(
      "training:\n  lr_schedule_type: step\n  lr_schedule_kwargs: {step_size: 50, gamma: 0.5, final_lr_fraction: 0.2}\n"
      "evaluation:\n  sla: {evaluation_latency_ms: 4000, training_impact_percent: 4}\n",
      "c.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.training.lr_schedule_step_size, 50);
  EXPECT_EQ(loaded->config.training.lr_schedule_decay, 0.5);
  EXPECT_EQ(loaded->config.training.lr_schedule_final_fraction, 0.2);
  EXPECT_EQ(loaded->config.evaluation.latency_limit_ms, 4000);
  EXPECT_EQ(loaded->config.evaluation.training_impact_limit_percent, 4);
  const auto bad = load_text("training:\n  lr_schedule_kwargs: {stepsize: 50}\nevaluation: {sla: {x: 1}}\n", "c.yaml");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message,
              HasSubstr("c.yaml:2:24: training.lr_schedule_kwargs.stepsize: there is no such key"));
  EXPECT_THAT(bad.error().message, HasSubstr("did you mean \"lr_schedule_kwargs.step_size\"?"));
  EXPECT_THAT(bad.error().message, HasSubstr("c.yaml:3:20: evaluation.sla.x"));
}

TEST(Migration, NumbersOfStrategiesInsideTheirMapping) {
  const auto loaded = load_text(
      "evaluation:\n  strategy_params: {num_games_per_opponent: 6, num_opponents_to_select: 3, suite_config: {a: 1}}\n"
      "  num_games_per_match: 8\n",
      "s.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.evaluation.num_games_per_opponent, 6);
  EXPECT_EQ(loaded->config.evaluation.num_opponents_per_evaluation, 3);
  EXPECT_EQ(loaded->config.evaluation.num_games_per_match, 8);
  EXPECT_TRUE(mentions(loaded->warnings, "evaluation.strategy_params"));
  const auto taken = load_text("evaluation: {strategy_params: {rating_match_range: 250}}\n", "s.yaml");
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->config.evaluation.rating_match_range, 250);
  EXPECT_FALSE(mentions(taken->warnings, "evaluation.strategy_params")) << "all of it counts";
  EXPECT_TRUE(
      mentions(load_text("evaluation: {strategy_params: {}}\n", "s.yaml")->warnings, "evaluation.strategy_params"));
  EXPECT_FALSE(load_text("evaluation: {strategy_params: {rating_match_range: far}}\n", "s.yaml"));
}

TEST(Migration, OldKeysAreCheckedByTheirOldTypes) {
  for (const char* bad :
       {"training: {ddp: 3}", "training: {torch_compile_mode: fast}", "wandb: {watch_log_type: none}",
        "training: {compilation_validation_tolerance: 0}", "training: {compilation_warmup_steps: -1}",
        "display: {turn_tick: soon}", "display: {log_layer_keyword_filters: stem}", "evaluation: {strategy_params: 5}",
        "demo: {demo_mode_delay: .nan}", "parallel: {numworkers: 4}", "wandb: {watch_log_freq: 0}"}) {
    EXPECT_FALSE(load_text(std::string(bad) + "\n", "c.yaml")) << bad;
  }
}

TEST(Migration, FlatFilesLoad) {
  const auto loaded =
      load_text("SEED: 7\nTOTAL_TIMESTEPS: 100000\nENTROPY_COEFF: 0.02\nMODEL_DIR: out\nTURN_TICK: 0.5\n", "flat.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.env.seed, 7);
  EXPECT_EQ(loaded->config.training.total_timesteps, 100000);
  EXPECT_EQ(loaded->config.training.entropy_coef, 0.02);
  EXPECT_EQ(loaded->config.logging.savedir, "out");
  const auto bad = load_text("SEDE: 7\nGAMMA: 7\n", "flat.yaml");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message,
              HasSubstr("flat.yaml:1:1: SEDE: there is no such flat name; did you mean \"SEED\"?"));
  EXPECT_THAT(bad.error().message, HasSubstr("flat.yaml:2:8: training.gamma: value 7"));
  EXPECT_FALSE(load_text("SEED: 7\ntraining: {gamma: 0.5}\n", "mixed.yaml"));
  Source source;
  source.overrides = {"SEED=9"};
  EXPECT_EQ(load(source)->config.env.seed, 9);
}

TEST(Migration, EveryFlatNameLeadsSomewhere) {
  for (const auto& [flat, ours] : flat_names()) {
    const std::size_t dot = ours.find('.');
    EXPECT_TRUE(find_option(ours) || find_legacy(ours.substr(0, dot), ours.substr(dot + 1))) << flat;
  }
}

}  // namespace
}  // namespace keisei::config
