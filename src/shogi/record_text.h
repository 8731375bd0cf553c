// A game as text that other programs read: KIF, KI2, CSA V2.2, JKF and a USI line, all in UTF-8 (record_encoding.h has
// the other code page, record_read.h the readers). The game is a plain value here, so that whoever keeps games
// (evaluation, play) fills it in without this room knowing them. Every move is played before a line is written: an
// illegal game is an error, never a file. Times in seconds, dates in UTC. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shogi/position.h"

namespace keisei::shogi {

enum class RecordFormat : std::uint8_t { kKif, kKi2, kCsa, kUsi, kJkf };

enum class RecordEnd : std::uint8_t {
  kUnfinished,          ///< stopped, or a fault: no result
  kResign,              ///< the side to move resigned
  kCheckmate,           ///< the side to move is mated
  kNoLegalMoves,        ///< the side to move has no move, without being in check, and loses
  kRepetition,          ///< fourfold: a draw
  kPerpetualCheck,      ///< the winner is who was checked
  kDeclaration,         ///< the side to move declared: it wins, or draws under the 24-point rule
  kImpasse,             ///< a draw by two entered kings, as both sides or the arbiter said
  kMaxMoves,            ///< cut by the move limit: no result
  kIllegalMove,         ///< the side to move answered with something illegal, which is not among the moves
  kIllegalDeclaration,  ///< the side to move declared without the conditions
  kTimeout,             ///< the side to move ran out of time
  kFoulBefore,          ///< the side that moved last broke a rule: the side to move wins
};

/// A line about the game that has no field of its own: "場所", "持ち時間", or a CSA keyword such as "MAX_MOVES".
struct HeaderLine {
  std::string key{};
  std::string value{};
  friend bool operator==(const HeaderLine&, const HeaderLine&) = default;
};

struct RecordedMove {
  Move move{};
  std::optional<double> time_s{};  ///< spent on the move; whole seconds are written
  std::string comment{};           ///< after the move; lines are split at '\n'
};

struct GameText {
  std::string start_sfen{"startpos"};
  std::vector<RecordedMove> moves{};
  std::string black_name{};
  std::string white_name{};
  std::string event{};
  std::optional<std::int64_t> start_utc_s{};  ///< since 1970-01-01 00:00 UTC
  RecordEnd end = RecordEnd::kUnfinished;
  Winner winner = Winner::kNone;
  std::string comment{};               ///< before the first move
  std::optional<double> end_time_s{};  ///< spent on the act that ended the game
  std::vector<HeaderLine> headers{};
};

inline constexpr std::size_t kMaxRecordMoves = 100'000;
inline constexpr double kMaxMoveSeconds = 1e7;
inline constexpr std::int64_t kMaxStartUtcSeconds = 253'402'300'799;  ///< the last second of the year 9999

/// kif | ki2 | csa | usi | jkf. kUsage for any other name.
[[nodiscard]] Result<RecordFormat> parse_record_format(std::string_view name);
[[nodiscard]] std::string_view to_string(RecordFormat format);
/// As programs expect it of a UTF-8 file: .kifu, .ki2u, .csa, .usi, .jkf
[[nodiscard]] std::string_view file_extension(RecordFormat format);
/// Whether a file of this format may hold several games: CSA and USI.
[[nodiscard]] bool holds_many_games(RecordFormat format);
/// Whether `key` can be a HeaderLine's: 1 to 64 bytes without blanks, controls and colons that no format reads as
/// something else.
[[nodiscard]] bool is_header_key(std::string_view key);

/// The whole text, ending with a line feed. kBadData for a start or a move that is not legal (by number), for an end
/// and a winner that contradict each other or the side to move, and for times and dates out of range.
[[nodiscard]] Result<std::string> export_record(const GameText& game, RecordFormat format);

/// Several games in one text, in order. kBadData also for none, and for more than one where the format holds one.
[[nodiscard]] Result<std::string> export_records(std::span<const GameText> games, RecordFormat format);

}  // namespace keisei::shogi
