#include "app/page_args.h"

#include "app/man_page.h"
#include "config/suggest.h"

namespace keisei::app {

CommandSpec completion_command() {
  CommandSpec spec;
  spec.name = "completion";
  spec.summary = "Print the completion script of a shell.";
  spec.words = "bash | zsh | fish";
  spec.actions = {"bash", "zsh", "fish"};
  spec.most_words = 1;
  spec.examples = {"keisei completion bash", "keisei completion zsh", "keisei completion fish"};
  spec.notes =
      "bash, for this session:  source <(keisei completion bash)\n"
      "zsh:   keisei completion zsh > _keisei, in a directory of $fpath\n"
      "fish:  keisei completion fish > ~/.config/fish/completions/keisei.fish";
  return spec;
}

CommandSpec man_command() {
  CommandSpec spec;
  spec.name = "man";
  spec.summary = "Print a manual page: of the program, of a command, or of the configuration (keisei.yaml).";
  spec.words = "[COMMAND|" + std::string(kSettingsPage) + "]";
  spec.most_words = 1;
  spec.flags = {{.name = "--output-dir",
                 .value = "DIR",
                 .help = "Write all pages into DIR, in man1 and man5, instead of printing one.",
                 .group = "Output"}};
  spec.examples = {"keisei man", "keisei man train", "keisei man keisei.yaml"};
  spec.notes = "To read one without installing it:  keisei man train | man -l -";
  return spec;
}

Result<CompletionArgs> completion_args(const ParsedFlags& parsed) {
  if (parsed.words.empty())
    return fail(Code::kUsage, "completion: the name of a shell is missing (allowed: bash, zsh, fish)",
                "`keisei completion --help` says how each takes its script");
  return CompletionArgs{parsed.words[0]};
}

Result<ManArgs> man_args(const ParsedFlags& parsed) {
  ManArgs args;
  if (const auto directory = parsed.get("--output-dir")) {
    if (directory->empty()) return fail(Code::kUsage, "man: --output-dir needs a directory");
    args.output_dir = *directory;
  }
  if (parsed.words.empty()) return args;
  if (args.output_dir) return fail(Code::kUsage, "man: --output-dir writes all pages; name none");
  args.page = parsed.words[0];
  if (args.page == "keisei") args.page.clear();
  if (args.page.empty() || args.page == kSettingsPage || find_command(args.page)) return args;
  std::vector<std::string> names = {std::string(kSettingsPage)};
  for (const CommandSpec& command : commands()) names.push_back(command.name);
  const auto meant = config::nearest(args.page, names);
  return fail(Code::kUsage, "man: there is no page " + args.page + (meant ? "; did you mean " + *meant + "?" : ""),
              "`keisei --help` lists the commands");
}

}  // namespace keisei::app
