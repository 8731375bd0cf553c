// The completion script of zsh: a file _keisei in a directory of $fpath, or sourced after compinit.
#include "app/completion.h"

namespace keisei::app {
namespace {

using Kind = Offer::Kind;

constexpr const char* kHead = R"sh(#compdef keisei
# zsh completion of keisei, written by `keisei completion zsh`: save it as _keisei in a directory of $fpath.

# Names that only this machine knows; never through the launcher, which might build.
_keisei_names() { KEISEI_SAVEDIR=${opt_args[--savedir]:-${KEISEI_SAVEDIR-}} command keisei __names "$@" 2>/dev/null }
_keisei_runs() {
  local -a names
  names=(${(f)"$(_keisei_names runs)"})
  compadd -a names
  _files
}
_keisei_metrics() {
  local -a names
  if (( CURRENT < 3 )); then _keisei_runs; return; fi
  names=(${(f)"$(_keisei_names metrics ${(Q)words[2]})"})
  compadd -a names
}
)sh";

/// Inside a _arguments specification in single quotes.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += std::string("\\") + c;
    } else {
      out += c;
    }
  }
  return out;
}

/// Words in a row; a colon would end the action.
std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    for (const char c : word) out += c == ':' ? std::string("\\:") : std::string(1, c);
  }
  return out;
}

std::string list(const std::vector<std::string>& words) { return "(" + joined(words) + ")"; }

/// The action of a specification: what follows the second colon.
std::string offered(const Offer& offer) {
  switch (offer.kind) {
    case Kind::kFiles:
      if (!offer.words.empty()) return "{compadd -- " + offer.words.front() + "; _files}";
      return "_files";
    case Kind::kDirectories:
      return "_files -/";
    case Kind::kRuns:
      return "_keisei_runs";
    case Kind::kMetrics:
      return "_keisei_metrics";
    case Kind::kWords: {
      bool begun = false;
      for (const std::string& word : offer.words) begun = begun || word.ends_with('=') || word.ends_with(':');
      return begun ? "{compadd -S \"\" -- " + joined(offer.words) + "}" : list(offer.words);
    }
    case Kind::kNothing:
      break;
  }
  return " ";
}

std::string flag_lines(const CommandSpec& command) {
  std::string out;
  for (const Flag& flag : command.flags) {
    std::string line = "    '";
    if (flag.repeatable) line += "*";
    line += flag.name;
    if (!flag.value.empty()) line += "=";
    line += "[" + escaped(flag.help) + "]";
    if (!flag.value.empty()) {
      line += std::string(flag.bare.empty() ? ":" : "::") + escaped(flag.value) + ":" + offered(offer_for(flag));
    }
    out += line + "' \\\n";
  }
  return out + "    '--help[Flags and examples.]'";
}

std::string command_function(const CommandSpec& command) {
  std::string out = "_keisei_" + command.name +
                    "() {\n  local line state\n  typeset -A opt_args\n  _arguments -C \\\n" + flag_lines(command);
  if (command.actions.empty()) {
    const Offer offer = offer_for_words(command, "");
    if (command.most_words > 0) out += " \\\n    '*:word:" + offered(offer) + "'";
    return out + "\n}\n";
  }
  out += " \\\n    '1:action:" + list(command.actions) + "' \\\n    '*::word:->word'\n  case $state in\n    word)\n";
  // With '*::' the words before the action are gone, so the first word is the action itself.
  out += "      case $line[1] in\n";
  for (const std::string& action : command.actions) {
    const Offer offer = offer_for_words(command, action);
    switch (offer.kind) {
      case Kind::kNothing:
        break;
      case Kind::kWords: {
        std::string words;
        for (const std::string& word : offer.words) words += " " + word;
        out += "        " + action + ") compadd --" + words + " ;;\n";
        break;
      }
      default:
        out += "        " + action + ") " + offered(offer) + " ;;\n";
    }
  }
  return out + "      esac\n      ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion() {
  std::string out = kHead;
  for (const CommandSpec& command : commands()) out += command_function(command);
  out += "_keisei() {\n  local line state\n  local -a names\n  names=(\n";
  for (const CommandSpec& command : commands())
    out += "    '" + command.name + ":" + escaped(command.summary) + "'\n";
  out +=
      "  )\n  _arguments -C '1:command:->command' '*::word:->word' '--help[All commands.]' "
      "'--help-all[The help of every command.]' '--version[Version and build.]'\n"
      "  case $state in\n    command) _describe command names ;;\n    word)\n"
      "      if (( $+functions[_keisei_$line[1]] )); then _keisei_$line[1]; fi\n      ;;\n  esac\n}\n"
      "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _keisei \"$@\"; else compdef _keisei keisei; fi\n";
  return out;
}

}  // namespace keisei::app
