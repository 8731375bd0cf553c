// What the dashboard knows: events folded into one value. A pure core: no terminal, no clock; the time at which an
// event arrived is an argument. The panel (panel.h) and the plain lines (plain.h) read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>

#include "telemetry/event.h"

namespace keisei::dashboard {

inline constexpr std::size_t kHistoryPoints = 256;  ///< values kept per sparkline
inline constexpr std::size_t kKeptMessages = 16;
inline constexpr std::size_t kKeptEvaluations = 256;
inline constexpr std::size_t kMaxMessageBytes = 2048;
inline constexpr std::size_t kMaxSeries = 512;  ///< metric names remembered; later ones are not shown

struct Message {
  std::int64_t utc_ms = 0;
  bool is_warning = false;
  std::string text;  ///< one printable line
};

/// One finished evaluation. Unknown numbers are NaN.
struct EvaluationView {
  std::int64_t step = 0;
  std::string opponent;
  std::string strategy;
  double score = std::numeric_limits<double>::quiet_NaN();  ///< 0..1
  double score_low = score, score_high = score;
  double wins = score, losses = score, draws = score, games = score;
  double elo = score, elo_low = score, elo_high = score;
};

enum class Verdict { kMet, kViolated, kUnknown };

class ProgressState {
 public:
  /// Folds one event in; `now_s` is the monotonic time of its arrival, in seconds.
  void apply(const telemetry::Event& event, double now_s);

  /// The latest value of a metric; NaN when never seen or not measured.
  [[nodiscard]] double value(std::string_view name) const;
  /// Its finite values, oldest first.
  [[nodiscard]] const std::deque<double>& history(std::string_view name) const;

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const std::string& run() const { return run_; }
  [[nodiscard]] std::int64_t step() const { return step_; }
  [[nodiscard]] bool updated() const { return updated_; }  ///< an update was seen
  /// UTC, as the latest event said it plus what went by since.
  [[nodiscard]] std::int64_t utc_ms(double now_s) const;
  [[nodiscard]] const std::deque<EvaluationView>& evaluations() const { return evaluations_; }
  [[nodiscard]] const std::deque<Message>& messages() const { return messages_; }
  [[nodiscard]] Verdict sla() const { return sla_; }
  /// Events that did not reach some outlet.
  [[nodiscard]] std::uint64_t dropped() const;
  /// Seconds since the run started, as last reported plus what went by since; 0 before the first event.
  [[nodiscard]] double elapsed_s(double now_s) const;
  /// Seconds to go, likewise counted down; NaN when unknown, never negative.
  [[nodiscard]] double eta_s(double now_s) const;
  /// Share of the plies done, 0..1; NaN when the total is unknown.
  [[nodiscard]] double progress() const;

 private:
  struct Series {
    double last = std::numeric_limits<double>::quiet_NaN();
    std::deque<double> history;
  };
  void remember(const std::string& name, double value);
  void say(std::int64_t utc_ms, bool warning, std::string_view text);
  void add_evaluation(const telemetry::Event& event);

  std::unordered_map<std::string, Series> series_;
  std::unordered_map<std::string, std::uint64_t> dropped_by_outlet_;
  std::deque<EvaluationView> evaluations_;
  std::deque<Message> messages_;
  std::string run_;
  std::int64_t step_ = 0;
  std::int64_t utc_ms_ = 0;
  Verdict sla_ = Verdict::kUnknown;
  double first_s_ = 0.0;   ///< arrival of the first event
  double latest_s_ = 0.0;  ///< of the latest
  double update_s_ = 0.0;  ///< of the latest update
  bool started_ = false;
  bool updated_ = false;
  bool ended_ = false;
};

}  // namespace keisei::dashboard
