#include "selfplay/arena.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <set>
#include <thread>

#include "net/policy.h"
#include "shogi/notation.h"

namespace keisei::selfplay {
namespace {

ArenaOptions options(int shards, int threads) {
  return {.seed = 3,
          .games = 24,
          .shards = shards,
          .threads = threads,
          .opponent_fraction = 0,
          .opening_plies = 6,
          .mate_in_one = true,
          .rules = {.max_moves = 120, .declaration = shogi::DeclarationRule::k27}};
}

struct Played {
  Rollout rollout;
  GameStats stats;
  std::string state;
};
Played play(const ArenaOptions& o, int plies, int rounds) {
  Played p;
  Arena arena(o);
  League league(2);
  const net::UniformEvaluator uniform;
  p.rollout.resize(plies, o.games, o.shards);
  for (int i = 0; i < rounds; ++i) p.stats.add(arena.play(uniform, league, p.rollout));
  p.state = arena.state();
  return p;
}

TEST(Arena, DoesNotDependOnTheNumberOfThreads) {
  const Played one = play(options(3, 1), 50, 4);
  const Played three = play(options(3, 3), 50, 4);
  EXPECT_EQ(one.state, three.state);
  EXPECT_EQ(one.rollout.chosen, three.rollout.chosen);
  EXPECT_EQ(one.rollout.log_probability, three.rollout.log_probability);
}

/// Counts the plies it was asked about; slow enough to be watched.
class CountingEvaluator final : public net::Evaluator {
 public:
  void evaluate(std::span<const net::Features> features, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override {
    uniform_.evaluate(features, logits, values, material);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    asked_ += static_cast<std::int64_t>(features.size());
  }
  [[nodiscard]] std::int64_t asked() const { return asked_; }

 private:
  net::UniformEvaluator uniform_;
  mutable std::atomic<std::int64_t> asked_{0};
};

TEST(Arena, StandsStillWhileItsWatcherRestsAndPlaysTheSame) {
  for (const int threads : {1, 2, 3}) {
    const ArenaOptions o = options(3, threads);
    Arena arena(o);
    League league(2);
    const CountingEvaluator evaluator;
    Rollout rollout;
    rollout.resize(50, o.games, o.shards);
    std::int64_t plies = 0;
    int rests = 0;
    const Between between{[] { return true; },
                          [&](std::int64_t played) {
                            plies += played;
                            ++rests;
                            const std::int64_t before = evaluator.asked();
                            std::this_thread::sleep_for(std::chrono::milliseconds(2));
                            EXPECT_EQ(evaluator.asked(), before);
                          }};
    arena.play(evaluator, league, rollout, between);
    EXPECT_EQ(plies, 50 * o.games);
    EXPECT_GT(rests, 1);
    EXPECT_EQ(arena.state(), play(options(3, threads), 50, 1).state);
  }
}

TEST(Arena, GivesEverySampleItsOwnLegalMoves) {
  const Played p = play(options(2, 2), 60, 3);
  for (std::size_t i = 0; i < p.rollout.chosen.size(); ++i) {
    const auto legal = p.rollout.legal_actions(i);
    ASSERT_LT(p.rollout.chosen[i], legal.size());
    ASSERT_EQ(std::set<net::Action>(legal.begin(), legal.end()).size(), legal.size());
    ASSERT_NEAR(p.rollout.log_probability[i], -std::log(static_cast<double>(legal.size())), 1e-5);
  }
}

TEST(Arena, LeavesNothingOfTheLastRolloutInTheNextOne) {
  const ArenaOptions o = options(2, 2);
  const net::UniformEvaluator uniform;
  League league(2);
  Rollout reused, fresh;
  reused.resize(60, o.games, o.shards);
  Arena a(o), b(o);
  for (int i = 0; i < 4; ++i) {
    fresh = {};
    fresh.resize(60, o.games, o.shards);
    a.play(uniform, league, reused);
    b.play(uniform, league, fresh);
    ASSERT_EQ(reused.reward, fresh.reward);
    ASSERT_EQ(reused.end, fresh.end);
    ASSERT_EQ(reused.material_reward, fresh.material_reward);
    ASSERT_EQ(reused.learner_moved, fresh.learner_moved);
    for (std::size_t k = 0; k < reused.reward.size(); ++k) {
      if (reused.end[k] == Ply::kTerminated) continue;
      ASSERT_EQ(reused.reward[k], 0.0F);
    }
  }
}

TEST(Arena, CountsEveryFinishedGameOnce) {
  const Played p = play(options(2, 2), 100, 6);
  const GameStats& s = p.stats;
  EXPECT_GT(s.finished, 50);
  EXPECT_EQ(s.finished, s.black_wins + s.white_wins + s.draws + s.truncated);
  EXPECT_GT(s.truncated, 0);
  EXPECT_GT(s.black_wins, 0);
  EXPECT_GT(s.white_wins, 0);
}

TEST(Arena, ShowsAGameThatEndedTheSameForAnyNumberOfThreads) {
  const auto shown = [](int threads) {
    const ArenaOptions o = options(3, threads);
    Arena arena(o);
    League league(2);
    const net::UniformEvaluator uniform;
    Rollout rollout;
    rollout.resize(50, o.games, o.shards);
    std::vector<FinishedGame> games;
    for (int i = 0; i < 6; ++i) {
      const GameStats stats = arena.play(uniform, league, rollout);
      const FinishedGame* game = arena.finished();
      EXPECT_EQ(game != nullptr, stats.finished > 0) << "one of those that ended, and none where none did";
      if (game != nullptr) games.push_back(*game);
    }
    return games;
  };
  const std::vector<FinishedGame> games = shown(1);
  ASSERT_FALSE(games.empty());
  for (const FinishedGame& game : games) {
    const auto position = shogi::Position::from_sfen(game.sfen);
    ASSERT_TRUE(position) << game.sfen;
    EXPECT_FALSE(game.last_move.empty());
    EXPECT_EQ(game.opponent, -1);
    if (game.outcome.reason == shogi::Reason::kCheckmate) {
      EXPECT_EQ(game.outcome.winner, shogi::winner_of(~position->side()));
    }
  }
  const std::vector<FinishedGame> again = shown(3);
  ASSERT_EQ(again.size(), games.size());
  for (std::size_t i = 0; i < games.size(); ++i) EXPECT_EQ(again[i].sfen, games[i].sfen);
}

TEST(Arena, KeepsTheEntropyOfEveryPolicy) {
  const Played p = play(options(3, 2), 40, 1);
  for (std::size_t i = 0; i < p.rollout.entropy.size(); ++i) {
    EXPECT_NEAR(p.rollout.entropy[i], std::log(static_cast<double>(p.rollout.legal_count[i])), 1e-4) << "uniform";
  }
}

TEST(Arena, PlaysAMateInOneWhenThereIsOne) {
  ArenaOptions o = options(2, 2);
  const auto decisive = [](const GameStats& s) {
    return static_cast<double>(s.black_wins + s.white_wins) / static_cast<double>(s.finished);
  };
  const Played forced = play(o, 120, 6);
  std::size_t mates = 0;
  for (std::size_t i = 0; i < forced.rollout.forced.size(); ++i) {
    if (forced.rollout.forced[i] == 0) continue;
    ++mates;
    EXPECT_EQ(forced.rollout.end[i], Ply::kTerminated);
    EXPECT_EQ(forced.rollout.reward[i], 1.0F);
  }
  EXPECT_GT(mates, 5U);
  const double with = decisive(play(o, 120, 6).stats);
  o.mate_in_one = false;
  const double without = decisive(play(o, 120, 6).stats);
  EXPECT_GT(with, without + 0.2);
}

TEST(Arena, ContinuesFromItsState) {
  const ArenaOptions o = options(2, 2);
  const net::UniformEvaluator uniform;
  League league(2);
  Rollout a, b;
  a.resize(40, o.games, o.shards);
  b.resize(40, o.games, o.shards);
  Arena unbroken(o);
  unbroken.play(uniform, league, a);
  const std::string state = unbroken.state();
  unbroken.play(uniform, league, a);
  Arena resumed(o);
  ASSERT_TRUE(resumed.restore(state, {}));
  resumed.play(uniform, league, b);
  EXPECT_EQ(a.chosen, b.chosen);
  EXPECT_EQ(unbroken.state(), resumed.state());
}

TEST(Arena, RefusesAStateThatDoesNotFit) {
  Arena arena(options(2, 2));
  for (const char* bad : {"", "[]", "{}", "[1,2]", "nonsense"}) {
    const auto restored = arena.restore(bad, {});
    ASSERT_FALSE(restored) << bad;
    EXPECT_EQ(restored.error().code, Code::kBadData);
  }
}

TEST(League, DrawsTheStrongerOpponentsMoreOften) {
  League league(3);
  const net::Architecture tiny{1, 4, 0};
  for (const std::int64_t id : {1, 2, 3, 4})
    league.add(id, *net::Network::create(tiny, net::initial_parameters(tiny, 1)));
  ASSERT_EQ(league.opponents().size(), 3U);
  EXPECT_EQ(league.opponents().front().id, 2) << "the oldest left";
  for (int i = 0; i < 100; ++i) {
    league.book(2, 1.0);
    league.book(3, 0.0);
    league.book(1, 1.0);  // no longer there
  }
  std::map<std::int64_t, int> drawn;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    Random random(1, Purpose::kTest, i);
    ++drawn[league.draw(random)->id];
  }
  EXPECT_GT(drawn[3], 4 * drawn[2]);
  EXPECT_GT(drawn[2], 50) << "nobody is forgotten";
  Random random(1, Purpose::kTest);
  EXPECT_EQ(League(0).draw(random), nullptr);
}

}  // namespace
}  // namespace keisei::selfplay
