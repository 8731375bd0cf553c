// What a shell can offer behind `keisei`: commands, actions, flags and the values of each, taken from the flag rows and
// the option tables, and written down in the language of the shell. Values that only a machine knows (names of runs and
// metrics) are asked of the program while one types, through the word kNamesWord. Pure but for run_names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/flags.h"

namespace keisei::app {

/// `keisei __names runs`, `keisei __names metrics RUN`, one name a line: for completion scripts, not for people.
inline constexpr std::string_view kNamesWord = "__names";

/// What may stand in one place of a command line.
struct Offer {
  enum class Kind { kNothing, kWords, kFiles, kDirectories, kRuns, kMetrics };
  Kind kind = Kind::kNothing;      ///< kWords: `words` alone; of the others `words` come first
  std::vector<std::string> words;  ///< those that end with '=' or ':' are only begun
};

/// The value of a flag; empty offer for a switch.
[[nodiscard]] Offer offer_for(const Flag& flag);
/// The words behind a command (and behind its action, where it has actions).
[[nodiscard]] Offer offer_for_words(const CommandSpec& command, std::string_view action);

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

/// 0 always: what cannot be read has no names.
int run_names(const std::vector<std::string>& args);

}  // namespace keisei::app
