// The commands `keisei completion` and `keisei man` as values: both print pages written from the very rows that --help
// and the parser read, so that none can name a flag that does not exist. Their rows for the flag table and their
// arguments are here; the pages are written in completion.h and man_page.h. Pure functions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/flags.h"
#include "base/result.h"

namespace keisei::app {

struct CompletionArgs {
  std::string shell;  ///< bash | zsh | fish
};

struct ManArgs {
  std::string page;                                 ///< a command, or keisei.yaml; empty = the program
  std::optional<std::filesystem::path> output_dir;  ///< all pages into this directory, none on stdout
};

[[nodiscard]] CommandSpec completion_command();
[[nodiscard]] CommandSpec man_command();
/// Errors are kUsage.
[[nodiscard]] Result<CompletionArgs> completion_args(const ParsedFlags& parsed);
[[nodiscard]] Result<ManArgs> man_args(const ParsedFlags& parsed);

}  // namespace keisei::app
