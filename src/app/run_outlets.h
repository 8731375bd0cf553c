// The outlets of a training that the configuration chooses: TensorBoard's event files and the folder for Weights &
// Biases. One that cannot be opened is a warning: no viewer of results may keep a training from starting. Secrets in
// settings are hidden here, before a setting leaves the program. Called once by the session.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/wandb_sync.h"
#include "config/options.h"
#include "telemetry/outlet.h"
#include "telemetry/setting.h"

namespace keisei::app {

/// Every option of the configuration, secrets in texts hidden.
[[nodiscard]] telemetry::Settings settings_of(const config::Config& config);

struct RunOutlets {
  std::vector<std::shared_ptr<telemetry::Outlet>> outlets;
  std::optional<WandbSync> sync;      ///< keep until after the bus is gone
  std::vector<std::string> warnings;  ///< one line each
};

/// For the run at `root`, whose name its last part is.
[[nodiscard]] RunOutlets run_outlets(const config::Config& config, const std::filesystem::path& root,
                                     std::int64_t utc_ms);

}  // namespace keisei::app
