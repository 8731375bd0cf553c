#include "app/usi/thinker.h"

#include <algorithm>
#include <cmath>

namespace keisei::app::usi {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
constexpr double kLongestS = 1e8;  ///< beyond it a limit is none
constexpr double kCentipawnsPerLogit = 600;
constexpr double kSurest = 0.99999;

}  // namespace

std::int64_t Allowance::deadline(std::int64_t now_ns, double seconds) {
  if (!(seconds < kLongestS)) return kNever;
  return now_ns + static_cast<std::int64_t>(std::max(0.0, seconds) * kNanosecondsPerSecond);
}

void Allowance::restart() {
  stopped_.store(false);
  soft_ns_.store(kNever);
  hard_ns_.store(kNever);
  begun_ns_.store(clock_.monotonic_ns());
}

void Allowance::grant(const TimeBudget& budget) {
  const std::int64_t now_ns = clock_.monotonic_ns();
  soft_ns_.store(deadline(now_ns, std::min(budget.soft_s, budget.hard_s)));
  hard_ns_.store(deadline(now_ns, budget.hard_s));
}

bool Allowance::over() const {
  if (stopped_.load()) return true;
  const std::int64_t hard_ns = hard_ns_.load();
  return hard_ns != kNever && clock_.monotonic_ns() >= hard_ns;
}

bool Allowance::enough() const {
  if (over()) return true;
  const std::int64_t soft_ns = soft_ns_.load();
  return soft_ns != kNever && clock_.monotonic_ns() >= soft_ns;
}

double Allowance::elapsed_s() const {
  return static_cast<double>(clock_.monotonic_ns() - begun_ns_.load()) / kNanosecondsPerSecond;
}

double Allowance::left_s() const {
  if (stopped_.load()) return 0;
  const std::int64_t hard_ns = hard_ns_.load();
  if (hard_ns == kNever) return std::numeric_limits<double>::infinity();
  return std::max(0.0, static_cast<double>(hard_ns - clock_.monotonic_ns()) / kNanosecondsPerSecond);
}

int centipawns(double value) {
  return static_cast<int>(std::lround(2 * kCentipawnsPerLogit * std::atanh(std::clamp(value, -kSurest, kSurest))));
}

double value_of_centipawns(std::int64_t hundredths) {
  return std::tanh(static_cast<double>(hundredths) / (2 * kCentipawnsPerLogit));
}

}  // namespace keisei::app::usi
