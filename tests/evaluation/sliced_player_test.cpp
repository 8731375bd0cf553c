// A player that answers in parts: the parts follow its measured speed, on a clock that the player itself moves.
#include "evaluation/sliced_player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace keisei::evaluation {
namespace {

using testing::ElementsAre;

/// Takes so long for each turn, and remembers the size of each batch; the answer is the turn's game.
class Slow final : public shogi::Player {
 public:
  Slow(FakeClock& clock, double turn_s) : turn_s_(turn_s), clock_(clock) {}
  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override {
    batches.push_back(turns.size());
    for (std::size_t i = 0; i < turns.size(); ++i) choices[i].value = static_cast<double>(turns[i].game);
    clock_.advance_ns(static_cast<std::int64_t>(turn_s_ * 1e9 * static_cast<double>(turns.size())));
  }
  [[nodiscard]] std::string name() const override { return "slow"; }

  std::vector<std::size_t> batches;
  double turn_s_;

 private:
  FakeClock& clock_;
};

struct Stage {
  explicit Stage(double turn_s) : inner(std::make_shared<Slow>(clock, turn_s)) {}
  /// A tick of so many games; the batches it was answered in.
  std::vector<std::size_t> tick(SlicedPlayer& player, std::size_t games) {
    std::vector<shogi::Turn> turns(games);
    for (std::size_t i = 0; i < games; ++i) turns[i].game = i;
    std::vector<shogi::Choice> choices(games);
    player.choose(turns, choices);
    for (std::size_t i = 0; i < games; ++i) EXPECT_EQ(choices[i].value, static_cast<double>(i));
    return std::exchange(inner->batches, {});
  }
  FakeClock clock;
  std::shared_ptr<Slow> inner;
  int asked = 0;
};

TEST(SlicedPlayer, AQuickNetworkIsAskedOnceATick) {
  Stage s(0.0001);
  SlicedPlayer player(s.inner, 0.010, s.clock, [&] { return ++s.asked > 0; });
  for (int i = 0; i < 3; ++i) EXPECT_THAT(s.tick(player, 64), ElementsAre(64));
  EXPECT_EQ(s.asked, 0);
  EXPECT_EQ(player.name(), "slow");
}

TEST(SlicedPlayer, ALargeNetworkIsHalvedUntilAPartFitsTheBudget) {
  Stage s(0.002);  // 64 turns take 128 ms
  SlicedPlayer player(s.inner, 0.010, s.clock, [&] { return ++s.asked > 0; });
  EXPECT_THAT(s.tick(player, 64), ElementsAre(64)) << "nothing is known yet";
  EXPECT_THAT(s.tick(player, 64), ElementsAre(32, 16, 8, 4, 4));
  EXPECT_EQ(s.asked, 4) << "it looks up before every part but the first";
  const auto settled = s.tick(player, 64);
  EXPECT_THAT(settled, testing::Each(4U));
  EXPECT_EQ(settled.size(), 16U);
}

TEST(SlicedPlayer, ATurnLongerThanTheBudgetIsAPartOfItsOwn) {
  Stage s(0.5);
  SlicedPlayer player(s.inner, 0.010, s.clock, [&] { return ++s.asked > 0; });
  for (int i = 0; i < 4; ++i) (void)s.tick(player, 8);
  EXPECT_EQ(player.part(), 1U);
  EXPECT_EQ(s.tick(player, 8).size(), 8U);
}

TEST(SlicedPlayer, PartsGrowAgainWhenTheMachineIsFree) {
  Stage s(0.01);
  SlicedPlayer player(s.inner, 0.010, s.clock, [&] { return ++s.asked > 0; });
  for (int i = 0; i < 3; ++i) (void)s.tick(player, 64);
  EXPECT_LE(player.part(), 1U);
  s.inner->turn_s_ = 0.00001;
  for (int i = 0; i < 3; ++i) (void)s.tick(player, 64);
  EXPECT_THAT(s.tick(player, 64), ElementsAre(64));
}

TEST(SlicedPlayer, ToldToStopItAnswersTheRestWithoutAsking) {
  Stage s(0.002);
  SlicedPlayer player(s.inner, 0.010, s.clock, [&] {
    ++s.asked;
    return false;
  });
  (void)s.tick(player, 64);
  (void)s.tick(player, 64);
  EXPECT_EQ(s.asked, 1);
  EXPECT_TRUE(s.tick(player, 0).empty());
}

}  // namespace
}  // namespace keisei::evaluation
