// The made-up run of sample.h with all that the full screen shows besides: the governor's numbers, verdicts clause by
// clause, games, a log. Events with the times at which they arrive.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dashboard/live_state.h"
#include "dashboard/sample.h"
#include "telemetry/evaluation_events.h"
#include "telemetry/game_events.h"

namespace keisei::dashboard {

struct Arrival {
  telemetry::Event event;
  double at_s = 0.0;
};

inline constexpr double kLiveNow_s = 603.0;
inline constexpr const char* kSampleSfen = "l6nl/5+P1gk/2np1S3/p1p4Pp/3P2Sp1/1PPb2P1P/P5GS1/R8/LN4bKL w RGgsn5p 60";

inline telemetry::Event live_update(int n) {
  telemetry::Event event = sample_update(n);
  const std::pair<const char*, double> more[] = {
      {"evaluation/enabled", 1.0},           {"evaluation/paused_s", 0.06 * n},
      {"governor/bank_s", 0.8},              {"governor/duty_percent", 1.0 + 0.02 * n},
      {"governor/gate_shut", 0.0},           {"governor/longest_stall_ms", 20.9},
      {"governor/ledger_excess_s", -0.03},   {"governor/impact_percent", 1.6},
      {"governor/impact_low_percent", -0.7}, {"governor/impact_high_percent", 3.3},
      {"governor/pairs", n / 6.0},           {"governor/pairs_dropped", n / 7.0},
      {"selfplay/league_score", 0.6},        {"ppo/material_loss", 0.5 - 0.001 * n}};
  for (const auto& [name, value] : more) {
    const double scale = std::string_view(name).starts_with("governor/pairs") ? 1 : 100;
    event.metrics.emplace_back(name, std::floor(value * scale + 1e-6) / scale);  // the same however it was rounded
  }
  return event;
}

inline telemetry::Event live_performance(int n) {
  return {.kind = "evaluation.performance",
          .step = n * 2048,
          .utc_ms = kSampleUtc_ms + n * 1000,
          .metrics = {{"evaluation/performance/evaluation_latency_ms", 69.3},
                      {"evaluation/performance/memory_overhead_mb", 123.2},
                      {"evaluation/performance/cpu_utilization_percent", 48.1},
                      {"evaluation/performance/gpu_utilization_percent", telemetry::kUnknown},
                      {"evaluation/performance/training_impact_percent", 1.6}},
          .texts = {}};
}

inline telemetry::Event live_sla(int n, bool latency_violated) {
  telemetry::Event event = sample_sla();
  event.step = n * 2048;
  event.utc_ms = kSampleUtc_ms + n * 1000;
  for (const char* clause : {"concurrency", "timeout", "latency", "memory", "training_impact", "cpu", "gpu"}) {
    const std::string name(clause);
    const double flag = name == "gpu" ? telemetry::kUnknown : name == "latency" && latency_violated ? 1.0 : 0.0;
    event.metrics.emplace_back("evaluation/sla/violations/" + name, flag);
  }
  const std::pair<const char*, double> limits[] = {{"concurrency", 1}, {"timeout", telemetry::kUnknown},
                                                   {"latency", 5000},  {"memory", 500},
                                                   {"cpu", 80},        {"training_impact", 2.5},
                                                   {"gpu", 80}};
  for (const auto& [clause, limit] : limits) {
    event.metrics.emplace_back("evaluation/sla/limits/" + std::string(clause), limit);
  }
  return event;
}

inline telemetry::Event live_game(int n, telemetry::GameSample sample) {
  telemetry::Event event = telemetry::game_sample(n * 2048, std::move(sample));
  event.utc_ms = kSampleUtc_ms + n * 1000;
  return event;
}

inline std::vector<Arrival> live_events() {
  std::vector<Arrival> all{{run_start(), 0.0}};
  const char* reasons[] = {"checkmate", "no_legal_moves", "repetition", "max_moves", "declaration"};
  const char* winners[] = {"black", "white", "none", "none", "white"};
  for (int n = 1; n <= kSampleUpdates; ++n) {
    const double at_s = 10.0 * n;
    all.push_back({live_update(n), at_s});
    all.push_back({live_game(n, {.sfen = kSampleSfen,
                                 .last_move = "S*6c",
                                 .black = "learner",
                                 .white = n % 3 == 0 ? "snapshot 40960" : "learner",
                                 .winner = winners[n % 5],
                                 .reason = reasons[n % 5]}),
                   at_s});
    if (n % 10 != 0) continue;
    all.push_back({sample_evaluation(n), at_s});
    if (n == 40) all.back().event.texts.emplace_back("stop", "sprt: stopped, accept_h1: LLR 3.02");
    all.push_back({live_performance(n), at_s});
    all.push_back({live_sla(n, n == 30), at_s});
  }
  all.push_back({live_game(kSampleUpdates, {.sfen = kSampleSfen,
                                            .last_move = "7g6f+",
                                            .black = "learner",
                                            .white = "learner",
                                            .winner = "",
                                            .reason = ""}),
                 600.0});
  auto message = telemetry::message(0, "snapshot 6 joins the opponent pool");
  message.utc_ms = kSampleUtc_ms + 61000;
  all.push_back({std::move(message), 600.0});
  auto warning = telemetry::warning(0, "disk below 5 GiB: 王手\x1b[31m\nsecond line");
  warning.utc_ms = kSampleUtc_ms + 62000;
  all.push_back({std::move(warning), 600.0});
  return all;
}

inline LiveState live_state() {
  LiveState state;
  for (const Arrival& arrival : live_events()) state.apply(arrival.event, arrival.at_s);
  return state;
}

}  // namespace keisei::dashboard
