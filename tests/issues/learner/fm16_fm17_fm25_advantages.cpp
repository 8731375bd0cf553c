// 16: advantages without the change of perspective. 17: a cut game counted as over. 25: advantages across game seams.
#include <gtest/gtest.h>

#include "base/random.h"
#include "learner/gae.h"
#include "learner/training.h"

namespace keisei::learner {
namespace {
using selfplay::Ply;

TEST(FailureMode16, LosersLastMoveIsBadNews) {
  SmallTraining t;
  t.arena_options.opponent_fraction = 0;
  t.arena_options.rules.max_moves = 400;
  t.arena = std::make_unique<selfplay::Arena>(t.arena_options);
  t.rollout.resize(128, 16, 2);
  int decisive = 0;
  for (int round = 0; round < 6; ++round) {
    t.arena->play(*t.network, t.league, t.rollout);
    const auto& r = t.rollout;
    const auto a = gae({r.plies, r.games, r.reward, r.value, r.end, r.cut_value, r.last_value}, 0.998, 0.95);
    for (int p = 1; p < r.plies; ++p)
      for (int g = 0; g < r.games; ++g) {
        const std::size_t i = r.at(p, g);
        if (r.end[i] != Ply::kTerminated || r.reward[i] != 1.0F || r.end[r.at(p - 1, g)] != Ply::kContinues) continue;
        ++decisive;
        EXPECT_GT(a[i], 0.5F);
        EXPECT_LT(a[r.at(p - 1, g)], -0.5F) << "the move that allowed the mate";
      }
  }
  EXPECT_GT(decisive, 20);
}

TEST(FailureMode17, CutGameHasNoResultAndTakesTheValueOfTheCutPosition) {
  SmallTraining t;
  t.arena_options.rules.max_moves = 9;
  t.arena_options.opening_plies = 0;
  t.arena = std::make_unique<selfplay::Arena>(t.arena_options);
  auto parameters = t.network->parameters();
  Random random(17, Purpose::kTest);
  for (float& p : parameters) p += static_cast<float>(0.1 * (random.uniform() - 0.5));  // a network with opinions
  const auto network = *net::Network::create(t.network->architecture(), parameters);
  t.arena->play(*network, t.league, t.rollout);
  const auto& r = t.rollout;
  int cut = 0;
  for (std::size_t i = 0; i < r.end.size(); ++i) {
    if (r.end[i] != Ply::kTruncated) continue;
    ++cut;
    EXPECT_EQ(r.reward[i], 0.0F);
    EXPECT_NE(r.cut_value[i], 0.0F);
  }
  ASSERT_GT(cut, 10);
  const auto a = gae({r.plies, r.games, r.reward, r.value, r.end, r.cut_value, r.last_value}, 0.9, 0.95);
  for (std::size_t i = 0; i < r.end.size(); ++i) {
    if (r.end[i] != Ply::kTruncated) continue;
    EXPECT_NEAR(a[i], -0.9F * r.cut_value[i] - r.value[i], 1e-6F);
  }
}

TEST(FailureMode25, InterleavedGamesHaveTheAdvantagesOfSeparateOnes) {  // cases.md F11
  constexpr int kPlies = 40;
  constexpr int kGames = 5;
  Random random(25, Purpose::kTest);
  std::vector<float> reward, value, cut, last;
  std::vector<Ply> end;
  for (int i = 0; i < kPlies * kGames; ++i) {
    const std::uint32_t kind = random.below(12);
    end.push_back(kind == 0 ? Ply::kTerminated : kind == 1 ? Ply::kTruncated : Ply::kContinues);
    reward.push_back(kind == 0 ? 1.0F : 0.0F);
    value.push_back(static_cast<float>(random.uniform()));
    cut.push_back(static_cast<float>(random.uniform()));
  }
  for (int g = 0; g < kGames; ++g) last.push_back(static_cast<float>(random.uniform()));
  const auto together = gae({kPlies, kGames, reward, value, end, cut, last}, 0.99, 0.9);
  for (int g = 0; g < kGames; ++g) {
    std::vector<float> r1, v1, c1;
    std::vector<Ply> e1;
    for (int p = 0; p < kPlies; ++p) {
      const auto i = static_cast<std::size_t>(p * kGames + g);
      r1.push_back(reward[i]);
      v1.push_back(value[i]);
      c1.push_back(cut[i]);
      e1.push_back(end[i]);
    }
    const std::vector<float> l1{last[static_cast<std::size_t>(g)]};
    const auto alone = gae({kPlies, 1, r1, v1, e1, c1, l1}, 0.99, 0.9);
    for (int p = 0; p < kPlies; ++p)
      ASSERT_EQ(alone[static_cast<std::size_t>(p)], together[static_cast<std::size_t>(p * kGames + g)]);
  }
}

}  // namespace
}  // namespace keisei::learner
