// In which runs evaluation beside training is on: the switch, and the share of runs it is rolled out to. Which runs
// belong to a share depends on their names alone, so a run that is resumed, or started on another machine, answers as
// it did, and a larger share keeps every run of a smaller one. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "config/options.h"

namespace keisei::config {

/// Where a run stands in the order of the rollout: a number in [0, 1), uniform over names and the same for ever.
/// FNV-1a (64 bits) over the bytes of the name, mixed by the finaliser of SplitMix64, its upper 53 bits over 2^53.
[[nodiscard]] double rollout_share(std::string_view run_name);

/// evaluation.enable_periodic_evaluation, and rollout_share(run_name) < evaluation.rollout_fraction.
[[nodiscard]] bool periodic_evaluation_on(const Config& config, std::string_view run_name);

/// The reason in words: "evaluation.enable_periodic_evaluation is false", "run first stands at 0.42 ...".
[[nodiscard]] std::string periodic_evaluation_why(const Config& config, std::string_view run_name);

}  // namespace keisei::config
