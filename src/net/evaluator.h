// The seam between whoever needs positions judged (self-play, players, search) and whatever judges them: a batch of
// positions in; logits over all actions, a value and a material forecast a position out, from the mover's view.
#pragma once

#include <span>

#include "net/actions.h"
#include "net/planes.h"

namespace keisei::net {

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// `logits` takes batch.size() x kActions floats, `values` batch.size() (expected result in [-1, 1]), `material`
  /// batch.size() (expected discounted gain in pawns) or nothing. Safe to call from several threads at once.
  virtual void evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                        std::span<float> material) const = 0;
};

/// Every action alike, value 0: the stand-in where no network is wanted.
class UniformEvaluator final : public Evaluator {
 public:
  void evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override;
};

}  // namespace keisei::net
