// What this machine allows, for the limits of a configuration that is about to be used here. Read once at the start of
// a command; pure but for what it asks the kernel. MB are 10^6 bytes.
#pragma once

#include "config/machine.h"

namespace keisei::app {

/// The memory of the machine, or of the control group this process is in where that is less.
[[nodiscard]] config::Machine machine_facts();

}  // namespace keisei::app
