// How long a player may think: byoyomi, Fischer increments, sudden death, a fixed time a move, or no clock at all but a
// number of nodes or a depth. Pure values: the time that was used is passed in, so a clock can be tested and replayed.
// Text is in seconds ("60+1", "byoyomi=1"), values are whole milliseconds. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shogi/types.h"

namespace keisei::evaluation {

inline constexpr std::int64_t kMsPerS = 1000;
inline constexpr std::int64_t kMaxClockMs = 100'000'000;  ///< of any one part of a time control
inline constexpr std::int64_t kMaxNodesLimit = 1'000'000'000'000;
inline constexpr int kMaxDepthLimit = 1000;
inline constexpr std::int64_t kDefaultMarginMs = 500;

struct TimeControl {
  std::int64_t time_ms = 0;       ///< main time of a game
  std::int64_t increment_ms = 0;  ///< Fischer: given back after each move
  std::int64_t byoyomi_ms = 0;    ///< for each move once the main time is used up
  std::int64_t movetime_ms = 0;   ///< exactly this for each move
  std::int64_t nodes = 0;
  int depth = 0;
  std::int64_t margin_ms = kDefaultMarginMs;  ///< forgiven a move: what pipes and a busy machine take

  /// A clock runs from move to move.
  [[nodiscard]] bool has_clock() const { return time_ms > 0 || increment_ms > 0 || byoyomi_ms > 0; }
  /// Time is limited in any way.
  [[nodiscard]] bool is_timed() const { return has_clock() || movetime_ms > 0; }
  /// Something ends a search.
  [[nodiscard]] bool is_limited() const { return is_timed() || nodes > 0 || depth > 0; }
  friend bool operator==(const TimeControl&, const TimeControl&) = default;
};

/// Sets one part by its key: time, inc, byoyomi, movetime, margin (seconds, at most 3 decimals), nodes, depth (whole
/// numbers). False when the key is none of these. kUsage for a value out of its bound.
[[nodiscard]] Result<bool> set_limit(TimeControl& control, std::string_view key, std::string_view value);

/// kUsage for parts that exclude each other: increment with byoyomi, movetime with a clock, an increment without time.
[[nodiscard]] Result<void> validate(const TimeControl& control);

/// "nodes=1000", "depth=3", "movetime=0.1", "byoyomi=1", "60+1" (time + increment), "300" (sudden death), or several of
/// them with commas. kUsage.
[[nodiscard]] Result<TimeControl> parse_time_control(std::string_view text);

/// key=value parts joined by `joint`, without those at their defaults; "" for no limit.
[[nodiscard]] std::string to_string(const TimeControl& control, std::string_view joint = ",");

/// One side's clock in one game.
class GameClock {
 public:
  explicit GameClock(const TimeControl& control) : control_(control), left_ms_(control.time_ms) {}

  /// Main time left.
  [[nodiscard]] std::int64_t left_ms() const { return left_ms_; }
  /// The longest that the next move may take, without the margin; 0 where time is not limited.
  [[nodiscard]] std::int64_t budget_ms() const;
  /// Books a move that took `used_ms`. False when it was over budget and margin: the mover has lost on time.
  [[nodiscard]] bool spend(std::int64_t used_ms);
  /// What follows "go ": the clock of `side` as it is now; the other side is shown with its time at the start.
  [[nodiscard]] std::string go_arguments(shogi::Color side) const;

 private:
  TimeControl control_;
  std::int64_t left_ms_;
};

}  // namespace keisei::evaluation
