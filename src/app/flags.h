// What each command understands, as rows: flags, positional words, examples. Parsing, --help and --help-all read the
// same rows; flags of settings come from the option tables (config/table.h), so a setting is described once. Immutable.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::app {

struct Flag {
  std::string name{};   ///< "--total-timesteps"
  std::string value{};  ///< placeholder of its value; empty = a switch
  std::string help{};
  std::string group{};
  std::string standard{};   ///< built-in default as shown; empty = none
  std::string option{};     ///< the setting it sets, "section.key"; empty = the command's own
  std::string bare{};       ///< value that it stands for without one (--resume); empty = a value must follow
  std::string no_effect{};  ///< understood, and why nothing follows
  bool repeatable = false;  ///< all its values count, not only the last
  bool required = false;
};

struct CommandSpec {
  std::string name{};
  std::string summary{};
  std::string words{};                 ///< usage of the positional words, "show|check|schema [FILE]"
  std::vector<std::string> actions{};  ///< allowed first words; empty = any
  std::size_t most_words = 0;
  std::vector<Flag> flags{};
  std::vector<std::string> examples{};  ///< runnable as they stand, "keisei perft --depth 3"
  std::string notes{};
};

/// All commands, in the order of --help.
[[nodiscard]] const std::vector<CommandSpec>& commands();
[[nodiscard]] const CommandSpec* find_command(std::string_view name);

/// One command line, checked against its command's rows.
struct ParsedFlags {
  std::map<std::string, std::vector<std::string>> values;  ///< by the flag's name; a switch has "true"
  std::vector<std::string> words;
  bool help = false;

  [[nodiscard]] bool has(const std::string& flag) const { return values.contains(flag); }
  /// The last value given.
  [[nodiscard]] std::optional<std::string> get(const std::string& flag) const;
};

/// `args` without the program's and the command's name. Errors are kUsage, with a suggestion.
[[nodiscard]] Result<ParsedFlags> parse_flags(const CommandSpec& command, const std::vector<std::string>& args);

[[nodiscard]] std::string help_text(const CommandSpec& command);
[[nodiscard]] std::string help_text();      ///< of the program
[[nodiscard]] std::string help_all_text();  ///< of the program and of every command

}  // namespace keisei::app
