// What an engine answers, whatever protocol it speaks, and the two ways in which its words are handled: taken apart at
// blanks, and made printable for messages. Engines are foreign programs, so what is kept of their words is bounded.
// Plain values and pure functions; any thread. Scores are those of the side to move at the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keisei::evaluation {

inline constexpr std::size_t kMaxEngineTextBytes = 200;  ///< of an engine's words, in names and messages
inline constexpr std::size_t kMaxPvMoves = 256;

/// What an engine said last of one search.
struct EngineInfo {
  std::optional<int> depth;
  std::optional<std::int64_t> nodes;
  std::optional<int> score_cp;    ///< hundredths of a pawn
  std::optional<int> score_mate;  ///< plies to mate: > 0 mates, < 0 is mated
  std::vector<std::string> pv;
  /// Expectation of the result in [-1, 1]; 0 without a score.
  [[nodiscard]] double value() const;
};

struct EngineAnswer {
  enum class Kind : std::uint8_t { kMove, kResign, kWin, kNone };
  Kind kind = Kind::kNone;  ///< kNone: an answer without a move
  std::string move;         ///< kMove: as written, at most 8 bytes, no check of its form
  std::string ponder;
  EngineInfo info;
  double seconds = 0;  ///< from the question to the answer
};

/// Without the blanks, tabs and carriage returns at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The next word of a line and the rest behind it; blanks and tabs part words.
[[nodiscard]] std::string_view take_word(std::string_view& line);

/// Foreign bytes for a message: at most kMaxEngineTextBytes, control characters and non-ASCII bytes as '?'.
[[nodiscard]] std::string printable_ascii(std::string_view text);

}  // namespace keisei::evaluation
