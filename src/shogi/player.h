// A player: positions in, moves or resignations or declarations out. It answers for many games at once, so that a
// player with a network needs one forward pass per tick over all running games; scripted ones loop. Everything random
// comes from the turn's own stream, so a game can be replayed from its record.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "shogi/position.h"

namespace keisei::shogi {

struct Turn {
  const Position* position = nullptr;  ///< not over; owned by the caller
  std::uint64_t game = 0;              ///< the same for all turns of one game
  Random random{0, Purpose::kEvaluation};
};

struct Choice {
  /// kTimeUp: the player's own clock ran out before it had a move; it loses.
  enum class Kind : std::uint8_t { kMove, kResign, kDeclare, kFault, kTimeUp } kind = Kind::kResign;
  Move move{};
  double value = 0;     ///< the player's expectation of the result in [-1, 1] for the side to move; 0 where it has none
  std::string fault{};  ///< kFault: why the player could not answer; the game is then a fault, not a draw
};

class Player {
 public:
  virtual ~Player() = default;
  /// Answers turns[i] in choices[i]; both spans have one length.
  virtual void choose(std::span<const Turn> turns, std::span<Choice> choices) = 0;
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace keisei::shogi
