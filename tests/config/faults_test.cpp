// Every fault at once, with its place, its value, what is allowed and what was meant. The texts are goldens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace keisei::config {
namespace {

using testing::HasSubstr;

std::string faults(const std::string& text) {
  const auto loaded = load_text(text, "c.yaml");
  if (loaded) return "no fault";
  EXPECT_EQ(loaded.error().code, Code::kUsage);
  return loaded.error().message;
}

TEST(Faults, AllAreToldAtOnce) {
  EXPECT_EQ(
      faults("training:\n"
             "  tower_dpeth: 3\n"
             "  gamma: 5\n"
             "  learning_rate: .nan\n"
             "  ppo_epochs: 0\n"
             "  ppo_epochs: 3\n"
             "trianing: {}\n"
             "env: {device: tpu9, seed: -1}\n"
             "evaluation:\n"
             "  strategy: turnament\n"
             "  save_games: yes\n"
             "  num_games: \"20\"\n"
             "  memory_limit_mb: [1]\n"),
      "c.yaml:2:3: training.tower_dpeth: there is no such key in training; did you mean \"tower_depth\"?\n"
      "c.yaml:3:10: training.gamma: value 5 is not allowed (allowed: number 0 to 1)\n"
      "c.yaml:4:18: training.learning_rate: value .nan is not allowed (allowed: number above 0 up to 1)\n"
      "c.yaml:5:15: training.ppo_epochs: value 0 is not allowed (allowed: whole number 1 to 1000)\n"
      "c.yaml:6:3: training.ppo_epochs: is given twice, first in line 5\n"
      "c.yaml:7:1: trianing: there is no such section (allowed: env, training, selfplay, evaluation, logging, "
      "wandb, display, parallel, demo); did you mean \"training\"?\n"
      "c.yaml:8:15: env.device: value tpu9 is not allowed (allowed: cpu, cuda, cuda:N, auto); did you mean "
      "\"cpu\"?\n"
      "c.yaml:8:27: env.seed: value -1 is not allowed (allowed: whole number 0 to 9007199254740991)\n"
      "c.yaml:10:13: evaluation.strategy: value turnament is not allowed (allowed: single_opponent, tournament, "
      "ladder, benchmark, custom); did you mean \"tournament\"?\n"
      "c.yaml:11:15: evaluation.save_games: value yes is not allowed (allowed: true, false); did you mean "
      "\"true\"?\n"
      "c.yaml:12:14: evaluation.num_games: value \"20\" is not allowed (allowed: whole number 1 to 100000); write "
      "the number without quotes\n"
      "c.yaml:13:20: evaluation.memory_limit_mb: value a list is not allowed (allowed: number above 0 up to "
      "10000000)");
}

TEST(Faults, WhatDoesNotFitTogether) {
  EXPECT_EQ(
      faults("training: {steps_per_epoch: 100, minibatch_size: 200, total_timesteps: 50}\nselfplay: {games: 32}\n"),
      "c.yaml:1:29: training.steps_per_epoch: value 100 is not allowed (allowed: a multiple of selfplay.games 32, "
      "such as 96 or 128)\n"
      "c.yaml:1:50: training.minibatch_size: value 200 is not allowed (allowed: at most training.steps_per_epoch "
      "100)\n"
      "c.yaml:1:72: training.total_timesteps: value 50 is not allowed (allowed: at least "
      "training.steps_per_epoch 100, or nothing would be learnt)");
  EXPECT_THAT(faults("training: {material_coef_final: 0.1}\n"), HasSubstr("training.material_coef_final: value 0.1"));
  EXPECT_THAT(faults("training: {shards: 100}\n"), HasSubstr("at most training.minibatch_size 64"));
  EXPECT_THAT(faults("evaluation: {duty_percent: 10}\n"), HasSubstr("training_impact_limit_percent 5"));
  // A value that is refused by itself does not cause a second fault.
  EXPECT_EQ(faults("training: {steps_per_epoch: 0, minibatch_size: 64}\n"),
            "c.yaml:1:29: training.steps_per_epoch: value 0 is not allowed (allowed: whole number 1 to 100000000)");
}

TEST(Faults, TypesAreReadBySchemaNeverByGuess) {
  for (const char* bad : {"training: {steps_per_epoch: 2048.5}",
                          "training: {steps_per_epoch: true}",
                          "training: {steps_per_epoch: 0x800}",
                          "training: {steps_per_epoch: 010}",
                          "training: {steps_per_epoch: 99999999999999999999}",
                          "training: {gamma: inf}",
                          "training: {gamma: .inf}",
                          "training: {gamma: nan}",
                          "training: {gamma: 0.9.9}",
                          "training: {gamma: 1e-}",
                          "training: {gamma: \"0.9\"}",
                          "training: {gamma: ~}",
                          "training: {gamma: }",
                          "training: {normalize_advantages: on}",
                          "training: {normalize_advantages: 1}",
                          "training: {normalize_advantages: True}",
                          "training: {normalize_advantages: \"true\"}",
                          "training: {gamma: {a: 1}}",
                          "training: [1]",
                          "training: 5",
                          "[1, 2]",
                          "5",
                          "env: {device: ~}",
                          "env: {device: CPU0}",
                          "logging: {run_name: ../x}",
                          "logging: {savedir: \"\"}",
                          "logging: {run_name: \"a\\nb\"}",
                          "evaluation: {opponent_type: randon}",
                          "display: {refresh_per_second: 0}"}) {
    EXPECT_NE(faults(std::string(bad) + "\n"), "no fault") << bad;
  }
  for (const char* good :
       {"training: {steps_per_epoch: 2048.0}", "training: {total_timesteps: 1e6}",
        "training: {total_timesteps: 1_000_000}", "training: {gamma: 1}", "training: {gamma: +.5}",
        "training: {learning_rate: 1e-4}", "training: {lr_schedule_type: ~}", "training: {lr_schedule_type: Linear}",
        "env: {declaration_rule: 27}", "env: {device: cuda:0}", "logging: {run_name: 123}",
        "evaluation: {opponent_type: \"material:2\"}", "{\"training\": {\"gamma\": 0.5}}", "training: {threads: auto}",
        "training: {threads: 0}"}) {
    EXPECT_EQ(faults(std::string(good) + "\n"), "no fault") << good;
  }
}

TEST(Faults, BoundsAndHostileTexts) {
  EXPECT_THAT(faults("a: &x 1\nb: *x\n"), HasSubstr("c.yaml:1:4: anchors are not allowed"));
  EXPECT_THAT(faults("training: !!python/object {gamma: 1}\n"), HasSubstr("tags are not allowed"));
  EXPECT_THAT(faults("training: {gamma: 1}\n---\nenv: {seed: 1}\n"), HasSubstr("a second document"));
  EXPECT_THAT(faults("training: {gamma: [[[[[[[[[[1]]]]]]]]]]}\n"), HasSubstr("nested deeper"));
  EXPECT_THAT(faults(std::string(100000, '[')), HasSubstr("c.yaml:1:"));
  EXPECT_THAT(faults(std::string(100000, '{')), HasSubstr("c.yaml:1:"));
  EXPECT_THAT(faults(std::string("training: {gamma: 1\0}\n", 22)), HasSubstr("a control byte"));
  EXPECT_THAT(faults("training: {gamma: 1\n"), HasSubstr("c.yaml:"));
  EXPECT_THAT(faults("training:\n\tgamma: 1\n"), HasSubstr("c.yaml:"));
  EXPECT_THAT(faults("? [a, b]\n: 1\n"), HasSubstr("a key must be a plain name"));
  std::string many = "x: [";
  for (int i = 0; i < 30000; ++i) many += "1,";
  EXPECT_THAT(faults(many + "1]\n"), HasSubstr("more than 20000 values"));
  EXPECT_THAT(faults(std::string(kMaxFileBytes + 1, ' ')), HasSubstr("longer than"));
  // No fault repeats control bytes or endless values to the terminal.
  const std::string message = faults("env: {device: \"\\e[31m" + std::string(1000, 'x') + "\"}\n");
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
  EXPECT_LT(message.size(), 300U);
  std::string thousand = "training:\n";
  for (int i = 0; i < 1000; ++i) thousand += "  k" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(faults(thousand), HasSubstr("... and 950 more"));
}

TEST(Faults, AKeyInTheWrongSectionIsLedHome) {
  EXPECT_THAT(faults("env: {learning_rate: 0.1}\n"), HasSubstr("did you mean \"training.learning_rate\"?"));
  Source source;
  source.overrides = {"seed=4"};
  EXPECT_THAT(load(source).error().message, HasSubstr("did you mean \"env.seed\"?"));
}

}  // namespace
}  // namespace keisei::config
