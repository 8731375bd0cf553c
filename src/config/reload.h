// A running training reads its evaluation section again (SIGHUP): only what may change without changing what is
// learnt or how results compare, by a list that the option tables carry (Option::live). A file names only what it
// changes: keys it does not name stay as they are, other sections are not looked at. Nothing is applied here: the
// caller takes the new Config or leaves it. Pure but for reading the file; no thread rule.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/load.h"
#include "config/options.h"

namespace keisei::config {

struct Reloaded {
  Config config;                     ///< `current` with the changes
  std::vector<std::string> changed;  ///< "evaluation.num_games: 20 -> 40"
  std::vector<std::string>
      not_changed;                    ///< "evaluation.strategy: stays single_opponent, not changed while running ..."
  std::vector<std::string> warnings;  ///< as of Loaded
};

/// The evaluation section of the file at `path` over `current`. kUsage with all faults of that section, or when the
/// file cannot be read; the training then goes on with `current`. `machine`: facts that limits are checked against.
[[nodiscard]] Result<Reloaded> reload_evaluation(const std::filesystem::path& path, const Config& current,
                                                 const Machine& machine = {});
/// The same on a text; `name` stands in messages where a file's path would.
[[nodiscard]] Result<Reloaded> reload_evaluation_text(std::string_view text, const std::string& name,
                                                      const Config& current, const Machine& machine = {});

}  // namespace keisei::config
