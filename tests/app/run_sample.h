// A run as a training leaves it, with metrics of several kinds, two evaluations and verdicts: for the tests of what
// `keisei runs` says. Gone when the test ends.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "config/load.h"
#include "store/run_database.h"
#include "store/run_directory.h"

namespace keisei::app {

class RunSample : public testing::Test {
 protected:
  RunSample() {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    savedir_ = std::filesystem::path(testing::TempDir()) /
               ("keisei_sample_" + std::string(info->name()) + std::to_string(::getpid()));
    std::filesystem::remove_all(savedir_);
    std::filesystem::create_directories(savedir_);
  }
  ~RunSample() override { std::filesystem::remove_all(savedir_); }

  /// `updates` updates of 1000 plies; losses that fall from `loss`; evaluations at 2000 and 4000 with Elo `elo`.
  void add_run(const std::string& name, int updates, double loss, double elo, const std::string& override_text = {}) {
    const auto run = store::RunDirectory::create(savedir_, name);
    ASSERT_TRUE(run) << run.error().message;
    config::Source source;
    source.preset = "tiny";
    if (!override_text.empty()) source.overrides = {override_text};
    const auto loaded = config::load(source);
    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_TRUE(run->write_config(config::to_yaml(loaded->config)));
    auto database = store::RunDatabase::open(run->paths().database(), store::RunDatabase::Mode::kWrite);
    ASSERT_TRUE(database) << database.error().message;
    std::vector<store::Metric> metrics;
    for (int i = 1; i <= updates; ++i) {
      const std::int64_t step = 1000 * i, time_ms = 1'772'368'496'000 + 1000 * i;
      metrics.push_back({step, time_ms, "ppo/policy_loss", loss / i});
      metrics.push_back({step, time_ms, "ppo/value_loss", loss / (2 * i)});
      metrics.push_back({step, time_ms, "time/steps_per_second", 1500.0 + i});
      metrics.push_back({step, time_ms, "governor/impact_percent",
                         i < 3 ? std::numeric_limits<double>::quiet_NaN() : 2.5});
    }
    for (const std::int64_t step : {2000, 4000}) {
      metrics.push_back({step, 1'772'368'500'000, "evaluation/elo", elo * static_cast<double>(step) / 4000});
      metrics.push_back({step, 1'772'368'500'000, "evaluation/elo_low", elo * static_cast<double>(step) / 4000 - 50});
      metrics.push_back({step, 1'772'368'500'000, "evaluation/elo_high", elo * static_cast<double>(step) / 4000 + 50});
    }
    ASSERT_TRUE(database->add_metrics(metrics));
    store::EvaluationRow row;
    row.step = 4000;
    row.time_ms = 1'772'368'500'000;
    row.strategy = "single_opponent";
    row.opponent = "random";
    row.protocol = "p";
    row.games = 40;
    row.wins = 30;
    row.losses = 10;
    row.score = 0.75;
    row.score_low = 0.6;
    row.score_high = 0.86;
    row.elo = elo;
    row.elo_low = elo - 50;
    row.elo_high = elo + 50;
    const std::vector<store::RatingRow> ratings = {{0, "w", name + "-4000", "p", 40, elo, elo - 50, elo + 50},
                                                   {0, "random", "random", "p", 40, 0.0, std::nullopt, std::nullopt}};
    const std::vector<store::SlaRow> sla = {{0, "latency", "met", 900.0, 5000.0, "clock", row.time_ms},
                                            {0, "gpu", "unknown", std::nullopt, 80.0, "no GPU", row.time_ms}};
    ASSERT_TRUE(database->add_evaluation(row, {}, ratings, sla));
  }

  std::filesystem::path savedir_;
};

}  // namespace keisei::app
