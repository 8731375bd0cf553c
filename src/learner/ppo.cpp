#include "learner/ppo.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>

#include "base/random.h"
#include "learner/gae.h"
#include "learner/ppo_loss.h"
#include "net/core_hold.h"
#include "net/module.h"

namespace keisei::learner {

/// Everything the loss needs of a rollout, one entry a sample of the learner's own moves.
struct Samples {
  std::vector<std::size_t> index;  ///< into the rollout
  std::vector<float> advantage, value_target, material_target, old_value;
};

namespace {

constexpr std::size_t kChunk =
    512;  ///< samples differentiated at once: bounds memory; smaller was measured to be slower
constexpr float kMateAdvantage = 2.0F;  ///< weight of a mate in one that is imitated, in standard deviations
constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kAdamEpsilon = 1e-8;

Samples collect(const selfplay::Rollout& r, const config::Training& o, double material_coef) {
  const auto input = [&r](const std::vector<float>& reward, const std::vector<float>& value,
                          const std::vector<float>& cut, const std::vector<float>& last) {
    return GaeInput{r.plies, r.games, reward, value, r.end, cut, last};
  };
  const auto win = gae(input(r.reward, r.value, r.cut_value, r.last_value), o.gamma, o.lambda_gae);
  const auto gain = gae(input(r.material_reward, r.material_value, r.cut_material, r.last_material), o.material_gamma,
                        o.material_lambda);
  Samples s;
  for (std::size_t i = 0; i < win.size(); ++i) {
    if (r.learner_moved[i] == 0) continue;
    s.index.push_back(i);
    s.advantage.push_back(win[i] + static_cast<float>(material_coef) * gain[i]);
    s.value_target.push_back(win[i] + r.value[i]);
    s.material_target.push_back((gain[i] + r.material_value[i]) / net::kMaterialUnit);
    s.old_value.push_back(r.value[i]);
  }
  if (o.normalize_advantages) normalize(s.advantage);
  // A mate in one that self-play plays for the policy is no draw from it: it is imitated, whatever the value expected.
  for (std::size_t k = 0; k < s.index.size(); ++k)
    if (r.forced[s.index[k]] != 0) s.advantage[k] = kMateAdvantage;
  return s;
}

torch::Tensor as_tensor(std::vector<float>& data, std::vector<std::int64_t> shape) {
  return torch::from_blob(data.data(), std::move(shape));
}

std::vector<float> to_vector(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kCPU).contiguous();
  const float* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

}  // namespace

struct Ppo::Impl {
  net::Network& network;
  config::Training options;
  std::uint64_t seed;
  std::int64_t updates;
  Schedule schedule;
  std::vector<net::Leaves> shards;  ///< the same parameters with gradients of their own
  torch::Tensor mean, variance;     ///< Adam's moments, flat
  std::int64_t steps = 0;
  Samples newest;  ///< of the newest update

  Impl(net::Network& n, const config::Training& o, std::uint64_t s, std::int64_t u)
      : network(n),
        options(o),
        seed(s),
        updates(u),
        schedule(o, u),
        mean(torch::zeros_like(n.impl().flat)),
        variance(torch::zeros_like(n.impl().flat)) {
    for (int i = 0; i < options.shards; ++i) shards.emplace_back(n.impl().flat, n.impl().layout, true);
  }

  /// Forward, loss and backward of one shard of a minibatch; its gradient is left in shards[shard].gradient.
  LossSums differentiate(std::size_t shard, const selfplay::Rollout& rollout, const Samples& all,
                         std::span<const std::size_t> picked, double weight) {
    shards[shard].gradient.zero_();
    LossSums sums;
    for (std::size_t begin = 0; begin < picked.size(); begin += kChunk)
      sums.add(differentiate_chunk(shards[shard], rollout, all,
                                   picked.subspan(begin, std::min(kChunk, picked.size() - begin)), weight));
    return sums;
  }

