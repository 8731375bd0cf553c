// A network that is asked in slices: they follow its measured speed, on a clock that the network itself moves, and what
// comes out is what one call would have said.
#include "app/torch/sliced_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace keisei::app {
namespace {

using testing::ElementsAre;

/// Takes 2 ms for each position; answers with what it finds on the first square.
class Slow final : public net::Evaluator {
 public:
  explicit Slow(FakeClock& clock) : clock_(clock) {}
  void evaluate(std::span<const net::Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override {
    batches.push_back(batch.size());
    EXPECT_EQ(logits.size(), batch.size() * net::kActions);
    EXPECT_TRUE(material.empty() || material.size() == batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      values[i] = static_cast<float>(batch[i].board[0]);
      logits[i * net::kActions] = values[i];
    }
    clock_.advance_ns(static_cast<std::int64_t>(batch.size()) * 2'000'000);
  }
  mutable std::vector<std::size_t> batches;

 private:
  FakeClock& clock_;
};

TEST(SlicedEvaluator, NoSliceOutlastsItsBudgetOnceItsSpeedIsKnown) {
  FakeClock clock;
  const auto slow = std::make_shared<Slow>(clock);
  int looked_up = 0;
  const SlicedEvaluator sliced(slow, 0.010, clock, [&] { ++looked_up; });
  std::vector<net::Features> batch(16);
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].board[0] = static_cast<std::uint8_t>(i);
  std::vector<float> logits(batch.size() * net::kActions);
  std::vector<float> values(batch.size());
  std::vector<float> material(batch.size());
  for (int call = 0; call < 4; ++call) {
    std::ranges::fill(values, -1.0F);
    slow->batches.clear();
    looked_up = 0;
    sliced.evaluate(batch, logits, values, call % 2 == 0 ? std::span<float>() : std::span<float>(material));
    EXPECT_EQ(looked_up, static_cast<int>(slow->batches.size()) - 1) << "before every slice but the first";
    for (std::size_t i = 0; i < batch.size(); ++i) {
      EXPECT_EQ(values[i], static_cast<float>(i));
      EXPECT_EQ(logits[i * net::kActions], static_cast<float>(i));
    }
  }
  EXPECT_THAT(slow->batches, ElementsAre(4, 4, 4, 4)) << "8 ms each";
}

}  // namespace
}  // namespace keisei::app
