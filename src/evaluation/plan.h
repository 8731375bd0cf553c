// The games of an evaluation, fixed before the first is played: a list of pairings, each with its games. Games come in
// pairs that share an opening with colours swapped, so an unbalanced opening favours nobody; the agent is Black in the
// first game of a pair, and every pairing has the same openings. Where a later game depends on results, the plan holds
// the most that can be played, and the conductor says how far it goes. Pure functions of the request; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluation/conductor.h"
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
  shogi::Rules rules;              ///< the plan's; of a tsume: as many plies as its mate takes
  int mate_in = 0;                 ///< > 0: a tsume of so many plies; its defender is no player of the request

  [[nodiscard]] std::string opponent_name() const;  ///< as in the records
};

struct Plan {
  std::uint64_t seed = 0;
  shogi::Rules rules;
  std::string protocol;
  std::vector<Pairing> pairings;
  bool until_first_loss = false;
  StopRule stop;

  [[nodiscard]] int games() const;  ///< at most
  [[nodiscard]] Course course() const;
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

/// `played` with a fault (reason and text) for every game that was due and is missing, in the order of the plan: games
/// asked and games reported are then equal. Records of games that were not planned or lie beyond a stop, and second
/// records of one game, are left out.
[[nodiscard]] std::vector<GameRecord> account_for_all(const Plan& plan, std::vector<GameRecord> played,
                                                      EndReason reason, const std::string& fault);

}  // namespace keisei::evaluation
