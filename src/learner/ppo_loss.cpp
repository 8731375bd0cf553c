#include "learner/ppo_loss.h"

#include <algorithm>
#include <cmath>

#include "net/policy.h"

namespace keisei::learner {
namespace {

struct Moments {
  double mean = 0, variance = 0;
};
template <class F>
Moments moments(std::size_t n, const F& at) {
  Moments m;
  for (std::size_t i = 0; i < n; ++i) m.mean += at(i);
  m.mean /= static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) m.variance += (at(i) - m.mean) * (at(i) - m.mean);
  m.variance /= static_cast<double>(n);
  return m;
}

}  // namespace

void LossSums::add(const LossSums& o) {
  policy_loss += o.policy_loss;
  value_loss += o.value_loss;
  material_loss += o.material_loss;
  entropy += o.entropy;
  kl += o.kl;
  clipped += o.clipped;
  max_ratio_error = std::max(max_ratio_error, o.max_ratio_error);
  samples += o.samples;
}

LossSums ppo_loss(std::span<const LossSample> samples, std::span<const float> logits, std::span<const float> values,
                  std::span<const float> material, const LossOptions& options, double weight,
                  std::span<float> logit_gradient, std::span<float> value_gradient,
                  std::span<float> material_gradient) {
  LossSums sums;
  sums.samples = static_cast<std::int64_t>(samples.size());
  std::vector<float> log_p;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const LossSample& s = samples[i];
    const std::span<const float> row = logits.subspan(i * net::kActions, net::kActions);
    const std::span<float> gradient = logit_gradient.subspan(i * net::kActions, net::kActions);
    log_p.resize(s.actions.size());
    const double entropy = net::log_probabilities(row, s.actions, log_p);

    // Clipped surrogate: -min(ratio A, clip(ratio) A); its gradient is zero where the clipped term is the smaller one.
    const double advantage = s.advantage;
    const double log_ratio = static_cast<double>(log_p[s.chosen]) - static_cast<double>(s.old_log_probability);
    const double ratio = std::exp(log_ratio);
    const double clipped = std::clamp(ratio, 1.0 - options.clip_epsilon, 1.0 + options.clip_epsilon);
    const bool active = ratio * advantage <= clipped * advantage;
    sums.policy_loss -=
        s.imitate ? advantage * static_cast<double>(log_p[s.chosen]) : std::min(ratio * advantage, clipped * advantage);
    sums.entropy += entropy;
    sums.kl += (ratio - 1.0) - log_ratio;
    sums.clipped += ratio != clipped ? 1.0 : 0.0;
    sums.max_ratio_error = std::max(sums.max_ratio_error, std::abs(ratio - 1.0));
    const double d_log_p = s.imitate ? -advantage : active ? -advantage * ratio : 0.0;
    for (std::size_t k = 0; k < s.actions.size(); ++k) {
      const double lp = log_p[k];
      const double p = std::exp(lp);
      const double d_policy = d_log_p * ((k == s.chosen ? 1.0 : 0.0) - p);
      const double d_entropy = options.entropy_coef * p * (lp + entropy);
      gradient[s.actions[k]] = static_cast<float>(weight * (d_policy + d_entropy));
    }

    const double value = values[i];
    const double error = value - static_cast<double>(s.value_target);
    double value_loss = error * error;
    double d_value = 2.0 * error;
    if (options.clip_value) {
      const double moved =
          std::clamp(value - static_cast<double>(s.old_value), -options.clip_epsilon, options.clip_epsilon);
      const double clipped_error = static_cast<double>(s.old_value) + moved - static_cast<double>(s.value_target);
      if (clipped_error * clipped_error > value_loss) {
        value_loss = clipped_error * clipped_error;
        d_value = std::abs(value - static_cast<double>(s.old_value)) < options.clip_epsilon ? 2.0 * clipped_error : 0.0;
      }
    }
    sums.value_loss += value_loss;
    value_gradient[i] = static_cast<float>(weight * options.value_coef * d_value);

    const double material_error = static_cast<double>(material[i]) - static_cast<double>(s.material_target);
    sums.material_loss += material_error * material_error;
    material_gradient[i] = static_cast<float>(weight * options.material_coef * 2.0 * material_error);
  }
  return sums;
}

void normalize(std::span<float> advantages) {
  if (advantages.size() < 2) return;
  const Moments m = moments(advantages.size(), [&](std::size_t i) { return static_cast<double>(advantages[i]); });
  const double deviation = std::sqrt(m.variance);
  if (deviation <= 1e-8) return;
  for (float& a : advantages) a = static_cast<float>((static_cast<double>(a) - m.mean) / deviation);
}

double explained_variance(std::span<const float> prediction, std::span<const float> target) {
  if (target.empty()) return 0;
  const double all = moments(target.size(), [&](std::size_t i) { return static_cast<double>(target[i]); }).variance;
  const double rest = moments(target.size(), [&](std::size_t i) {
                        return static_cast<double>(target[i]) - static_cast<double>(prediction[i]);
                      }).variance;
  return all <= 1e-12 ? 0.0 : 1.0 - rest / all;
}

}  // namespace keisei::learner