  LossSums differentiate_chunk(net::Leaves& leaves, const selfplay::Rollout& rollout, const Samples& all,
                               std::span<const std::size_t> picked, double weight) {
    std::vector<net::Features> features;
    std::vector<LossSample> samples;
    for (const std::size_t k : picked) {
      const std::size_t i = all.index[k];
      features.push_back(rollout.features[i]);
      samples.push_back({rollout.legal_actions(i), rollout.chosen[i], rollout.log_probability[i], all.advantage[k],
                         all.old_value[k], all.value_target[k], all.material_target[k], rollout.forced[i] != 0});
    }
    const torch::Device device = network.impl().device;
    const net::Heads heads = net::forward(network.architecture(), leaves, net::to_planes(features).to(device));
    const auto n = static_cast<std::int64_t>(picked.size());
    std::vector<float> logit_gradient(picked.size() * net::kActions, 0.0F);
    std::vector<float> value_gradient(picked.size());
    std::vector<float> material_gradient(picked.size());
    const LossOptions loss{options.clip_epsilon, options.value_loss_coeff, options.value_loss_coeff,
                           options.entropy_coef, options.enable_value_clipping};
    const LossSums sums =
        ppo_loss(samples, to_vector(heads.logits.detach()), to_vector(heads.value.detach()),
                 to_vector(heads.material.detach()), loss, weight, logit_gradient, value_gradient, material_gradient);
    torch::autograd::backward(
        {heads.logits, heads.value, heads.material},
        {as_tensor(logit_gradient, {n, net::kActions}).to(device), as_tensor(value_gradient, {n}).to(device),
         as_tensor(material_gradient, {n}).to(device)});
    return sums;
  }

  /// Adam with decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019). Returns the norm before
  /// clipping.
  double step(double rate) {
    const torch::NoGradGuard no_grad;
    torch::Tensor gradient = shards.front().gradient;
    for (std::size_t s = 1; s < shards.size(); ++s) gradient.add_(shards[s].gradient);
    const double norm = gradient.norm().item<double>();
    if (options.gradient_clip_max_norm > 0 && norm > options.gradient_clip_max_norm)
      gradient.mul_(options.gradient_clip_max_norm / norm);
    ++steps;
    mean.mul_(kBeta1).add_(gradient, 1.0 - kBeta1);
    variance.mul_(kBeta2).addcmul_(gradient, gradient, 1.0 - kBeta2);
    const double correction1 = 1.0 - std::pow(kBeta1, static_cast<double>(steps));
    const double correction2 = 1.0 - std::pow(kBeta2, static_cast<double>(steps));
    torch::Tensor& flat = network.impl().flat;
    if (options.weight_decay > 0) flat.mul_(1.0 - rate * options.weight_decay);
    flat.addcdiv_(mean, (variance / correction2).sqrt_().add_(kAdamEpsilon), -rate / correction1);
    return norm;
  }

  UpdateStats update(const selfplay::Rollout& rollout, std::int64_t number, int threads,
                     const std::function<void()>& between) {
    const double progress = updates > 1 ? static_cast<double>(number) / static_cast<double>(updates - 1) : 0.0;
    const double material_coef =
        options.material_coef + (options.material_coef_final - options.material_coef) * progress;
    newest = collect(rollout, options, material_coef);
    const Samples& samples = newest;
    UpdateStats stats;
    stats.samples = static_cast<std::int64_t>(samples.index.size());
    if (samples.index.empty()) return stats;
    stats.explained_variance = explained_variance(samples.old_value, samples.value_target);

    std::vector<std::size_t> order(samples.index.size());
    const std::size_t minibatches =
        std::max<std::size_t>(1, (order.size() + static_cast<std::size_t>(options.minibatch_size) / 2) /
                                     static_cast<std::size_t>(options.minibatch_size));
    LossSums all;
    double norms = 0;
    std::int64_t steps_taken = 0;
    for (int epoch = 0; epoch < options.ppo_epochs; ++epoch) {
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      Random random(seed, Purpose::kMinibatch, static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(epoch));
      for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);

      LossSums of_epoch;
      for (std::size_t b = 0; b < minibatches; ++b) {
        const std::size_t begin = b * order.size() / minibatches;
        const std::size_t end = (b + 1) * order.size() / minibatches;
        const LossSums sums = minibatch(rollout, samples, std::span(order).subspan(begin, end - begin), threads);
        if (epoch == 0 && b == 0) stats.first_ratio_error = sums.max_ratio_error;
        of_epoch.add(sums);
        stats.learning_rate = schedule.rate(schedule.steps_at(number, epoch, b, minibatches));
        norms += step(stats.learning_rate);
        ++steps_taken;
        if (between) between();
      }
      all.add(of_epoch);
      stats.epochs = epoch + 1;
      stats.kl = of_epoch.kl / static_cast<double>(of_epoch.samples);
      if (options.target_kl > 0 && stats.kl > options.target_kl) break;
    }
    const auto n = static_cast<double>(all.samples);
    stats.policy_loss = all.policy_loss / n;
    stats.value_loss = all.value_loss / n;
    stats.material_loss = all.material_loss / n;
    stats.entropy = all.entropy / n;
    stats.clip_fraction = all.clipped / n;
    stats.gradient_norm = norms / static_cast<double>(steps_taken);
    return stats;
  }

