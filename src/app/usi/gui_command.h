// What a GUI says, taken apart: position, go, setoption. A GUI is a foreign program: any bytes are taken, unknown words
// are passed over, as the protocol wants it. Pure functions; any thread. Times in milliseconds, as they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/usi/thinker.h"
#include "base/result.h"
#include "shogi/position.h"

namespace keisei::app::usi {

inline constexpr std::int64_t kMaxTimeMs = 100'000'000'000;

/// The times of go and of ponderhit; nothing where they do not stand.
struct GoTimes {
  std::optional<std::int64_t> black_ms;  ///< btime
  std::optional<std::int64_t> white_ms;  ///< wtime
  std::optional<std::int64_t> black_increment_ms;
  std::optional<std::int64_t> white_increment_ms;
  std::optional<std::int64_t> byoyomi_ms;
  std::optional<std::int64_t> movetime_ms;
  [[nodiscard]] bool any() const;
};

struct GoCommand {
  GoTimes times;
  std::optional<std::uint64_t> nodes;
  std::optional<int> depth;
  bool infinite = false;
  bool ponder = false;
  bool mate = false;                    ///< go mate: only whether there is a mate
  std::optional<std::int64_t> mate_ms;  ///< nothing = without end
  std::vector<std::string> only;        ///< searchmoves
};

/// The words behind "go" or "ponderhit". A number that is none, or negative, counts as 0.
[[nodiscard]] GoCommand parse_go(std::string_view words);

/// The words behind "position": startpos or sfen, then moves. kBadData says which move is wrong.
[[nodiscard]] Result<shogi::Position> parse_position(std::string_view words);

struct SetOption {
  std::string name;
  std::string value;  ///< "" without one
};
/// The words behind "setoption"; nothing without a name.
[[nodiscard]] std::optional<SetOption> parse_setoption(std::string_view words);

/// How long `side` may think: `delay_ms` is what gets lost on the way to the GUI. Without any time there is no limit.
[[nodiscard]] TimeBudget budget_of(const GoTimes& times, shogi::Color side, std::int64_t delay_ms);

}  // namespace keisei::app::usi
