// 35: the learner was always Black and met a single opponent.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "selfplay/arena.h"

namespace keisei::selfplay {
namespace {

TEST(FailureMode35, LearnerHasBothColoursAndAllOpponents) {
  const ArenaOptions o{.seed = 35,
                       .games = 64,
                       .shards = 2,
                       .threads = 2,
                       .opponent_fraction = 0.5,
                       .opening_plies = 0,
                       .mate_in_one = false,
                       .rules = {.max_moves = 4, .declaration = shogi::DeclarationRule::k27}};
  const net::Architecture tiny{1, 4, 0};
  League league(3);
  for (const std::int64_t id : {1, 2, 3}) league.add(id, *net::Network::create(tiny, net::initial_parameters(tiny, 1)));
  Arena arena(o);
  const net::UniformEvaluator uniform;
  Rollout rollout;
  rollout.resize(4, o.games, o.shards);
  std::map<std::int64_t, int> met;
  int black = 0;
  int league_games = 0;
  int games = 0;
  for (int round = 0; round < 12; ++round) {
    arena.play(uniform, league, rollout);
    for (const auto& slot : nlohmann::json::parse(arena.state())) {
      ++games;
      const std::int64_t opponent = slot.at("opponent");
      if (opponent < 0) continue;
      ++league_games;
      ++met[opponent];
      black += slot.at("learner") == 0 ? 1 : 0;
    }
  }
  const auto within = [](int count, int of, double p) {
    return std::abs(count - of * p) <= 4 * std::sqrt(of * p * (1 - p));
  };
  EXPECT_TRUE(within(league_games, games, 0.5)) << league_games << " of " << games;
  EXPECT_TRUE(within(black, league_games, 0.5)) << black << " of " << league_games;
  EXPECT_EQ(met.size(), 3U);
}

TEST(FailureMode35, OpponentStaysForTheWholeGameAndItsMovesAreNoSamples) {
  const ArenaOptions o{.seed = 36,
                       .games = 8,
                       .shards = 1,
                       .threads = 1,
                       .opponent_fraction = 1,
                       .opening_plies = 0,
                       .mate_in_one = false,
                       .rules = {.max_moves = 30, .declaration = shogi::DeclarationRule::k27}};
  const net::Architecture tiny{1, 4, 0};
  League league(1);
  league.add(1, *net::Network::create(tiny, net::initial_parameters(tiny, 1)));
  Arena arena(o);
  const net::UniformEvaluator uniform;
  Rollout rollout;
  rollout.resize(30, o.games, 1);
  arena.play(uniform, league, rollout);  // the first games began before there was a league
  arena.play(uniform, league, rollout);
  int moved = 0;
  for (int p = 1; p < rollout.plies; ++p)
    for (int g = 0; g < rollout.games; ++g) {
      moved += rollout.learner_moved[rollout.at(p, g)];
      if (rollout.end[rollout.at(p - 1, g)] != Ply::kContinues) continue;
      ASSERT_NE(rollout.learner_moved[rollout.at(p, g)], rollout.learner_moved[rollout.at(p - 1, g)])
          << "they alternate";
    }
  EXPECT_GT(moved, 80);
}

}  // namespace
}  // namespace keisei::selfplay
