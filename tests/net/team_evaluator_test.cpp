// A batch that several threads answer: every position as the inner evaluator would, errors included.
#include "net/team_evaluator.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>

namespace keisei::net {
namespace {

/// Answers with what the position says, and notes who answered how many.
class Echo final : public Evaluator {
 public:
  void evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override {
    {
      const std::lock_guard lock(mutex_);
      threads_.insert(std::this_thread::get_id());
      sizes_.insert(batch.size());
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].ply == bad_ply) throw std::runtime_error("no answer");
      values[i] = batch[i].ply;
      if (!material.empty()) material[i] = static_cast<float>(2 * batch[i].ply);
      logits[i * kActions] = static_cast<float>(3 * batch[i].ply);
    }
  }
  std::set<std::thread::id> threads() const {
    const std::lock_guard lock(mutex_);
    return threads_;
  }
  std::multiset<std::size_t> sizes() const {
    const std::lock_guard lock(mutex_);
    return sizes_;
  }
  std::atomic<int> bad_ply{-1};

 private:
  mutable std::mutex mutex_;
  mutable std::set<std::thread::id> threads_;
  mutable std::multiset<std::size_t> sizes_;
};

/// Asks for `count` positions and looks at every answer.
void ask(const Evaluator& evaluator, std::size_t count, bool with_material) {
  std::vector<Features> batch(count);
  for (std::size_t i = 0; i < count; ++i) batch[i].ply = static_cast<std::uint16_t>(i + 1);
  std::vector<float> logits(count * kActions), values(count), material(with_material ? count : 0);
  evaluator.evaluate(batch, logits, values, material);
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(values[i], static_cast<float>(i + 1));
    ASSERT_EQ(logits[i * kActions], static_cast<float>(3 * (i + 1)));
    if (with_material) {
      ASSERT_EQ(material[i], static_cast<float>(2 * (i + 1)));
    }
  }
}

TEST(TeamEvaluator, EveryPositionIsAnsweredOnceWhateverTheSizes) {
  for (const int threads : {1, 2, 3, 8}) {
    const TeamEvaluator team(std::make_shared<Echo>(), threads);
    for (std::size_t count = 0; count < 40; ++count) ask(team, count, count % 2 == 0);
  }
}

TEST(TeamEvaluator, PartsAreEvenAndNoThreadIsWokenForNothing) {
  const auto echo = std::make_shared<Echo>();
  const TeamEvaluator team(echo, 3);
  ask(team, 1, false);
  EXPECT_EQ(echo->sizes(), std::multiset<std::size_t>{1});
  ask(team, 2, false);
  EXPECT_EQ(echo->sizes(), (std::multiset<std::size_t>{1, 1, 1})) << "two threads of the three";
  ask(team, 13, false);
  EXPECT_EQ(echo->sizes(), (std::multiset<std::size_t>{1, 1, 1, 4, 4, 5}));
  EXPECT_EQ(echo->threads().size(), 3U);
}

TEST(TeamEvaluator, AnErrorOfAnyPartReachesTheCallerAndTheNextBatchIsAnswered) {
  const auto echo = std::make_shared<Echo>();
  const TeamEvaluator team(echo, 2);
  for (const int ply : {1, 16}) {
    echo->bad_ply = ply;
    EXPECT_THROW(ask(team, 16, false), std::runtime_error) << ply;
    echo->bad_ply = -1;
    ask(team, 16, true);
  }
}

TEST(TeamEvaluator, CallersTakeTurns) {
  const TeamEvaluator team(std::make_shared<Echo>(), 2);
  std::vector<std::jthread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) ask(team, 16, true);
    });
  }
}

}  // namespace
}  // namespace keisei::net
