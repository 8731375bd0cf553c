#include "net/evaluator.h"

#include <algorithm>

namespace keisei::net {

void UniformEvaluator::evaluate(std::span<const Features> /*batch*/, std::span<float> logits, std::span<float> values,
                                std::span<float> material) const {
  std::fill(logits.begin(), logits.end(), 0.0F);
  std::fill(values.begin(), values.end(), 0.0F);
  std::fill(material.begin(), material.end(), 0.0F);
}

}  // namespace keisei::net
