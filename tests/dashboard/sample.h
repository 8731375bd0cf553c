// Events of a made-up run, for frames, plain lines and goldens; and a screen that records what is written to it.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "dashboard/screen.h"
#include "dashboard/state.h"
#include "telemetry/event.h"

namespace keisei::dashboard {

inline constexpr std::int64_t kSampleUtc_ms = 1772368496789;  // 2026-03-01T12:34:56.789Z
inline constexpr int kSampleUpdates = 60;

inline telemetry::Event run_start() {
  return {.kind = "run.start", .step = 0, .utc_ms = kSampleUtc_ms, .metrics = {}, .texts = {{"run", "tiny-7"}}};
}

/// Update `n` of kSampleUpdates, 2048 plies each.
inline telemetry::Event sample_update(int n) {
  const double done = n * 2048.0, share = static_cast<double>(n) / kSampleUpdates;
  return {.kind = "update",
          .step = n * 2048,
          .utc_ms = kSampleUtc_ms + n * 1000,
          .metrics = {{"time/steps_per_second", 12345.0 + 500 * std::sin(n)},
                      {"time/eta_s", 970.0 - 10 * n},
                      {"time/elapsed_s", 10.0 * n},
                      {"progress/timesteps", done},
                      {"progress/total_timesteps", 500000.0},
                      {"progress/update", static_cast<double>(n)},
                      {"time/share_selfplay", 0.713},
                      {"time/share_learn", 0.241},
                      {"time/share_evaluate", 0.036},
                      {"time/share_save", 0.01},
                      {"ppo/policy_loss", -0.012 - 0.01 * std::cos(n * 0.3)},
                      {"ppo/value_loss", 0.9 * std::exp(-2 * share) + 0.02 * std::sin(n)},
                      {"ppo/entropy", 4.2 - share},
                      {"ppo/kl_divergence_approx", 0.0082},
                      {"ppo/clip_fraction", 0.12 + 0.03 * std::sin(n * 0.5)},
                      {"ppo/explained_variance", 0.43 * share},
                      {"ppo/learning_rate", 3e-4},
                      {"ppo/gradient_norm", 0.52},
                      {"selfplay/games", 20.0 * n},
                      {"selfplay/decisive_share", 0.3 + 0.5 * share},
                      {"selfplay/truncated_share", 0.04},
                      {"selfplay/repetition_share", 0.02},
                      {"selfplay/mean_plies", 143.2},
                      {"selfplay/black_wins", 10.0 * n},
                      {"selfplay/white_wins", 9.0 * n},
                      {"selfplay/draws", 1.0 * n},
                      {"system/cpu_percent", 187.4},
                      {"system/rss_mb", 1234.5},
                      {"evaluation/queued", 1.0},
                      {"evaluation/running", 1.0},
                      {"evaluation/credit_s", 12.3}},
          .texts = {}};
}

inline telemetry::Event sample_evaluation(int n) {
  const double score = 0.5 + 0.4 * n / kSampleUpdates;
  return {.kind = "evaluation",
          .step = n * 2048,
          .utc_ms = kSampleUtc_ms + n * 1000,
          .metrics = {{"evaluation/win_rate", score - 0.01},
                      {"evaluation/score", score},
                      {"evaluation/score_low", score - 0.08},
                      {"evaluation/score_high", score + 0.06},
                      {"evaluation/wins", std::round(score * 100) - 5},
                      {"evaluation/losses", 95 - std::round(score * 100)},
                      {"evaluation/draws", 10.0},
                      {"evaluation/total_games", 100.0},
                      {"evaluation/elo", 400.0 * n / kSampleUpdates - 20},
                      {"evaluation/elo_low", 400.0 * n / kSampleUpdates - 65},
                      {"evaluation/elo_high", 400.0 * n / kSampleUpdates + 25}},
          .texts = {{"opponent", "random"}, {"strategy", "single_opponent"}}};
}

inline telemetry::Event sample_sla() {
  return {.kind = "evaluation.sla",
          .step = 0,
          .utc_ms = kSampleUtc_ms,
          .metrics = {{"evaluation/sla/passed", 1.0},
                      {"evaluation/sla/violation_count", 0.0},
                      {"evaluation/sla/unknown_count", 2.0}},
          .texts = {}};
}

/// The whole run: updates at 10 s each from `now_s` = 0, evaluations every tenth, some messages.
inline ProgressState sample_state() {
  ProgressState state;
  state.apply(run_start(), 0.0);
  for (int n = 1; n <= kSampleUpdates; ++n) {
    state.apply(sample_update(n), 10.0 * n);
    if (n % 10 == 0) state.apply(sample_evaluation(n), 10.0 * n);
  }
  state.apply(sample_sla(), 10.0 * kSampleUpdates);
  auto message = telemetry::message(0, "snapshot 6 joins the opponent pool");
  message.utc_ms = kSampleUtc_ms + 61000;
  state.apply(message, 600.0);
  auto warning = telemetry::warning(0, "disk below 5 GiB: 王手\x1b[31m\nsecond line");
  warning.utc_ms = kSampleUtc_ms + 62000;
  state.apply(warning, 600.0);
  return state;
}

/// Records what is written, and by which threads.
class RecordingScreen final : public Screen {
 public:
  explicit RecordingScreen(Size at_first = {}) : size_(at_first) {}
  [[nodiscard]] Size size() const override {
    const std::lock_guard lock(mutex_);
    return size_;
  }
  [[nodiscard]] bool ready() const override {
    const std::lock_guard lock(mutex_);
    return ready_;
  }
  void write(std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    text_ += bytes;
    ++writes_;
    threads_.insert(std::this_thread::get_id());
  }
  void resize(Size size) {
    const std::lock_guard lock(mutex_);
    size_ = size;
  }
  void stop(bool stopped) {
    const std::lock_guard lock(mutex_);
    ready_ = !stopped;
  }
  /// What was written since the last call.
  std::string take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(text_, {});
  }
  [[nodiscard]] int writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
  }
  [[nodiscard]] std::set<std::thread::id> threads() const {
    const std::lock_guard lock(mutex_);
    return threads_;
  }

 private:
  mutable std::mutex mutex_;
  Size size_;
  bool ready_ = true;
  std::string text_;
  int writes_ = 0;
  std::set<std::thread::id> threads_;
};

/// The golden file's text; with KEISEI_UPDATE_GOLDEN set it is rewritten with `actual` first.
inline std::string golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(KEISEI_SOURCE_DIR) + "/tests/dashboard/golden/" + name;
  if (std::getenv("KEISEI_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace keisei::dashboard
