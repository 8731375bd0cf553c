// What the full screen knows: events folded into one value of bounded size. On top of ProgressState (numbers,
// evaluations) it keeps a log to scroll, sampled games, the verdicts on each clause, and what evaluations decided. No
// terminal, no clock; a copy is a frozen picture, which is how the display pauses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dashboard/cells.h"
#include "dashboard/state.h"

namespace keisei::dashboard {

inline constexpr std::size_t kLogLines = 500;
inline constexpr std::size_t kRecentGames = 64;
inline constexpr std::size_t kMaxClauses = 16;
inline constexpr std::size_t kMaxDecisions = 64;

/// A sampled game (telemetry/game_events.h), as printable text.
struct GameView {
  std::int64_t step = 0;
  std::int64_t utc_ms = 0;
  std::string sfen, last_move;  ///< USI
  std::string black, white;
  std::string winner, reason;  ///< empty while the game goes on
};

/// What was decided by evaluations: who became an opponent, where a stop rule stands.
struct DecisionView {
  std::int64_t step = 0;
  std::string text;  ///< one printable line
};

/// One clause of the safeguards over the run so far.
struct ClauseView {
  std::string name;
  Verdict latest = Verdict::kUnknown;
  std::int64_t met = 0, violated = 0, unknown = 0;
};

class LiveState {
 public:
  /// Folds one event in; `now_s` is the monotonic time of its arrival, in seconds.
  void apply(const telemetry::Event& event, double now_s);
  /// A line that somebody wrote to stderr.
  void add_line(std::int64_t utc_ms, std::string_view text);

  [[nodiscard]] const ProgressState& progress() const { return progress_; }
  [[nodiscard]] const std::deque<Line>& log() const { return log_; }
  /// The newest game that is being played, the newest one that ended, and those that ended, newest last.
  [[nodiscard]] const std::optional<GameView>& running_game() const { return running_game_; }
  [[nodiscard]] const std::deque<GameView>& ended_games() const { return ended_games_; }
  /// In the order in which they were first judged; empty before the first evaluation.
  [[nodiscard]] const std::vector<ClauseView>& clauses() const { return clauses_; }
  /// Newest last.
  [[nodiscard]] const std::deque<DecisionView>& decisions() const { return decisions_; }
  /// "closed", "open", "half_open"; empty when never told.
  [[nodiscard]] const std::string& breaker() const { return breaker_; }
  /// Why periodic evaluation is off or its gate shut; empty when neither.
  [[nodiscard]] const std::string& held_back() const { return held_back_; }
  /// How the run ended: "finished", "interrupted", "failed"; empty while it runs.
  [[nodiscard]] const std::string& ended_as() const { return ended_as_; }
  /// Seconds without an event.
  [[nodiscard]] double silence_s(double now_s) const;

 private:
  void log(const telemetry::Event& event);
  void judge(const telemetry::Event& event);
  void add_game(const telemetry::Event& event);
  void decide(std::int64_t step, std::string_view text);

  ProgressState progress_;
  std::deque<Line> log_;
  std::optional<GameView> running_game_;
  std::deque<GameView> ended_games_;
  std::vector<ClauseView> clauses_;
  std::deque<DecisionView> decisions_;
  std::string breaker_, held_back_, ended_as_;
  double latest_s_ = 0.0;
};

}  // namespace keisei::dashboard
