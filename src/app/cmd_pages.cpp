// keisei completion and keisei man: pages that are written from the flag rows and the option tables.
#include <filesystem>
#include <iostream>

#include "app/cli.h"
#include "app/completion.h"
#include "app/man_page.h"
#include "base/file.h"

namespace keisei::app {
namespace {

int write_pages(const std::filesystem::path& directory) {
  for (const ManFile& file : man_files()) {
    const std::filesystem::path path = directory / file.name;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error)
      return report({Code::kFailure, path.parent_path().string() + " cannot be made: " + error.message(),
                     "name a directory that you may write to"});
    if (const auto written = write_durably(path, file.text); !written) return report(written.error());
  }
  return 0;
}

}  // namespace

int run_completion(const CompletionArgs& args) {
  std::cout << (args.shell == "bash" ? bash_completion() : args.shell == "zsh" ? zsh_completion() : fish_completion());
  return 0;
}

int run_man(const ManArgs& args) {
  if (args.output_dir) return write_pages(*args.output_dir);
  const CommandSpec* command = find_command(args.page);
  const bool settings = args.page == kSettingsPage;
  std::cout << (settings ? settings_man_page() : command != nullptr ? man_page(*command) : man_page());
  return 0;
}

}  // namespace keisei::app
