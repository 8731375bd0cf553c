// The command `keisei runs` as a value: its rows for the flag table, and its arguments. Apart from the other commands
// because what stands behind the action differs with it: one run, two runs, a run and metrics. Pure functions; nothing
// is opened here.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/flags.h"
#include "base/result.h"
#include "config/load.h"

namespace keisei::app {

struct RunsArgs {
  enum class Action { kList, kShow, kWatch, kPlot, kCompare, kExport } action = Action::kList;
  std::string run;                   ///< kShow, kWatch, kPlot: a run's name or directory; empty = the newest
  std::vector<std::string> runs;     ///< kCompare: two; kExport: any number, none = the newest
  std::vector<std::string> metrics;  ///< kPlot: at least one
  std::filesystem::path savedir = "runs";
  std::optional<std::filesystem::path> svg;     ///< kPlot: drawn into this file instead of onto the terminal
  std::optional<std::filesystem::path> output;  ///< kExport: whole or not at all; none = stdout
  bool sla = false;
  bool json = false;
};

[[nodiscard]] CommandSpec runs_command();
/// Errors are kUsage.
[[nodiscard]] Result<RunsArgs> runs_args(const ParsedFlags& parsed, const config::Pairs& environment);

}  // namespace keisei::app
