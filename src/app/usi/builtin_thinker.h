// The players without a network as thinkers: random, greedy and material:D, the same yardsticks that matches know. The
// alpha-beta of material:D deepens ply by ply, so time, nodes and stop cut it short and it still answers with the last
// depth that it finished. One thread at a time per thinker.
#pragma once

#include <memory>
#include <string>

#include "app/usi/thinker.h"
#include "base/result.h"

namespace keisei::app::usi {

/// kUsage for anything but random, greedy and material:D.
[[nodiscard]] Result<std::unique_ptr<Thinker>> make_builtin_thinker(const std::string& spec, const shogi::Rules& rules);

}  // namespace keisei::app::usi
