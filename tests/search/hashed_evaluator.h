// A stand-in for a network with random weights: logits and values that follow from the position alone, by a hash of
// what the network would see. Keeps count of its calls.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/random.h"
#include "net/evaluator.h"

namespace keisei::search {

class HashedEvaluator final : public net::Evaluator {
 public:
  explicit HashedEvaluator(std::uint64_t seed) : seed_(seed) {}

  void evaluate(std::span<const net::Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float>) const override {
    ++calls;
    largest = std::max(largest, batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      std::uint64_t hash = 0xCBF29CE484222325;
      for (const auto code : batch[i].board) hash = (hash ^ static_cast<std::uint64_t>(code)) * 0x100000001B3;
      for (const auto count : batch[i].hands) hash = (hash ^ static_cast<std::uint64_t>(count)) * 0x100000001B3;
      Random random(seed_, Purpose::kTest, hash);
      for (float& logit : logits.subspan(i * net::kActions, net::kActions))
        logit = static_cast<float>(random.uniform() * 4 - 2);
      values[i] = static_cast<float>(random.uniform() - 0.5);
    }
  }

  mutable std::size_t calls = 0;
  mutable std::size_t largest = 0;

 private:
  std::uint64_t seed_;
};

}  // namespace keisei::search
