// Manual pages in roff (man macros), written from the flag rows and the option tables: keisei(1), keisei-COMMAND(1) and
// keisei.yaml(5). The same program always writes the same bytes: no date, no host. Text from the tables is escaped, so
// that a word that begins with a dot is never taken for a macro. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/flags.h"

namespace keisei::app {

inline constexpr std::string_view kSettingsPage = "keisei.yaml";

[[nodiscard]] std::string man_page();                            ///< keisei(1)
[[nodiscard]] std::string man_page(const CommandSpec& command);  ///< keisei-COMMAND(1)
[[nodiscard]] std::string settings_man_page();                   ///< keisei.yaml(5)

struct ManFile {
  std::string name;  ///< "man1/keisei-train.1"
  std::string text;
};
/// Every page there is.
[[nodiscard]] std::vector<ManFile> man_files();

}  // namespace keisei::app
