// The full screen of a run that another process trains: its log is read as it grows, so watching needs nothing of the
// trainer and cannot disturb it. A finished run stands as it ended. Runs on the caller's thread until the person
// leaves.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/result.h"
#include "dashboard/cells.h"

namespace keisei::dashboard {

/// Draws on the terminal `fd` until q. kUsage when it is no terminal of 80x24 or more, kFailure when it can do too
/// little.
[[nodiscard]] Result<void> watch_log(const std::filesystem::path& log, int fd, Paint paint, const Clock& clock);

}  // namespace keisei::dashboard
