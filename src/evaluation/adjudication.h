// Ends a game by resignation once both players agree on who has lost: the mover's own expectation is at or below the
// limit, and the last plies of both sides say the same. Off unless asked for, because it trusts the players' values;
// a player that gives none (0) is never adjudicated. Wraps the two players of a pairing; one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "shogi/player.h"

namespace keisei::evaluation {

inline constexpr int kMaxAdjudicationMoves = 100;

struct Adjudication {
  double limit = 0;  ///< 0 = off; else a game is lost at expectations <= -limit, limit in (0, 1]
  int moves = 4;     ///< consecutive moves of each side that must say so

  [[nodiscard]] bool on() const { return limit > 0; }
  friend bool operator==(const Adjudication&, const Adjudication&) = default;
};

/// "resign=0.95,moves=4", or "off". kUsage for anything else.
[[nodiscard]] Result<Adjudication> parse_adjudication(std::string_view text);
[[nodiscard]] std::string to_string(const Adjudication& adjudication);

/// The two players as they play under it; both outlive the result.
[[nodiscard]] std::pair<std::unique_ptr<shogi::Player>, std::unique_ptr<shogi::Player>> adjudicated(
    shogi::Player& agent, shogi::Player& opponent, const Adjudication& adjudication);

}  // namespace keisei::evaluation
