// The completion script of fish, 3.0 or later.
#include "app/completion.h"

namespace keisei::app {
namespace {

using Kind = Offer::Kind;

constexpr const char* kHead = R"sh(# fish completion of keisei, written by `keisei completion fish`.
# Save it as ~/.config/fish/completions/keisei.fish

# The words that are neither flags nor their values, without the one being typed; the program's name is left out.
function __keisei_words
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l after_flag 0
    for token in $tokens
        if test $after_flag -eq 1
            set after_flag 0
            continue
        end
        if string match -q -- '--*=*' $token
            continue
        end
        if string match -q -- '--*' $token
            if contains -- (string replace -a _ - -- $token) $__keisei_value_flags
                set after_flag 1
            end
            continue
        end
        echo $token
    end
end
# True when $argv[1] is the command and, where given, $argv[2] the action; "-" is no action yet.
function __keisei_at
    set -l words (__keisei_words)
    test (count $words) -ge 1; or return 1
    test $words[1] = $argv[1]; or return 1
    test (count $argv) -ge 2; or return 0
    if test $argv[2] = -
        test (count $words) -eq 1
        return
    end
    test (count $words) -ge 2; and test $words[2] = $argv[2]
end
function __keisei_no_command
    test (count (__keisei_words)) -eq 0
end
# Names that only this machine knows; never through the launcher, which might build.
function __keisei_runs
    command keisei __names runs 2>/dev/null
end
function __keisei_metrics
    set -l words (__keisei_words)
    if test (count $words) -lt 3
        __keisei_runs
    else
        command keisei __names metrics $words[3] 2>/dev/null
    end
end

complete -c keisei -f
)sh";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

/// What follows the condition of a `complete` line: whether a value is needed, and its candidates.
std::string offered(const Offer& offer, bool optional) {
  std::string words;
  for (const std::string& word : offer.words) words += (words.empty() ? "" : " ") + word;
  const std::string needed = optional ? "" : " -r";
  switch (offer.kind) {
    case Kind::kFiles:
      return needed + " -F" + (words.empty() ? "" : " -a " + quoted(words));
    case Kind::kDirectories:
      return needed + " -f -a '(__fish_complete_directories)'";
    case Kind::kRuns:
      return needed + " -F -a '(__keisei_runs)'";
    case Kind::kMetrics:
      return " -f -a '(__keisei_metrics)'";
    case Kind::kWords:
      return needed + " -f -a " + quoted(words);
    case Kind::kNothing:
      break;
  }
  return needed + " -f";
}

std::string command_lines(const CommandSpec& command) {
  const std::string begin = "complete -c keisei -n ";
  const std::string here = quoted("__keisei_at " + command.name);
  std::string out = begin + "__keisei_no_command -a " + command.name + " -d " + quoted(command.summary) + "\n";
  for (const Flag& flag : command.flags) {
    out += begin + here + " -l " + flag.name.substr(2);
    if (!flag.value.empty()) out += offered(offer_for(flag), !flag.bare.empty());
    out += " -d " + quoted(flag.help) + "\n";
  }
  if (command.actions.empty()) {
    const Offer offer = offer_for_words(command, "");
    if (offer.kind != Kind::kNothing) out += begin + here + offered(offer, true) + "\n";
    return out;
  }
  std::string actions;
  for (const std::string& action : command.actions) actions += (actions.empty() ? "" : " ") + action;
  out += begin + quoted("__keisei_at " + command.name + " -") + " -f -a " + quoted(actions) + "\n";
  for (const std::string& action : command.actions) {
    const Offer offer = offer_for_words(command, action);
    if (offer.kind == Kind::kNothing) continue;
    out += begin + quoted("__keisei_at " + command.name + " " + action) + offered(offer, true) + "\n";
  }
  return out;
}

}  // namespace

std::string fish_completion() {
  std::string flags;
  for (const CommandSpec& command : commands()) {
    for (const Flag& flag : command.flags) {
      const bool named = (flags + " ").find(" " + flag.name + " ") != std::string::npos;
      if (!flag.value.empty() && !named) flags += " " + flag.name;
    }
  }
  std::string out = kHead;
  out.insert(out.find("# The words that"), "set -g __keisei_value_flags" + flags + "\n");
  out += "complete -c keisei -l help -d 'Flags and examples.'\n";
  out += "complete -c keisei -n __keisei_no_command -l version -d 'Version and build.'\n";
  for (const CommandSpec& command : commands()) out += command_lines(command);
  return out;
}

}  // namespace keisei::app
