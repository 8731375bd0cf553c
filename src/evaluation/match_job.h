// What one worker is asked to play of a match: one pair of games (or what is missing of it), self-contained, so that a
// job costs the same whatever the length of the match. Its JSON form crosses a process boundary and is decoded
// strictly. Plain values; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evaluation/game_loop.h"
#include "evaluation/match.h"

namespace keisei::evaluation {

struct MatchJob {
  MatchPlayer agent;
  MatchPlayer opponent;
  std::uint64_t seed = 0;
  shogi::Rules rules;
  double temperature = 0;
  double timeout_per_game_s = 0;
  Adjudication adjudication;
  std::string protocol;
  std::string opening_sfen;
  int pairing = 0;
  int round = 0;
  std::vector<std::uint64_t> games;  ///< numbers of one pair; none = look whether the players can play
};

/// The job for these games of one pair of a checked match. `games` is not empty.
[[nodiscard]] MatchJob job_of(const Match& match, const std::vector<std::uint64_t>& games);

[[nodiscard]] std::string encode(const MatchJob& job);
/// kBadData for anything else.
[[nodiscard]] Result<MatchJob> decode_match_job(std::string_view json);

/// Plays the job's games; records as planned_game() of the match, by number. Runs on the caller's thread.
std::vector<GameRecord> play_job(const MatchJob& job, shogi::Player& agent, shogi::Player& opponent, const Clock& clock,
                                 const LoopHooks& hooks);

}  // namespace keisei::evaluation
