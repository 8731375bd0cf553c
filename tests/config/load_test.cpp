// What a file, an override, a variable or a flag does to the Config, and who wins.
#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/presets.h"
#include "config/table.h"

namespace keisei::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A file below the test's own directory, removed with it.
class ConfigFile : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) /
                 ("keisei_config_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "_" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(const std::string& text) {
    const auto path = directory_ / "c.yaml";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::filesystem::path directory_;
};

std::string error_of(const Result<Loaded>& loaded) { return loaded ? std::string("no error") : loaded.error().message; }

TEST(Load, BuiltInDefaultsAreThoseOfThePythonKeisei) {
  const auto loaded = load({});
  ASSERT_TRUE(loaded) << error_of(loaded);
  const Training& t = loaded->config.training;
  EXPECT_EQ(t.steps_per_epoch, 2048);
  EXPECT_EQ(t.ppo_epochs, 10);
  EXPECT_EQ(t.minibatch_size, 64);
  EXPECT_EQ(t.learning_rate, 3e-4);
  EXPECT_EQ(t.gamma, 0.99);
  EXPECT_EQ(t.lambda_gae, 0.95);
  EXPECT_EQ(t.clip_epsilon, 0.2);
  EXPECT_EQ(t.value_loss_coeff, 0.5);
  EXPECT_EQ(t.entropy_coef, 0.01);
  EXPECT_EQ(t.gradient_clip_max_norm, 0.5);
  EXPECT_EQ(t.tower_depth, 9);
  EXPECT_EQ(t.tower_width, 256);
  EXPECT_EQ(t.se_ratio, 0.25);
  EXPECT_EQ(loaded->config.evaluation.previous_model_pool_size, 5);
  EXPECT_EQ(loaded->config.display.elo_k_factor, 32);
  EXPECT_EQ(loaded->config.display.elo_initial_rating, 1500);
  EXPECT_THAT(loaded->warnings, IsEmpty());
}

TEST(Load, AFileChangesWhatItNamesAndNothingElse) {
  const Config fresh;
  for (const Option& named : options()) {
    // The default itself, so that every value is allowed; then no other row may differ.
    const std::string text =
        std::string(named.section) + ":\n  " + std::string(named.key) + ": " + default_text(named) + "\n";
    const auto loaded = load_text(text, "c.yaml");
    ASSERT_TRUE(loaded) << text << error_of(loaded);
    for (const Option& other : options()) {
      EXPECT_EQ(value_text(other, loaded->config), value_text(other, fresh)) << name_of(other) << " after\n" << text;
    }
    EXPECT_EQ(loaded->origin.at(name_of(named)).substr(0, 9), "c.yaml:2:");
  }
  const auto one = load_text("training:\n  gamma: 0.5\n", "c.yaml");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->config.training.gamma, 0.5);
  EXPECT_EQ(one->config.training.tower_depth, 9);
  EXPECT_EQ(one->origin.at("training.gamma"), "c.yaml:2:10");
  EXPECT_EQ(one->origin.at("training.ppo_epochs"), "default");
}

TEST(Load, EmptyTextsAreDefaults) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n", "training:\n", "training: {}\n", "training: ~\n"}) {
    const auto loaded = load_text(text, "c.yaml");
    ASSERT_TRUE(loaded) << text << error_of(loaded);
    EXPECT_EQ(to_yaml(loaded->config), to_yaml(Config{}));
  }
}

TEST_F(ConfigFile, PrecedenceIsDefaultPresetFileEnvironmentOverrideFlag) {
  Source source;
  source.preset = "tiny";
  source.file = write("training: {gamma: 0.9, lambda_gae: 0.8}\nlogging: {savedir: a}\nwandb: {project: a}\n");
  source.environment = {{"KEISEI_SAVEDIR", "b"}, {"WANDB_PROJECT", "b"}, {"HOME", "c"}};
  source.overrides = {"training.lambda_gae=0.7", "env.seed=1", "wandb.project=c", "env.seed=2"};
  source.flags = {{"env.seed", "3"}};
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << error_of(loaded);
  EXPECT_EQ(loaded->config.training.value_loss_coeff, 0.5);  // default
  EXPECT_EQ(loaded->config.training.tower_width, 32);        // preset
  EXPECT_EQ(loaded->config.training.gamma, 0.9);             // file over preset
  EXPECT_EQ(loaded->config.logging.savedir, "b");            // environment over file
  EXPECT_EQ(loaded->config.wandb.project, "c");              // override over environment
  EXPECT_EQ(loaded->config.training.lambda_gae, 0.7);        // override over file
  EXPECT_EQ(loaded->config.env.seed, 3);                     // flag over the last override
  EXPECT_EQ(loaded->origin.at("training.value_loss_coeff"), "default");
  EXPECT_EQ(loaded->origin.at("training.tower_width"), "preset tiny");
  EXPECT_EQ(loaded->origin.at("training.gamma"), source.file->string() + ":1:19");
  EXPECT_EQ(loaded->origin.at("logging.savedir"), "environment KEISEI_SAVEDIR");
  EXPECT_EQ(loaded->origin.at("training.lambda_gae"), "--override training.lambda_gae=0.7");
  EXPECT_EQ(loaded->origin.at("env.seed"), "--seed");
}

