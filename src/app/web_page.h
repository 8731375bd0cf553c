// The web page as the program offers it: `keisei serve` runs it alone, `keisei train --serve` beside the training. Here
// the rooms meet that the server may not know of: records are written as KIF and CSA by the rooms that know shogi.
// The page beside a training lives as long as this object; what keeps it from starting is told, never fatal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "dashboard/web_server.h"

namespace keisei::app {

/// A record of the run database as KIF, KI2, CSA or a USI line.
[[nodiscard]] dashboard::RecordWriter record_writer();

/// Serves all runs of `savedir` on loopback for as long as the result lives; any free port where `port` is taken.
/// `clock` outlives it.
[[nodiscard]] Result<std::unique_ptr<dashboard::WebServer>> serve_beside(const std::filesystem::path& savedir,
                                                                         std::uint16_t port, const Clock& clock);

}  // namespace keisei::app
