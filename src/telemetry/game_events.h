// game.sample: one game of self-play as it stands at an update boundary, or as it has just ended; what a board on a
// screen or a page is drawn from. A sample, not a record: the session publishes at most one running and one ended game
// every kLeastSampleGap_s, so the log grows by a line a second at most. The ply is the SFEN's move number less one.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "telemetry/event.h"

namespace keisei::telemetry {

inline constexpr double kLeastSampleGap_s = 1.0;

struct GameSample {
  std::string sfen;       ///< the position now, or the one in which the game ended
  std::string last_move;  ///< USI; empty before the first move
  std::string black;      ///< who plays: "learner", "snapshot 40960"; empty where nobody says
  std::string white;
  std::string winner;  ///< black | white | none; empty while the game goes on
  std::string reason;  ///< why it ended: checkmate, repetition, max_moves, ...; empty while it goes on
};

[[nodiscard]] inline Event game_sample(std::int64_t step, GameSample sample) {
  Event event{.kind = "game.sample", .step = step, .utc_ms = 0, .metrics = {}, .texts = {}};
  event.texts.emplace_back("sfen", std::move(sample.sfen));
  event.texts.emplace_back("last_move", std::move(sample.last_move));
  event.texts.emplace_back("black", std::move(sample.black));
  event.texts.emplace_back("white", std::move(sample.white));
  if (!sample.winner.empty()) event.texts.emplace_back("winner", std::move(sample.winner));
  if (!sample.reason.empty()) event.texts.emplace_back("reason", std::move(sample.reason));
  return event;
}

}  // namespace keisei::telemetry
