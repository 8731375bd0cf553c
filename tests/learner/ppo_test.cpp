#include "learner/ppo.h"

#include <gtest/gtest.h>

#include <cmath>

#include "learner/training.h"
#include "net/policy.h"

namespace keisei::learner {
namespace {

TEST(Ppo, SameSeedGivesTheSameWeightsForAnyNumberOfThreads) {
  const auto train = [](int threads) {
    SmallTraining t;
    t.arena_options.threads = threads;
    t.arena = std::make_unique<selfplay::Arena>(t.arena_options);
    for (int u = 0; u < 3; ++u) EXPECT_TRUE(t.step(u, threads));
    return t.network->parameters();
  };
  const auto first = train(1);
  EXPECT_EQ(first, train(2));
  EXPECT_EQ(first, train(1));
}

TEST(Ppo, GradientOfTheWholeNetworkEqualsFiniteDifferences) {
  // One step of plain descent is not exposed, so the check is on what Adam's first step must do: move each parameter by
  // the learning rate against the sign of its gradient, wherever that gradient is not tiny.
  SmallTraining t(1, 1);
  t.options.ppo_epochs = 1;
  t.options.minibatch_size = 256;
  t.options.gradient_clip_max_norm = 0;
  t.options.normalize_advantages = true;
  t.ppo = std::make_unique<Ppo>(*t.network, t.options, 7, 1);
  const auto before = t.network->parameters();
  ASSERT_TRUE(t.step(0));
  const auto after = t.network->parameters();
  double moved = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    moved = std::max(moved, std::abs(static_cast<double>(after[i] - before[i])));
  EXPECT_NEAR(moved, t.options.learning_rate, 0.02 * t.options.learning_rate);
}

TEST(Ppo, ContinuesFromItsState) {
  SmallTraining t;
  ASSERT_TRUE(t.step(0));
  const AdamState state = t.ppo->state();
  EXPECT_GT(state.steps, 0);
  Ppo other(*t.network, t.options, 7, 4);
  ASSERT_TRUE(other.restore(state));
  EXPECT_EQ(other.state().mean, state.mean);
  AdamState wrong = state;
  wrong.mean.pop_back();
  EXPECT_FALSE(other.restore(wrong));
}

TEST(Ppo, ShowsWhatTheNewestUpdateLearnedFrom) {
  SmallTraining t;
  EXPECT_TRUE(t.ppo->detail().gradient.empty()) << "nothing yet";
  const auto stats = t.step(0);
  ASSERT_TRUE(stats);
  const UpdateDetail detail = t.ppo->detail();
  EXPECT_EQ(static_cast<std::int64_t>(detail.advantage.size()), stats->samples);
  EXPECT_EQ(detail.value_target.size(), detail.advantage.size());
  ASSERT_EQ(detail.gradient.size(), t.network->parameters().size());
  double squares = 0;
  for (const float one : detail.gradient) squares += static_cast<double>(one) * static_cast<double>(one);
  EXPECT_GT(squares, 0);
  EXPECT_LE(std::sqrt(squares), t.options.gradient_clip_max_norm * 1.001);
}

TEST(Ppo, StopsEarlyWhenThePolicyMovedTooFar) {
  SmallTraining t;
  t.options.target_kl = 1e-9;
  t.options.ppo_epochs = 8;
  t.ppo = std::make_unique<Ppo>(*t.network, t.options, 7, 4);
  const auto stats = t.step(0);
  ASSERT_TRUE(stats);
  EXPECT_EQ(stats->epochs, 1);
}

/// Positions in which Black mates in one, many moves being legal; the learner must find the mates from reward alone.
TEST(Ppo, LearnsToMateInOne) {
  std::vector<shogi::Position> puzzles;
  for (int file = 2; file <= 8; ++file)  // king on the edge, gold before it guarded by a pawn's push: G*(file)b mates
    for (const char* hand : {"G", "GP", "GS", "GN"}) {
      std::string rank1 =
          std::string(file == 9 ? "" : std::to_string(9 - file)) + "k" + (file == 1 ? "" : std::to_string(file - 1));
      std::string rank3 =
          std::string(file == 9 ? "" : std::to_string(9 - file)) + "P" + (file == 1 ? "" : std::to_string(file - 1));
      puzzles.push_back(*shogi::Position::from_sfen(rank1 + "/9/" + rank3 + "/9/9/9/9/9/4K4 b " + hand + " 1"));
      ASSERT_TRUE(puzzles.back().mate_in_one()) << puzzles.back().sfen();
    }
  config::Training options;
  options.learning_rate = 3e-3;
  options.ppo_epochs = 2;
  options.minibatch_size = 56;
  options.steps_per_epoch = 224;
  options.shards = 2;
  options.entropy_coef = 0.001;
  const net::Architecture a{1, 16, 0};
  auto network = *net::Network::create(a, net::initial_parameters(a, 1));
  constexpr int kUpdates = 80;
  Ppo ppo(*network, options, 1, kUpdates);
  selfplay::Rollout rollout;
  const int games = static_cast<int>(puzzles.size()) * 8;
  double solved = 0;
  for (int u = 0; u < kUpdates; ++u) {
    rollout.resize(1, games, 2);
    for (auto& legal : rollout.legal) legal.clear();
    std::vector<net::Features> features;
    for (int g = 0; g < games; ++g)
      features.push_back(net::encode(puzzles[static_cast<std::size_t>(g) % puzzles.size()]));
    std::vector<float> logits(features.size() * net::kActions);
    network->evaluate(features, logits, rollout.value, rollout.material_value);
    solved = 0;
    for (int g = 0; g < games; ++g) {
      const std::size_t i = rollout.at(0, g);
      shogi::Position position = puzzles[static_cast<std::size_t>(g) % puzzles.size()];
      shogi::MoveList legal;
      position.legal_moves(legal);
      auto& pool = rollout.legal[static_cast<std::size_t>(rollout.shard_of(g))];
      rollout.features[i] = features[i];
      rollout.legal_begin[i] = static_cast<std::uint32_t>(pool.size());
      rollout.legal_count[i] = static_cast<std::uint16_t>(legal.size());
      for (const shogi::Move m : legal) pool.push_back(net::action_of(m, position.side()));
      std::vector<float> log_p(legal.size());
      net::log_probabilities(std::span(logits).subspan(i * net::kActions, net::kActions), rollout.legal_actions(i),
                             log_p);
      Random random(1, Purpose::kTest, static_cast<std::uint64_t>(u), static_cast<std::uint64_t>(g));
      const std::size_t choice = net::sample(log_p, random.uniform());
      rollout.chosen[i] = static_cast<std::uint16_t>(choice);
      rollout.log_probability[i] = log_p[choice];
      position.make(legal[choice]);
      const bool mate = !position.has_legal_move();
      rollout.reward[i] = mate ? 1.0F : 0.0F;
      solved += mate ? 1 : 0;
      rollout.end[i] = selfplay::Ply::kTerminated;
    }
    ASSERT_TRUE(ppo.update(rollout, u, 2));
  }
  EXPECT_GE(solved / games, 0.99);
}

}  // namespace
}  // namespace keisei::learner
