// A network that is asked in slices no longer than a budget, for whoever searches beside training: between two slices
// it looks up at the worker's burst gate, because one call over all trees of a search would outlast the burst that pays
// for it. Answers are those of the inner evaluator, whose positions do not depend on each other. For one thread, unlike
// other evaluators. Seconds.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "evaluation/slice_size.h"
#include "net/evaluator.h"

namespace keisei::app {

class SlicedEvaluator final : public net::Evaluator {
 public:
  /// `between` is called before every slice but the first of a call. `clock` outlives the evaluator.
  SlicedEvaluator(std::shared_ptr<const net::Evaluator> inner, double budget_s, const Clock& clock,
                  std::function<void()> between);

  void evaluate(std::span<const net::Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override;

 private:
  std::shared_ptr<const net::Evaluator> inner_;
  const Clock& clock_;
  std::function<void()> between_;
  mutable evaluation::SliceSize slice_;
};

}  // namespace keisei::app
