// Facts of the machine that limits are checked against. Whoever starts a training measures them and passes them in, so
// that a configuration reads the same everywhere else: a file may be checked far from where it will run. Plain values.
#pragma once

#include <optional>

namespace keisei::config {

/// What is absent is not checked.
struct Machine {
  std::optional<double> memory_mb;  ///< 10^6 bytes this process may use: the machine's, or its container's if less
};

}  // namespace keisei::config
