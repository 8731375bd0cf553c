// What USI engines say, taken apart: option lines, info lines, bestmove. Engines are foreign programs, so every
// function takes any bytes and bounds what it keeps. Pure; any thread. Scores are those of the side to move at the
// engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keisei::evaluation {

inline constexpr std::size_t kMaxEngineTextBytes = 200;  ///< of an engine's words, in names and messages
inline constexpr std::size_t kMaxPvMoves = 256;
inline constexpr std::size_t kMaxOptionLines = 1000;

/// "option name N type T default D min A max B var V…"
struct UsiOption {
  enum class Type : std::uint8_t { kCheck, kSpin, kCombo, kButton, kString, kFilename };
  std::string name;
  Type type = Type::kString;
  std::string default_value;  ///< "" also for <empty>
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
  std::vector<std::string> values;  ///< of a combo
};

/// What the info lines of one search said last.
struct UsiInfo {
  std::optional<int> depth;
  std::optional<std::int64_t> nodes;
  std::optional<int> score_cp;    ///< hundredths of a pawn
  std::optional<int> score_mate;  ///< plies to mate: > 0 mates, < 0 is mated
  std::vector<std::string> pv;
  /// Expectation of the result in [-1, 1]; 0 without a score.
  [[nodiscard]] double value() const;
};

struct UsiAnswer {
  enum class Kind : std::uint8_t { kMove, kResign, kWin, kNone };
  Kind kind = Kind::kNone;  ///< kNone: "bestmove" without a move
  std::string move;         ///< kMove: as written, at most 8 bytes, no check of its form
  std::string ponder;
  UsiInfo info;
  double seconds = 0;  ///< from go to bestmove
};

/// The next word of a line and the rest behind it; blanks and tabs part words.
[[nodiscard]] std::string_view take_word(std::string_view& line);

/// Nothing when the line is no option line with a name and a known type.
[[nodiscard]] std::optional<UsiOption> parse_option(std::string_view line);

/// Takes an info line over into `info`; anything not understood leaves it as it is.
void read_info(std::string_view line, UsiInfo& info);

/// Nothing when the line does not begin with the word bestmove.
[[nodiscard]] std::optional<UsiAnswer> parse_bestmove(std::string_view line);

/// Foreign bytes for a message: at most kMaxEngineTextBytes, control characters and non-ASCII bytes as '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace keisei::evaluation
