// The record of one game: everything that is reported is recomputed from these, and a game can be replayed bit for bit
// from its record, the weights with the recorded ids, and its key (seed, game). A game that could not be played is a
// fault: counted, never a draw. One JSON line a game. Plain value; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shogi/position.h"
#include "shogi/types.h"

namespace keisei::evaluation {

/// Why a game ended. The first six are the rules' own (shogi::Reason, same order and spelling).
enum class EndReason : std::uint8_t {
  kCheckmate,
  kNoLegalMoves,
  kRepetition,
  kPerpetualCheck,
  kDeclaration,
  kMaxMoves,
  kResign,
  kIllegalMove,         ///< an illegal or no move: the mover loses
  kIllegalDeclaration,  ///< a declaration without its conditions: the declarer loses
  kTimeUp,              ///< the mover's own clock ran out: the mover loses
  kPlayerFault,         ///< a player could not answer: fault
  kTimeout,             ///< the game's or the evaluation's time was over: fault
  kCancelled,           ///< the evaluation was stopped: fault
  kNotPlayed,           ///< the worker ended (memory, crash) before the game did: fault
};
inline constexpr int kEndReasons = 14;
[[nodiscard]] std::string_view to_string(EndReason reason);  ///< "checkmate", "illegal_move", ...
[[nodiscard]] Result<EndReason> parse_end_reason(std::string_view text);
[[nodiscard]] constexpr bool is_fault(EndReason reason) { return reason >= EndReason::kPlayerFault; }

/// A game seen from the agent.
enum class GameResult : std::uint8_t { kWin, kDraw, kLoss, kFault };
[[nodiscard]] std::string_view to_string(GameResult result);  ///< win | draw | loss | fault
[[nodiscard]] Result<GameResult> parse_game_result(std::string_view text);
/// The result as the other player sees it.
[[nodiscard]] constexpr GameResult reversed(GameResult result) {
  if (result == GameResult::kWin) return GameResult::kLoss;
  return result == GameResult::kLoss ? GameResult::kWin : result;
}

inline constexpr std::size_t kMaxRecordBytes = 1U << 20;  ///< one JSON line
inline constexpr std::size_t kMaxFaultBytes = 1000;       ///< longer fault texts are cut

struct GameRecord {
  std::uint64_t game = 0;  ///< number within the evaluation; with `seed` the key of its random streams
  std::uint64_t seed = 0;
  int pairing = 0;  ///< which pairing of the plan
  int pair = 0;     ///< games of one pair share an opening, with colours swapped
  std::string opening_sfen;
  std::vector<std::string> moves;  ///< USI, from the opening
  std::vector<double> values;      ///< the mover's expectation in [-1, 1] at each of `moves`, to 4 decimals; 0 = none
  shogi::Color agent_colour = shogi::Color::kBlack;
  shogi::Winner winner = shogi::Winner::kNone;
  EndReason reason = EndReason::kNotPlayed;
  bool truncated = false;  ///< cut by the move limit
  std::string refused;     ///< kIllegalMove: what was answered, as USI; "none" = no move
  std::string fault;       ///< why the game could not be played; "" unless is_fault(reason)
  double seconds = 0;      ///< monotonic, first ply to end
  std::string agent;       ///< player names, for people
  std::string opponent;
  std::string agent_id;  ///< weights ids, for ratings
  std::string opponent_id;
  std::string protocol;  ///< protocol_hash of the request
  shogi::Rules rules;

  [[nodiscard]] int plies() const { return static_cast<int>(moves.size()); }
  [[nodiscard]] GameResult result() const;                           ///< the agent's
  friend bool operator==(const GameRecord& a, const GameRecord& b);  ///< of everything but `seconds`
};

/// One line of JSON (no line break), first key "schema": "keisei.game/1".
[[nodiscard]] std::string encode(const GameRecord& record);

/// The record of encode(); kBadData names the field that is wrong.
[[nodiscard]] Result<GameRecord> decode_record(std::string_view line);

/// Replays the record: the opening, each move, the end and the winner must be what the rules say, nothing may go on
/// after the end. kBadData names the ply that is wrong.
[[nodiscard]] Result<void> verify(const GameRecord& record);

}  // namespace keisei::evaluation
