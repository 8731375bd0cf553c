// The configuration cases of the reference list, by their ids, and others of their kinds.
#include <gtest/gtest.h>

#include "config/load.h"

namespace keisei::config {
namespace {

struct Case {
  const char* id;
  const char* setting;  ///< as an override and, split at the first dot and '=', as a file
  bool accepted;
};

const Case kCases[] = {
    {"E01", "training.minibatch_size=1", false},
    {"E01", "training.minibatch_size=0", false},
    {"E01", "training.minibatch_size=-64", false},
    {"E01", "training.minibatch_size=2", true},
    {"E02", "training.learning_rate=0", false},
    {"E02", "training.learning_rate=-1", false},
    {"E02", "training.learning_rate=0.0", false},
    {"E02", "training.learning_rate=1e-9", true},
    {"E05", "training.total_timesteps=-5", false},
    {"E05", "training.total_timesteps=0", false},
    {"E05", "training.steps_per_epoch=0", false},
    {"E05", "training.ppo_epochs=0", false},
    {"E05", "training.ppo_epochs=-1", false},
    {"E07", "training.lr_schedule_type=bogus", false},
    {"E07", "training.lr_schedule_type=cosine", true},
    {"E07", "training.lr_schedule_step_on=minibatch", false},
    {"E07", "training.lr_schedule_step_on=epoch", true},
    {"E08", "evaluation.num_games=0", false},
    {"E08", "evaluation.evaluation_interval_timesteps=0", false},
    {"E08", "evaluation.max_moves_per_game=0", false},
    {"E08", "evaluation.previous_model_pool_size=0", false},
    {"E08", "evaluation.model_weight_cache_size=0", false},
    {"E08", "evaluation.max_concurrent_games=0", false},
    {"E08", "evaluation.process_restart_threshold=0", false},
    {"E09", "evaluation.strategy=foo", false},
    {"E09", "evaluation.log_level=verbose", false},
    {"E09", "evaluation.log_level=info", true},
    {"E09", "logging.log_level=verbose", false},
    {"E10", "evaluation.cpu_limit_percent=0", false},
    {"E10", "evaluation.cpu_limit_percent=101", false},
    {"E10", "evaluation.cpu_limit_percent=100", true},
    {"E10", "evaluation.gpu_limit_percent=-1", false},
    {"E10", "evaluation.gpu_limit_percent=100", true},
    {"E10", "evaluation.gpu_limit_percent=100.5", false},
    {"E11", "evaluation.memory_limit_mb=0", false},
    {"E11", "evaluation.max_evaluation_time_minutes=0", false},
    {"E11", "evaluation.evaluation_timeout_per_game=0", false},
    {"E11", "evaluation.max_concurrent_evaluations=0", false},
    {"E11", "evaluation.max_concurrent_evaluations=-1", false},
    {"E11", "evaluation.max_concurrent_evaluations=1", true},
    {"E11", "evaluation.max_concurrent_evaluations=auto", true},
    {"E11", "evaluation.evaluation_timeout_seconds=0", false},
    {"E13", "parallel.num_workers=0", false},
    {"E13", "parallel.batch_size=0", false},
    {"E13", "parallel.num_workers=4", true},
    {"E14", "foo.bar=1", false},
    {"E15", "training.tower_dpeth=3", false},
    {"E17", "env.device=tpu9", false},
    {"E17", "env.device=cuda:1", true},
    {"E17", "env.max_moves_per_game=-3", false},
    {"E17", "env.num_actions_total=7", false},
    {"E17", "env.num_actions_total=13527", true},
    {"E17", "env.num_actions_total=2187", true},
    {"E17", "env.input_channels=45", false},
    {"E17", "evaluation.timeout_per_game=-4", false},
    {"E19", "training.se_ratio=0", true},
    {"E19", "training.se_ratio=-0.1", false},
    {"E19", "training.se_ratio=1.5", false},
};

class CasesE : public testing::TestWithParam<Case> {};

TEST_P(CasesE, AsOverrideAndAsFile) {
  const Case& one = GetParam();
  Source source;
  source.overrides = {one.setting};
  const auto by_override = load(source);
  EXPECT_EQ(by_override.has_value(), one.accepted) << one.setting;

  const std::string text = one.setting;
  const std::size_t dot = text.find('.');
  const std::size_t equals = text.find('=');
  const std::string file =
      text.substr(0, dot) + ":\n  " + text.substr(dot + 1, equals - dot - 1) + ": " + text.substr(equals + 1) + "\n";
  const auto by_file = load_text(file, "c.yaml");
  EXPECT_EQ(by_file.has_value(), one.accepted) << file;
  if (!one.accepted && !by_file) {
    EXPECT_EQ(by_file.error().code, Code::kUsage);
    EXPECT_EQ(by_file.error().message.substr(0, 7), "c.yaml:");
  }
}

INSTANTIATE_TEST_SUITE_P(All, CasesE, testing::ValuesIn(kCases));

TEST(CasesEValues, WhatIsKept) {
  EXPECT_EQ(load_text("evaluation: {log_level: info}\n", "c")->config.logging.log_level, "INFO");
  EXPECT_EQ(load_text("training: {se_ratio: 0}\n", "c")->config.training.se_ratio, 0);
  EXPECT_EQ(
      load_text("evaluation: {max_concurrent_evaluations: auto}\n", "c")->config.evaluation.max_concurrent_evaluations,
      0);
}

}  // namespace
}  // namespace keisei::config
