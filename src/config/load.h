// From files, presets, environment and flags to one checked Config, or to the list of all faults at once.
// Precedence: built-in default < preset < file < environment < --override < flag. A file changes what it names and
// nothing else. Settings that nobody asked for follow those that somebody did (see config/rules.h), with a warning.
// Pure but for reading the file: the environment is passed in. No thread rule.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/machine.h"
#include "config/options.h"

namespace keisei::config {

inline constexpr std::size_t kMaxFileBytes = 256 * 1024;  ///< a longer configuration file is refused

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Where the settings come from.
struct Source {
  std::optional<std::filesystem::path> file;  ///< --config
  std::optional<std::string> preset;          ///< --preset
  std::vector<std::string> overrides;         ///< "section.key=value", in order; the last one wins
  Pairs flags;                                ///< {"env.seed", "7"}: a flag's option and its value
  Pairs environment;                          ///< WANDB_* and KEISEI_SAVEDIR as the caller found them
  bool embedded_default_preset = false;       ///< with neither file nor preset: use the preset kDefaultPreset
  Machine machine;                            ///< what limits are checked against
};

struct Loaded {
  Config config;
  std::vector<std::string> warnings;          ///< one line each, "FILE:LINE:COL: section.key: ..."
  std::map<std::string, std::string> origin;  ///< "section.key" -> who set it ("default", "preset tiny", "F:3:5", ...)
};

/// Reads, merges and checks. All faults come in one kUsage error, one per line.
[[nodiscard]] Result<Loaded> load(const Source& source);

/// The same on a text that is already in memory; `name` stands in messages where a file's path would.
[[nodiscard]] Result<Loaded> load_text(std::string_view text, const std::string& name);

/// Every option with its value, by section; load_text() gives the identical Config back.
[[nodiscard]] std::string to_yaml(const Config& config);

/// 16 hex digits over the options that influence training results, and over nothing else.
[[nodiscard]] std::string hash(const Config& config);

/// Lines "section.key: A -> B" for the options that influence training results and differ.
[[nodiscard]] std::vector<std::string> training_differences(const Config& from, const Config& to);

}  // namespace keisei::config
