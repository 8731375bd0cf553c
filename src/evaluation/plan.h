// The games of an evaluation, fixed before the first is played: a list of pairings, each with its games. Games come in
// pairs that share an opening with colours swapped, so an unbalanced opening favours nobody; the agent is Black in the
// first game of a pair. Pure functions of the request; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluation/record.h"
#include "evaluation/request.h"
#include "shogi/position.h"

namespace keisei::evaluation {

struct PlannedGame {
  std::uint64_t game = 0;  ///< unique within the plan, 0, 1, 2, ...
  int pair = 0;
  std::string opening_sfen;
  shogi::Color agent_colour = shogi::Color::kBlack;
};

struct Pairing {
  PlayerSpec agent;
  PlayerSpec opponent;
  std::string agent_id;
  std::string opponent_id;
  std::vector<PlannedGame> games;  ///< numbered without gaps
};

struct Plan {
  std::uint64_t seed = 0;
  shogi::Rules rules;
  std::string protocol;
  std::vector<Pairing> pairings;

  [[nodiscard]] int games() const;
};

/// The plan of a request; validates the request, the players and every opening first (kUsage).
[[nodiscard]] Result<Plan> make_plan(const Request& request);

/// Opening number `index` of `seed`: `plies` random legal plies from the start position, redrawn while the game would
/// be over or the material differs by more than kMaxOpeningImbalance. Canonical SFEN.
[[nodiscard]] std::string draw_opening(std::uint64_t seed, std::uint64_t index, int plies);
inline constexpr double kMaxOpeningImbalance = 3.0;  ///< pawns
inline constexpr int kMaxOpeningDraws = 100;         ///< then the start position

/// The record of a planned game before its first ply: names, ids, key, opening, rules; reason kNotPlayed.
[[nodiscard]] GameRecord blank_record(const Plan& plan, std::size_t pairing, const PlannedGame& game);

/// Whether the record is of that game of the plan: same players, ids, key, opening, colours, rules. A record that came
/// from another process is believed only then, and when verify() replays it.
[[nodiscard]] bool is_planned(const Plan& plan, const GameRecord& record);

/// `played` with a fault (reason and text) for every planned game that is missing, in the order of the plan: games
/// asked and games reported are then equal. Records of games that were not planned, and second records of one game, are
/// left out.
[[nodiscard]] std::vector<GameRecord> account_for_all(const Plan& plan, std::vector<GameRecord> played,
                                                      EndReason reason, const std::string& fault);

}  // namespace keisei::evaluation
