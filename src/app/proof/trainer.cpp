#include "app/proof/trainer.h"

#include <algorithm>

namespace keisei::app::proof {
namespace {

constexpr std::uint64_t kCalibration = 200'000;

/// `rounds` of integer work that no compiler can shorten.
void churn(std::uint64_t rounds) {
  volatile std::uint64_t sink = 0x9E3779B97F4A7C15U;
  for (std::uint64_t i = 0; i < rounds; ++i) sink = sink * 6364136223846793005U + i;
}

std::uint64_t rounds_of(double step_s, const Clock& clock) {
  double least_s = 1;
  for (int i = 0; i < 5; ++i) {
    const double begin_s = clock.monotonic_s();
    churn(kCalibration);
    least_s = std::min(least_s, clock.monotonic_s() - begin_s);
  }
  return static_cast<std::uint64_t>(static_cast<double>(kCalibration) * step_s / std::max(least_s, 1e-6));
}

}  // namespace

PlantedTrainer::PlantedTrainer(int threads, double step_s, const Clock& clock)
    : clock_(clock), rounds_(rounds_of(step_s, clock)), start_(threads), end_(threads) {
  for (int i = 1; i < threads; ++i) {
    helpers_.emplace_back([this] {
      while (true) {
        start_.arrive_and_wait();
        if (stop_) return;
        compute();
        end_.arrive_and_wait();
      }
    });
  }
}

PlantedTrainer::~PlantedTrainer() {
  stop_ = true;
  start_.arrive_and_wait();
}

void PlantedTrainer::compute() const { churn(rounds_); }

void PlantedTrainer::step(double waste) {
  const double begin_s = clock_.monotonic_s();
  start_.arrive_and_wait();
  compute();
  end_.arrive_and_wait();
  if (waste <= 0) return;
  const double took_s = clock_.monotonic_s() - begin_s;
  const double until_s = clock_.monotonic_s() + took_s * waste / (1 - waste);
  const double from_s = clock_.monotonic_s();
  while (clock_.monotonic_s() < until_s) {
  }
  wasted_s_ += clock_.monotonic_s() - from_s;
}

}  // namespace keisei::app::proof
