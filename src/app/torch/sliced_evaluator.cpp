#include "app/torch/sliced_evaluator.h"

#include <algorithm>
#include <utility>

namespace keisei::app {

SlicedEvaluator::SlicedEvaluator(std::shared_ptr<const net::Evaluator> inner, double budget_s, const Clock& clock,
                                 std::function<void()> between)
    : inner_(std::move(inner)), clock_(clock), between_(std::move(between)), slice_(budget_s) {}

void SlicedEvaluator::evaluate(std::span<const net::Features> batch, std::span<float> logits, std::span<float> values,
                               std::span<float> material) const {
  for (std::size_t first = 0; first < batch.size();) {
    if (first > 0 && between_) between_();
    const std::size_t count = std::min(slice_.most(), batch.size() - first);
    const double begin_s = clock_.monotonic_s();
    inner_->evaluate(batch.subspan(first, count), logits.subspan(first * net::kActions, count * net::kActions),
                     values.subspan(first, count), material.empty() ? material : material.subspan(first, count));
    slice_.took(count, clock_.monotonic_s() - begin_s);
    first += count;
  }
}

}  // namespace keisei::app
