#include "config/rollout.h"

#include <cstdint>

#include "config/fnv.h"
#include "config/value.h"

namespace keisei::config {
namespace {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): FNV-1a alone hardly moves the upper bits for short names.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

double rollout_share(std::string_view run_name) {
  return static_cast<double>(mixed(fnv1a(run_name)) >> 11) * 0x1.0p-53;
}

bool periodic_evaluation_on(const Config& config, std::string_view run_name) {
  const Evaluation& evaluation = config.evaluation;
  return evaluation.enable_periodic_evaluation && rollout_share(run_name) < evaluation.rollout_fraction;
}

std::string periodic_evaluation_why(const Config& config, std::string_view run_name) {
  if (!config.evaluation.enable_periodic_evaluation) return "evaluation.enable_periodic_evaluation is false";
  const double fraction = config.evaluation.rollout_fraction;
  if (fraction >= 1) return "evaluation.enable_periodic_evaluation is true, for all runs";
  return "run " + std::string(run_name) + " stands at " + number_text(rollout_share(run_name)) +
         " of the rollout; evaluation.rollout_fraction is " + number_text(fraction);
}

}  // namespace keisei::config
