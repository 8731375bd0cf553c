// Players without a network from their written form: random, greedy, material:D, usi:COMMAND and xboard:COMMAND.
// Networks are made where libtorch is. check_player() is asked before the first game, so that a missing program or one
// that does not speak its protocol is an error of the command line and not a lost match. The host's kennel must outlive
// no player: they share it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evaluation/engine.h"
#include "evaluation/player_note.h"
#include "evaluation/player_spec.h"
#include "guard/kennel.h"
#include "shogi/player.h"

namespace keisei::evaluation {

/// Where engines run. One kennel a process; `clock` must outlive the players and run in real time.
struct EngineHost {
  std::shared_ptr<guard::Kennel> kennel{};
  const Clock* clock = nullptr;
  EngineTimes times{};
  std::function<bool()> keep_going{};  ///< asked several times a second while an engine thinks (a place for
                                       ///< heartbeats); false gives the answer up as a fault
  NoteSink on_note{};                  ///< hears what there is to know of the engines; may stay empty
};

/// A player that is no network. kUsage for a network's spec or an unknown one; kFailure for an engine without a host.
/// Engines are started at their first move, from the thread that asks for it, which must live as long as the player.
[[nodiscard]] Result<std::unique_ptr<shogi::Player>> make_player(const PlayerSpec& spec, const shogi::Rules& rules,
                                                                 const EngineHost& host = {});

/// What check_player found out about an engine; empty for other players.
struct EngineReport {
  std::string name;                ///< as the engine says
  std::string author;              ///< as the engine says
  std::vector<std::string> notes;  ///< what the kernel could not cage: "cage: landlock not available: …"
};

/// Starts an engine once as a match would (program, handshake, options, readiness) and ends it again. kUsage names
/// the program, option or directory that is wrong. Other players are only looked at.
[[nodiscard]] Result<EngineReport> check_player(const PlayerSpec& spec, const shogi::Rules& rules,
                                                const EngineHost& host);

/// How many games this player plays side by side: the instances of an engine, `otherwise` for all others. A loop with
/// more games than that stays right, but an engine then forgets its tables at each change of game.
[[nodiscard]] int concurrent_games(const PlayerSpec& spec, int otherwise);

}  // namespace keisei::evaluation
