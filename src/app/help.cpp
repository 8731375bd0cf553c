// Help as text, from the same rows that the parser reads.
#include <algorithm>

#include "app/flags.h"

namespace keisei::app {
namespace {

constexpr std::size_t kLeftColumn = 28;
constexpr std::size_t kWidth = 100;

/// Words of `text` in lines of at most kWidth, all but the first indented by `indent`.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, space - at);
    if (column + word.size() + 1 > kWidth && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    at = space + 1;
  }
  return out;
}

std::string row(const std::string& left, const std::string& right) {
  std::string out = "  " + left;
  if (out.size() + 2 > kLeftColumn) {
    out += "\n" + std::string(kLeftColumn, ' ');
  } else {
    out += std::string(kLeftColumn - out.size(), ' ');
  }
  return out + wrapped(right, kLeftColumn) + "\n";
}

constexpr const char* kExitCodes =
    "Exit codes: 0 ok, 1 failure, 2 usage or configuration, 3 bad data or checkpoint, 4 device or memory,\n"
    "            5 a gate failed (SLA, proof), 130 / 143 after a clean stop by SIGINT / SIGTERM.\n";

constexpr const char* kEnvironment =
    "Environment: KEISEI_SAVEDIR (directory of the runs), WANDB_ENABLED, WANDB_DISABLED, WANDB_MODE, WANDB_DIR,\n"
    "             WANDB_PROJECT, WANDB_ENTITY, WANDB_NAME, WANDB_RUN_GROUP, WANDB_TAGS, WANDB_NOTES,\n"
    "             WANDB_RUN_ID, WANDB_RESUME, NO_COLOR.\n";

}  // namespace

std::string help_text(const CommandSpec& command) {
  std::string out = command.summary + "\n\nUsage: keisei " + command.name;
  if (!command.words.empty()) out += " " + command.words;
  for (const Flag& flag : command.flags) {
    if (flag.required) out += " " + flag.name + " " + flag.value;
  }
  out += " [flags]\n";
  std::vector<std::string> groups;
  for (const Flag& flag : command.flags) {
    if (std::find(groups.begin(), groups.end(), flag.group) == groups.end()) groups.push_back(flag.group);
  }
  for (const std::string& group : groups) {
    out += "\n" + group + ":\n";
    for (const Flag& flag : command.flags) {
      if (flag.group != group) continue;
      const bool optional = !flag.bare.empty();
      const std::string value = flag.value.empty() ? "" : optional ? " [" + flag.value + "]" : " " + flag.value;
      out += row(flag.name + value, flag.help + (flag.standard.empty() ? "" : " [" + flag.standard + "]"));
    }
  }
  out += "\nExamples:\n";
  for (const std::string& example : command.examples) out += "  " + example + "\n";
  if (!command.notes.empty()) out += "\n" + command.notes + "\n";
  return out;
}

std::string help_text() {
  std::string out =
      "Keisei trains a shogi player by self-play and knows at every moment how strong it is.\n\n"
      "Usage: keisei COMMAND [flags]\n\nCommands:\n";
  for (const CommandSpec& command : commands()) out += row(command.name, command.summary);
  out += row("--help, --help-all", "This text; the help of every command.");
  out += row("--version", "Version and build.");
  out += "\nExamples:\n  keisei train\n  keisei runs show\n  keisei train --help\n\n";
  return out + kEnvironment + kExitCodes;
}

std::string help_all_text() {
  std::string out = help_text();
  for (const CommandSpec& command : commands()) {
    out += "\n\n== keisei " + command.name + " ==\n\n" + help_text(command);
  }
  return out;
}

}  // namespace keisei::app