TEST_F(ConfigFile, TheDefaultPresetYieldsToAFile) {
  Source source;
  source.embedded_default_preset = true;
  EXPECT_EQ(load(source)->config.training.tower_width, 32);
  source.file = write("env: {seed: 1}\n");
  EXPECT_EQ(load(source)->config.training.tower_width, 256);
  source.preset = "small";
  EXPECT_EQ(load(source)->config.training.tower_width, 64);
  EXPECT_EQ(load(source)->config.env.seed, 1);
}

TEST(Load, EveryPresetLoadsWithoutAWord) {
  for (const Preset& preset : presets()) {
    Source source;
    source.preset = std::string(preset.name);
    const auto loaded = load(source);
    ASSERT_TRUE(loaded) << preset.name << ": " << error_of(loaded);
    EXPECT_THAT(loaded->warnings, IsEmpty()) << preset.name;
  }
  Source source;
  source.preset = "tyni";
  EXPECT_THAT(error_of(load(source)), HasSubstr("did you mean \"tiny\"?"));
}

TEST(Load, TheResolvedTextLoadsBackToTheIdenticalConfig) {
  Source source;
  source.preset = "tiny";
  source.overrides = {
      "logging.run_name=it's \"x\" \\ y",         "evaluation.random_seed=7", "training.learning_rate=1e-5",
      "training.gamma=0.1234567890123456",        "training.threads=3",       "env.device=cuda:1",
      "evaluation.opponent_type=usi:engine --a b"};
  const auto first = load(source);
  ASSERT_TRUE(first) << error_of(first);
  const std::string text = to_yaml(first->config);
  const auto second = load_text(text, "config.yaml");
  ASSERT_TRUE(second) << error_of(second) << text;
  EXPECT_EQ(to_yaml(second->config), text);
  EXPECT_EQ(hash(second->config), hash(first->config));
  EXPECT_EQ(second->config.logging.run_name, "it's \"x\" \\ y");
  EXPECT_EQ(second->config.training.gamma, 0.1234567890123456);
  EXPECT_EQ(second->config.evaluation.random_seed, 7);
  const auto defaults = load_text(to_yaml(Config{}), "config.yaml");
  ASSERT_TRUE(defaults) << error_of(defaults);
  EXPECT_EQ(to_yaml(defaults->config), to_yaml(Config{}));
}

TEST(Load, TheHashFollowsWhatShapesTrainingAndNothingElse) {
  const auto hash_with = [](const std::string& override_text) {
    Source source;
    source.overrides = {override_text};
    const auto loaded = load(source);
    EXPECT_TRUE(loaded) << error_of(loaded);
    return loaded ? hash(loaded->config) : std::string();
  };
  const std::string plain = hash(Config{});
  EXPECT_EQ(plain.size(), 16U);
  for (const char* shaping : {"env.seed=1", "training.gamma=0.5", "training.shards=4", "selfplay.mate_in_one=true",
                              "training.total_timesteps=600000", "training.se_ratio=0"}) {
    EXPECT_NE(hash_with(shaping), plain) << shaping;
  }
  for (const char* other : {"training.threads=2", "training.checkpoint_interval_timesteps=1", "logging.run_name=a",
                            "evaluation.num_games=2", "display.quiet=true", "evaluation.random_seed=4"}) {
    EXPECT_EQ(hash_with(other), plain) << other;
  }
  Config changed;
  changed.training.gamma = 0.5;
  changed.logging.savedir = "b";
  EXPECT_THAT(training_differences(Config{}, changed), ElementsAre("training.gamma: 0.99 -> 0.5"));
}