  /// Differentiates the shards of one minibatch, several at a time.
  LossSums minibatch(const selfplay::Rollout& rollout, const Samples& samples, std::span<const std::size_t> picked,
                     int threads) {
    const std::size_t count = shards.size();
    std::vector<LossSums> sums(count);
    std::vector<std::exception_ptr> errors(count);
    const double weight = 1.0 / static_cast<double>(picked.size());
    const auto run = [&](std::size_t first, std::size_t stride) {
      const net::CoreHold hold(static_cast<int>(first), static_cast<int>(stride));
      net::set_compute_threads(1);
      for (std::size_t s = first; s < count; s += stride) {
        const std::size_t begin = s * picked.size() / count;
        const std::size_t end = (s + 1) * picked.size() / count;
        try {
          sums[s] = differentiate(s, rollout, samples, picked.subspan(begin, end - begin), weight);
        } catch (...) {
          errors[s] = std::current_exception();
        }
      }
    };
    const auto workers = std::min(count, static_cast<std::size_t>(std::max(1, threads)));
    {
      std::vector<std::jthread> others;
      for (std::size_t w = 1; w < workers; ++w) others.emplace_back(run, w, workers);
      run(0, workers);
    }
    LossSums total;
    for (std::size_t s = 0; s < count; ++s) {
      if (errors[s]) std::rethrow_exception(errors[s]);
      total.add(sums[s]);
    }
    return total;
  }
};

Ppo::Ppo(net::Network& network, const config::Training& options, std::uint64_t seed, std::int64_t updates)
    : impl_(std::make_unique<Impl>(network, options, seed, updates)) {}
Ppo::~Ppo() = default;

Result<UpdateStats> Ppo::update(const selfplay::Rollout& rollout, std::int64_t update, int threads,
                                const std::function<void()>& between) {
  try {
    UpdateStats stats = impl_->update(rollout, update, threads, between);
    if (!std::isfinite(stats.gradient_norm) || !std::isfinite(stats.policy_loss))
      return fail(Code::kFailure, "the update " + std::to_string(update) + " is not finite: the training has diverged",
                  "lower training.learning_rate or training.entropy_coef and resume from the last checkpoint");
    return stats;
  } catch (const std::exception& e) {
    return fail(Code::kDevice, std::string("the update failed in libtorch: ") + e.what());
  }
}

UpdateDetail Ppo::detail() const {
  const bool learned = !impl_->newest.index.empty();
  return {impl_->newest.advantage, impl_->newest.value_target,
          learned ? to_vector(impl_->shards.front().gradient) : std::vector<float>{}};
}

AdamState Ppo::state() const { return {to_vector(impl_->mean), to_vector(impl_->variance), impl_->steps}; }

Result<void> Ppo::restore(const AdamState& state) {
  const auto size = static_cast<std::size_t>(impl_->mean.numel());
  if (state.mean.size() != size || state.variance.size() != size || state.steps < 0)
    return fail(Code::kBadData, "the optimiser's state has " + std::to_string(state.mean.size()) +
                                    " moments, the network has " + std::to_string(size) + " parameters");
  std::vector<float> mean = state.mean;
  std::vector<float> variance = state.variance;
  const auto n = static_cast<std::int64_t>(size);
  impl_->mean.copy_(as_tensor(mean, {n}));
  impl_->variance.copy_(as_tensor(variance, {n}));
  impl_->steps = state.steps;
  return {};
}

}  // namespace keisei::learner
