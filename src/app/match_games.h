// Plays the games of a match in guarded worker processes: as many pairs at once as asked, each in a worker with a
// permit of its own. Every record is checked (of the match, legal by the rules) and in the journal before it counts.
// A worker that dies costs the games of its pair, which become faults; a match that is stopped loses none that ended.
// Owned by the command; its thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "evaluation/match_journal.h"
#include "evaluation/match_report.h"
#include "guard/job.h"

namespace keisei::app {

/// What a worker needs of one player: encoded weights; empty where it has none.
using PlayerWeights = std::vector<std::vector<std::byte>>;  ///< by player of the match

struct MatchRun {
  const evaluation::Match& match;
  const PlayerWeights& weights;
  std::vector<std::string> worker;              ///< argv of the worker program
  std::string launcher;                         ///< the program with the launcher stage
  int concurrency = 1;                          ///< pairs at once
  evaluation::MatchJournal* journal = nullptr;  ///< nothing is kept where there is none
  /// After each finished pair and while waiting: everything so far, and where the stop rule stands.
  std::function<void(const std::vector<evaluation::GameRecord>&, const evaluation::StopPoint&)> on_progress{};
  evaluation::NoteSink on_note{};      ///< what the workers say of the players
  std::function<bool()> keep_going{};  ///< false ends the match; its finished games stay
};

struct MatchEnd {
  std::vector<evaluation::GameRecord> games;  ///< all that are in the journal, in the order of ending
  evaluation::StopPoint stop;
  std::string trouble;  ///< why it ended early; "" where it did not
};

/// Whether all players can play, asked in a worker. kUsage says which cannot and why.
[[nodiscard]] Result<void> check_players(const MatchRun& run, const Clock& clock);

/// Plays what is missing of the match after `done`. An error only where nothing could be begun.
[[nodiscard]] Result<MatchEnd> play_match(const MatchRun& run, std::vector<evaluation::GameRecord> done,
                                          const Clock& clock);

}  // namespace keisei::app
