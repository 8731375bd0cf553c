// The completion script of bash, 4.1 or later; needs no package beside bash itself.
#include "app/completion.h"

namespace keisei::app {
namespace {

using Kind = Offer::Kind;

constexpr const char* kHead = R"sh(# bash completion of keisei, written by `keisei completion bash`.
# For this session: source <(keisei completion bash)

# Lines of stdin that continue the word: candidates.
_keisei_lines() {
  local line
  while IFS= read -r line; do
    if [[ $line == "$cur"* ]]; then COMPREPLY+=("$line"); fi
  done
}
_keisei_words() { _keisei_lines < <(printf '%s\n' "$@"); }
_keisei_begun() { compopt -o nospace 2>/dev/null; _keisei_words "$@"; }
_keisei_files() { compopt -o filenames 2>/dev/null; _keisei_lines < <(compgen -f -- "$cur"); }
_keisei_directories() { compopt -o filenames 2>/dev/null; _keisei_lines < <(compgen -d -- "$cur"); }
# Names that only this machine knows; never through the launcher, which might build.
_keisei_names() { KEISEI_SAVEDIR=${savedir:-${KEISEI_SAVEDIR-}} command keisei __names "$@" 2>/dev/null </dev/null; }
_keisei_runs() { _keisei_files; _keisei_lines < <(_keisei_names runs); }

_keisei() {
  local cur prev command action='' first='' savedir='' word i count=0
  COMPREPLY=()
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=''
  if ((COMP_CWORD > 0)); then prev=${COMP_WORDS[COMP_CWORD - 1]}; fi
  # --flag=value: bash takes the sign for a word of its own.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]] && ((COMP_CWORD > 1)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ $prev == --* ]]; then prev=${prev//_/-}; fi
  if ((COMP_CWORD <= 1)); then
    _keisei_words @COMMANDS@ --help --help-all --version
    return
  fi
  command=${COMP_WORDS[1]}
  for ((i = 2; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    case $word in
      '=') continue ;;
      --savedir)
        savedir=${COMP_WORDS[i + 1]}
        if [[ $savedir == '=' ]]; then savedir=${COMP_WORDS[i + 2]}; fi
        ;;
    esac
    if [[ $word == --* || ${COMP_WORDS[i - 1]} == '=' ]]; then continue; fi
    if _keisei_takes_value "$command" "${COMP_WORDS[i - 1]//_/-}"; then continue; fi
    count=$((count + 1))
    if ((count == 1)); then action=$word; fi
    if ((count == 2)); then first=$word; fi
  done
  case $command in
)sh";

constexpr const char* kFoot = R"sh(  esac
}
complete -F _keisei keisei
)sh";

/// 'it'\''s'
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string all_quoted(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += " " + quoted(word);
  return out;
}

bool any_begun(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.ends_with('=') || word.ends_with(':')) return true;
  }
  return false;
}

/// Shell commands, separated by "; ", that add what is offered.
std::string offered(const Offer& offer) {
  std::string out;
  if (!offer.words.empty())
    out += (any_begun(offer.words) ? "_keisei_begun" : "_keisei_words") + all_quoted(offer.words);
  const auto add = [&](const char* more) { out += (out.empty() ? "" : "; ") + std::string(more); };
  if (offer.kind == Kind::kFiles) add("_keisei_files");
  if (offer.kind == Kind::kDirectories) add("_keisei_directories");
  if (offer.kind == Kind::kRuns) add("_keisei_runs");
  if (offer.kind == Kind::kMetrics)
    add("if [[ -z $first ]]; then _keisei_runs; else _keisei_lines < <(_keisei_names metrics \"$first\"); fi");
  return out.empty() ? ":" : out;
}

std::string value_flags() {
  std::string out =
      "# Whether the flag $2 of the command $1 is followed by a value.\n_keisei_takes_value() {\n  case \"$1 $2\" in\n";
  for (const CommandSpec& command : commands()) {
    std::string names;
    for (const Flag& flag : command.flags) {
      if (!flag.value.empty()) names += (names.empty() ? "" : " | ") + quoted(command.name + " " + flag.name);
    }
    if (!names.empty()) out += "    " + names + ") return 0 ;;\n";
  }
  return out + "  esac\n  return 1\n}\n\n";
}

std::string command_case(const CommandSpec& command) {
  std::string out = "    " + command.name + ")\n      case $prev in\n";
  std::vector<std::string> names = {"--help"};
  for (const Flag& flag : command.flags) {
    names.push_back(flag.name);
    if (!flag.value.empty()) out += "        " + flag.name + ") " + offered(offer_for(flag)) + "; return ;;\n";
  }
  out += "      esac\n      if [[ $cur == -* ]]; then _keisei_words" + all_quoted(names) + "; return; fi\n";
  if (command.actions.empty()) return out + "      " + offered(offer_for_words(command, "")) + "\n      ;;\n";
  out += "      case $action in\n        '') _keisei_words" + all_quoted(command.actions) + " ;;\n";
  for (const std::string& action : command.actions) {
    const Offer offer = offer_for_words(command, action);
    if (offer.kind != Kind::kNothing) out += "        " + action + ") " + offered(offer) + " ;;\n";
  }
  return out + "      esac\n      ;;\n";
}

}  // namespace

std::string bash_completion() {
  std::string head = kHead;
  std::vector<std::string> names;
  for (const CommandSpec& command : commands()) names.push_back(command.name);
  const std::string mark = "@COMMANDS@";
  head.replace(head.find(mark), mark.size(), all_quoted(names).substr(1));
  std::string out = head;
  for (const CommandSpec& command : commands()) out += command_case(command);
  out += kFoot;
  const std::size_t complete = out.rfind("complete -F");
  out.insert(complete, value_flags());
  return out;
}

}  // namespace keisei::app