TEST(Load, UnaskedSettingsFollowTheAskedOnes) {
  Source source;
  source.embedded_default_preset = true;
  source.flags = {{"training.total_timesteps", "1000"}};
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << error_of(loaded);
  EXPECT_EQ(loaded->config.training.steps_per_epoch, 896);  // 7 rounds of 128 games
  EXPECT_EQ(loaded->config.selfplay.games, 128);
  EXPECT_EQ(loaded->config.training.minibatch_size, 896);
  EXPECT_EQ(loaded->origin.at("training.steps_per_epoch"), "fitted");
  EXPECT_EQ(loaded->warnings.size(), 2U);

  const auto steps = load_text("training: {steps_per_epoch: 100}\n", "c.yaml");
  ASSERT_TRUE(steps) << error_of(steps);
  EXPECT_EQ(steps->config.selfplay.games, 25);
  EXPECT_EQ(steps->config.training.minibatch_size, 64);

  const auto games = load_text("selfplay: {games: 100}\n", "c.yaml");
  ASSERT_TRUE(games) << error_of(games);
  EXPECT_EQ(games->config.training.steps_per_epoch, 2000);

  const auto pure = load([] {
    Source s;
    s.preset = "tiny";
    s.overrides = {"training.material_coef=0"};
    return s;
  }());
  ASSERT_TRUE(pure) << error_of(pure);
  EXPECT_EQ(pure->config.training.material_coef_final, 0);

  const auto impact = load_text("evaluation: {training_impact_limit_percent: 2}\n", "c.yaml");
  ASSERT_TRUE(impact) << error_of(impact);
  EXPECT_DOUBLE_EQ(impact->config.evaluation.duty_percent, 1.2);
}

TEST(Load, OverridesReadAsAFileDoes) {
  Source source;
  source.overrides = {
      "training.lr_schedule_type=null", "evaluation.random_seed=null", "evaluation.opponent_checkpoint=",
      "logging.log_level=warning",      "training.se_ratio=0",         "training.total_timesteps=1e6"};
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << error_of(loaded);
  EXPECT_EQ(loaded->config.training.lr_schedule_type, "none");
  EXPECT_EQ(loaded->config.logging.log_level, "WARNING");
  EXPECT_EQ(loaded->config.training.se_ratio, 0);
  EXPECT_EQ(loaded->config.training.total_timesteps, 1000000);
  for (const char* bad : {"training.gamma", "gamma=1", "=1", "training.=1", ".gamma=1", "training.gamma=", "x.y=1"}) {
    Source wrong;
    wrong.overrides = {bad};
    const auto refused = load(wrong);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, Code::kUsage);
    EXPECT_EQ(refused.error().message.substr(0, 11), "--override ");
  }
}

TEST(Load, EnvironmentValuesAreChecked) {
  Source source;
  source.environment = {{"WANDB_ENABLED", "perhaps"}};
  EXPECT_THAT(error_of(load(source)), HasSubstr("environment WANDB_ENABLED: wandb.enabled: value perhaps"));
  source.environment = {{"WANDB_ENABLED", "1"}, {"WANDB_MODE", "disabled"}, {"WANDB_API_KEY", "secret"}};
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << error_of(loaded);
  EXPECT_FALSE(loaded->config.wandb.enabled);
}

TEST(Load, TheRunAtWandbIsNamedAndResumedByItsOwnVariables) {
  Source source;
  source.environment = {{"WANDB_RUN_ID", "0123"}, {"WANDB_RESUME", "auto"}};
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << error_of(loaded);
  EXPECT_EQ(loaded->config.wandb.run_id, "0123") << "an id of digits is a text";
  EXPECT_EQ(loaded->config.wandb.resume, "allow");
  source.environment = {{"WANDB_RESUME", "must"}};
  EXPECT_EQ(load(source)->config.wandb.resume, "must");
  source.environment = {{"WANDB_RESUME", "perhaps"}};
  EXPECT_THAT(error_of(load(source)), HasSubstr("environment WANDB_RESUME: wandb.resume: value \"perhaps\""));
}

TEST_F(ConfigFile, AFileThatCannotBeReadIsAUsageError) {
  Source source;
  source.file = directory_ / "absent.yaml";
  const auto absent = load(source);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Code::kUsage);
  EXPECT_THAT(absent.error().message, HasSubstr("absent.yaml"));
  source.file = directory_;
  EXPECT_FALSE(load(source));
  source.file = write(std::string(kMaxFileBytes + 1, '#'));
  EXPECT_FALSE(load(source));
}

}  // namespace
}  // namespace keisei::config
