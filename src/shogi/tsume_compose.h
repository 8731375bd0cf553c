// Tsume problems and starts of games, cut from seeded games between material players, so that the benchmark suites are
// our own and anybody can make them again. A problem has one right first move and a mate in exactly so many plies, both
// proved by the solver. Pure functions of their arguments; seconds to minutes of work.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shogi/position.h"

namespace keisei::shogi {

struct TsumeProblem {
  std::string sfen;
  int mate_in = 0;  ///< plies: 1, 3, 5, 7, ...
};

struct ComposeTsume {
  std::uint64_t seed = 1;
  int longest_plies = 7;
  int each = 20;           ///< problems of each length
  int most_games = 4'000;  ///< games to look through; fewer problems come back where these do not hold them
};

/// Problems of 1, 3, ... longest_plies plies, sorted by length, from different games within a length.
[[nodiscard]] std::vector<TsumeProblem> compose_tsume(const ComposeTsume& request);

struct ComposeStarts {
  std::uint64_t seed = 1;
  int first_ply = 0;  ///< plies played before a start may be taken
  int last_ply = 0;
  int count = 10;
  int most_games = 4'000;
};

/// SFENs to start games from: nobody in check, nobody ahead by more than a quarter of a pawn after a search of
/// kBalanceDepth plies, no mate in sight. One a game.
[[nodiscard]] std::vector<std::string> compose_starts(const ComposeStarts& request);

inline constexpr int kBalanceDepth = 3;  ///< plies

}  // namespace keisei::shogi
