// Who meets whom how often, before openings and game numbers: the part of a plan that follows from the strategy alone.
// A pure function of the request, cheap, and used both to make the plan and to read its results. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/request.h"

namespace keisei::evaluation {

struct ScheduledPairing {
  int first = 0;         ///< number of a player; the records call it the agent
  int second = 1;        ///< number of a player, or kNoPlayer for a tsume
  int games = 0;         ///< at most; a stop rule or a loss may end a pairing before
  int case_number = -1;  ///< of the request's suite, or -1
};
inline constexpr int kNoPlayer = -1;

/// One candidate of a ladder: chosen or not, and why.
struct LadderChoice {
  std::string opponent;  ///< canonical spelling
  std::string id;
  double rating = 0;  ///< before the evaluation
  bool chosen = false;
  std::string why;
  friend bool operator==(const LadderChoice&, const LadderChoice&) = default;
};

struct Schedule {
  std::vector<Opponent> players;  ///< players[0] is the agent
  std::vector<ScheduledPairing> pairings;
  std::vector<LadderChoice> ladder;  ///< strategy ladder: all candidates in the order of the request
  bool until_first_loss = false;     ///< single_elimination: pairings in turn, the agent's first lost game is the last

  [[nodiscard]] std::int64_t games() const;  ///< at most
};

/// The schedule of a valid request.
[[nodiscard]] Schedule make_schedule(const Request& request);

/// `total` parted as evenly as possible, the first ones larger: 20 by 3 is 7, 7, 6.
[[nodiscard]] std::vector<int> spread(int total, int parts);

/// Who of `opponents` the agent meets: the nearest ratings within the range, at most num_opponents_per_evaluation; the
/// nearest of all where none is within. The agent's own weights are never chosen. By the order of `opponents`.
[[nodiscard]] std::vector<LadderChoice> choose_opponents(const LadderOptions& ladder, const std::string& agent_id,
                                                         std::span<const Opponent> opponents);

/// The key of a player in the ladder's table: its id, or its canonical spelling where it has none.
[[nodiscard]] std::string rating_key(const Opponent& player);

}  // namespace keisei::evaluation
