// What other people's libraries make of our files: the Python readers in tests/peers, which know the formats from a
// description of their own, run on a file and their answer as JSON. A scratch directory belongs to each test.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "telemetry/event.h"
#include "telemetry/promtool.h"
#include "telemetry/setting.h"

namespace keisei::telemetry {

class ForeignReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) / ("keisei_foreign_" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static Ended run_reader(const std::string& script, const std::filesystem::path& file) {
    return shell("/usr/bin/python3 -B " + quoted(std::filesystem::path(KEISEI_SOURCE_DIR) / "tests/peers" / script) +
                 " " + quoted(file));
  }
  /// The reader's answer; a failure and null when it refuses the file.
  static nlohmann::json read(const std::string& script, const std::filesystem::path& file) {
    const Ended ended = run_reader(script, file);
    const auto answer = nlohmann::json::parse(ended.output, nullptr, false);
    EXPECT_TRUE(ended.code == 0 && !answer.is_discarded())
        << script << ": " << ended.output << " (needs python3-protobuf and python3-crc32c)";
    return answer;
  }

  std::filesystem::path directory_;
};

inline constexpr std::int64_t kStart_ms = 1772368496789;  // 2026-03-01T12:34:56.789Z
inline constexpr const char* kStartSfen = "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1";
inline constexpr const char* kLateSfen = "4k4/9/4P4/9/9/9/9/4+R4/4K4 w 2G18p 120";

inline Settings some_settings() {
  return {{"training", "gamma", 0.99}, {"training", "algorithm", std::string("ppo")}, {"wandb", "enabled", true}};
}

inline Event at(std::string kind, std::int64_t step, double after_s) {
  return {.kind = std::move(kind),
          .step = step,
          .utc_ms = kStart_ms + static_cast<std::int64_t>(1000 * after_s),
          .metrics = {},
          .texts = {}};
}

/// A run with everything that an outlet shows: updates, a late evaluation that violates a clause, games, an end.
inline std::vector<Event> some_run(const std::string& status = "finished") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Event> events;
  events.push_back(at("run.start", 0, 1));
  events.back().metrics = {{"progress/total_timesteps", 8192}};
  events.back().texts = {{"run", "r"}};
  for (int i = 1; i <= 4; ++i) {
    events.push_back(at("update", 2048 * i, 20.0 * i));
    events.back().metrics = {{"progress/timesteps", 2048.0 * i},
                             {"progress/update", i},
                             {"ppo/policy_loss", i == 2 ? kInfinity : 0.1 * i},
                             {"ppo/value_loss", kUnknown},
                             {"evaluation/queued", 1},
                             {"system/cpu_percent", 100.0 * i},
                             {"system/rss_mb", 250.5}};
  }
  events.push_back(at("evaluation", 2048, 85));
  events.back().metrics = {{"evaluation/step", 2048}, {"evaluation/win_rate", 0.75}, {"evaluation/score", 0.8},
                           {"evaluation/wins", 15},   {"evaluation/losses", 3},      {"evaluation/draws", 2}};
  events.back().texts = {{"opponent", "random"}};
  events.push_back(at("evaluation.performance", 2048, 85));
  events.back().metrics = {{"evaluation/performance/evaluation_latency_ms", 1234.5}};
  events.push_back(at("evaluation.sla", 2048, 85));
  events.back().metrics = {{"evaluation/sla/passed", 0},
                           {"evaluation/sla/violation_count", 1},
                           {"evaluation/sla/violations/latency", 1},
                           {"evaluation/sla/violations/memory", 0}};
  events.push_back(at("game.sample", 8192, 86));
  events.back().texts = {{"sfen", kLateSfen}, {"last_move", "5h5i+"}, {"winner", "black"}, {"reason", "checkmate"}};
  events.push_back(at("warning", 8192, 87));
  events.back().texts = {{"text", "Grüße,\nsehr \xff kaputt"}};
  events.push_back(at("update", 10240, 100));
  events.back().metrics = {{"progress/timesteps", 10240}};
  const std::vector<double> lengths = {10, 20, 20, 40, 110, kUnknown};
  events.back().distributions = {{"selfplay/plies", distribution_of(std::span<const double>(lengths), 10)}};
  events.push_back(at("run.end", 10240, 101.5));
  events.back().texts = {{"status", status}};
  return events;
}

}  // namespace keisei::telemetry
