#include "net/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "net/network_player.h"
#include "net/policy.h"
#include "net/random_games.h"

namespace keisei::net {
namespace {

/// Initial parameters with every layer that starts at zero filled too, so that all heads say something.
std::vector<float> lively_parameters(const Architecture& a, std::uint64_t seed) {
  std::vector<float> parameters = initial_parameters(a, seed);
  Random random(seed, Purpose::kTest);
  for (float& p : parameters)
    if (p == 0.0F) p = static_cast<float>(0.2 * (random.uniform() - 0.5));
  return parameters;
}

struct Output {
  std::vector<float> logits, values, material;
};
Output evaluate(const Network& network, std::span<const Features> batch) {
  Output out{std::vector<float>(batch.size() * kActions), std::vector<float>(batch.size()),
             std::vector<float>(batch.size())};
  network.evaluate(batch, out.logits, out.values, out.material);
  return out;
}

std::vector<Features> some_positions(std::size_t count) {
  std::vector<Features> features;
  random_games(3, 5, [&](const shogi::Position& p) {
    if (features.size() < count) features.push_back(encode(p));
  });
  return features;
}

TEST(Network, LayoutIsWithoutGapsAndNamesAreUnique) {
  for (const Architecture& a : {Architecture{2, 32, 0}, Architecture{4, 64, 16}, Architecture{20, 256, 64}}) {
    std::size_t next = 0;
    std::set<std::string> names;
    for (const ParameterInfo& p : parameter_layout(a)) {
      EXPECT_EQ(p.offset, next);
      next += p.size;
      EXPECT_TRUE(names.insert(p.name).second) << p.name;
    }
    EXPECT_EQ(next, parameter_count(a));
  }
}

TEST(Network, StartsUniformAndUndecided) {
  const Architecture a{2, 16, 4};
  const auto network = Network::create(a, initial_parameters(a, 3));
  ASSERT_TRUE(network);
  const auto out = evaluate(**network, some_positions(4));
  for (const float x : out.logits) ASSERT_EQ(x, 0.0F);
  for (const float x : out.values) EXPECT_EQ(x, 0.0F);
}

TEST(Network, AnswersForAPositionWhateverElseIsInTheBatch) {
  const Architecture a{2, 32, 8};
  const auto network = Network::create(a, lively_parameters(a, 3));
  ASSERT_TRUE(network);
  const auto positions = some_positions(33);
  const Output all = evaluate(**network, positions);
  for (const std::size_t i : {0U, 7U, 32U}) {
    const Output one = evaluate(**network, std::span(positions).subspan(i, 1));
    EXPECT_NEAR(one.values[0], all.values[i], 1e-5F);
    for (std::size_t k = 0; k < kActions; ++k) ASSERT_NEAR(one.logits[k], all.logits[i * kActions + k], 1e-4F);
  }
  EXPECT_LE(std::abs(all.values[0]), 1.0F);
}

TEST(Network, KeepsItsParametersAndRefusesAWrongNumber) {
  const Architecture a{1, 8, 0};
  const auto parameters = lively_parameters(a, 4);
  const auto network = Network::create(a, parameters);
  ASSERT_TRUE(network);
  EXPECT_EQ((*network)->parameters(), parameters);
  const auto wrong = Network::create({2, 8, 0}, parameters);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::kBadData);
}

TEST(Network, NamesADeviceThatIsNotThere) {
  EXPECT_EQ(*resolve_device("cpu"), "cpu");
  const auto unknown = resolve_device("tpu9");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::kUsage);
  EXPECT_NE(unknown.error().message.find("tpu9"), std::string::npos);
}

TEST(NetworkPlayer, PlaysTheGreatestLogitAndSamplesInProportion) {
  const Architecture a{1, 8, 0};
  std::shared_ptr<const Network> network = *Network::create(a, lively_parameters(a, 9));
  const auto position = shogi::Position::start();
  shogi::MoveList legal;
  position.legal_moves(legal);
  std::vector<Action> actions;
  for (const shogi::Move m : legal) actions.push_back(action_of(m, position.side()));
  const Features features = encode(position);
  const Output out = evaluate(*network, std::span(&features, 1));
  std::vector<float> log_p(actions.size());
  log_probabilities(out.logits, actions, log_p);

  NetworkPlayer greedy(network, "net", {});
  std::vector<shogi::Turn> turns{{&position, 0, Random(1, Purpose::kTest)}};
  std::vector<shogi::Choice> choices(1);
  greedy.choose(turns, choices);
  EXPECT_EQ(choices[0].move, legal[argmax(log_p)]);

  NetworkPlayer sampling(network, "net", {.temperature = 1});
  constexpr int kDraws = 3000;
  turns.assign(kDraws, turns[0]);
  for (std::size_t i = 0; i < kDraws; ++i) turns[i].random = Random(2, Purpose::kTest, i);
  choices.resize(kDraws);
  sampling.choose(turns, choices);
  double chi2 = 0;
  for (std::size_t k = 0; k < actions.size(); ++k) {
    const double expected = kDraws * std::exp(static_cast<double>(log_p[k]));
    const auto seen =
        static_cast<double>(std::ranges::count_if(choices, [&](const auto& c) { return c.move == legal[k]; }));
    chi2 += (seen - expected) * (seen - expected) / expected;
  }
  EXPECT_LT(chi2, 66.2);  // 29 degrees of freedom, p = 1e-4
}

TEST(NetworkPlayer, PlaysAMateInOneWhereItWasTrainedSo) {
  const Architecture a{1, 8, 0};
  std::shared_ptr<const Network> network = *Network::create(a, initial_parameters(a, 1));
  const auto position = *shogi::Position::from_sfen("4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  const std::vector<shogi::Turn> turns{{&position, 0, Random(1, Purpose::kTest)}};
  std::vector<shogi::Choice> choices(1);
  NetworkPlayer(network, "net", {.mate_in_one = true}).choose(turns, choices);
  EXPECT_EQ(choices[0].move, *position.mate_in_one());
  NetworkPlayer(network, "net", {}).choose(turns, choices);
  EXPECT_NE(choices[0].move, *position.mate_in_one()) << "a uniform policy takes the first move of the list";
}

TEST(Policy, IsFiniteWithOneLegalMove) {
  std::vector<float> logits(kActions, -1e30F);
  const std::vector<Action> one{5};
  std::vector<float> log_p(1);
  EXPECT_EQ(log_probabilities(logits, one, log_p), 0.0);
  EXPECT_EQ(log_p[0], 0.0F);
  EXPECT_EQ(sample(log_p, 0.999999), 0U);
}

}  // namespace
}  // namespace keisei::net
