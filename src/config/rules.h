// What no single option can say: settings that must fit each other. fit() lets those that nobody asked for follow those
// that somebody did (a short --total-timesteps shortens the preset's epoch), cross_faults() refuses what still
// contradicts itself, cautions() warns of what is allowed and may surprise. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/machine.h"
#include "config/options.h"

namespace keisei::config {

/// A sentence about one option.
struct Remark {
  std::string option;  ///< "section.key"
  std::string text;
};

/// Whether a file, the environment, an override or a flag set the option (a preset or the default does not count).
using Asked = std::function<bool(std::string_view option)>;

/// Changes unasked options to fit the asked ones; one remark for each change.
std::vector<Remark> fit(Config& config, const Asked& asked, const Machine& machine = {});
[[nodiscard]] std::vector<Remark> cross_faults(const Config& config, const Machine& machine = {});
[[nodiscard]] std::vector<Remark> cautions(const Config& config);

}  // namespace keisei::config
