#include "app/man_page.h"

#include <algorithm>

#include "app/cli.h"
#include "config/presets.h"
#include "config/table.h"

namespace keisei::app {
namespace {

/// Bytes of the UTF-8 sequence at `i` and its code point.
std::pair<std::size_t, char32_t> code_point_at(std::string_view text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const std::size_t length = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : 4;
  char32_t c = length == 1 ? lead : length == 2 ? lead & 0x1FU : length == 3 ? lead & 0x0FU : lead & 0x07U;
  for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
    c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
  return {length, c};
}

/// Text of a line: backslashes, signs that roff would replace, and everything beyond ASCII escaped.
std::string roff(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out = "\\&";
  for (std::size_t i = 0; i < text.size();) {
    const auto [length, c] = code_point_at(text, i);
    switch (c) {
      case U'\\':
        out += "\\e";
        break;
      case U'-':
        out += "\\-";
        break;
      case U'\'':
        out += "\\(aq";
        break;
      case U'`':
        out += "\\(ga";
        break;
      case U'^':
        out += "\\(ha";
        break;
      case U'~':
        out += "\\(ti";
        break;
      default:
        if (c < 0x80) {
          out += static_cast<char>(c);
          break;
        }
        std::string digits;
        for (int shift = 20; shift >= 0; shift -= 4) {
          const std::size_t digit = (c >> shift) & 0xFU;
          if (digit != 0 || !digits.empty() || shift < 16) digits += kHex[digit];
        }
        out += "\\[u" + digits + "]";
    }
    i += length;
  }
  return out;
}

/// Between double quotes as one argument of a macro.
std::string argument(std::string_view text) {
  std::string out = "\"";
  for (const char c : roff(text)) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return out + "\"";
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

/// "keisei 0.1.0", without the compiler.
std::string version() {
  const std::string text = version_text();
  return text.substr(0, text.find(" ("));
}

std::string opening(const std::string& page, const std::string& section, const std::string& summary) {
  std::string said = summary;
  if (!said.empty() && said.back() == '.') said.pop_back();
  return ".TH " + argument(upper(page)) + " " + section + " \"\" " + argument(version()) + " \"Keisei\"\n.SH NAME\n" +
         roff(page) + " \\- " + roff(said) + "\n";
}

/// Lines that stand as they are.
std::string verbatim(const std::vector<std::string>& lines) {
  std::string out = ".nf\n";
  for (const std::string& line : lines) out += roff(line) + "\n";
  return out + ".fi\n";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string option_of(const Flag& flag) {
  std::string out = ".TP\n\\fB" + roff(flag.name) + "\\fR";
  const std::string value = "\\fI" + roff(flag.value) + "\\fR";
  if (!flag.value.empty()) out += flag.bare.empty() ? " " + value : " [" + value + "]";
  out += "\n" + roff(flag.help) + "\n";
  if (!flag.standard.empty()) out += "Default: " + roff(flag.standard) + ".\n";
  if (flag.repeatable) out += "May be repeated.\n";
  return out;
}

constexpr const char* kExitStatus =
    ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nfailure\n.TP\n2\nusage or configuration\n.TP\n3\nbad data or checkpoint\n"
    ".TP\n4\ndevice or memory\n.TP\n5\na gate failed (limit, test, proof)\n.TP\n130, 143\nclean stop by SIGINT, "
    "SIGTERM\n";

constexpr const char* kEnvironment =
    ".SH ENVIRONMENT\n.TP\nKEISEI_SAVEDIR\nDirectory of the runs.\n.TP\n"
    "WANDB_ENABLED, WANDB_DISABLED, WANDB_MODE, WANDB_DIR, WANDB_PROJECT, WANDB_ENTITY, WANDB_NAME, WANDB_RUN_GROUP, "
    "WANDB_TAGS, WANDB_NOTES, WANDB_RUN_ID, WANDB_RESUME\nAs Weights & Biases knows them.\n.TP\n"
    "NO_COLOR\nNo colours when set and not empty.\n";

constexpr const char* kFiles =
    ".SH FILES\n.TP\n\\fIruns/NAME/\\fR\nOne run: config.yaml, run.db, checkpoints/, games/, log.jsonl.\n";

}  // namespace

std::string man_page() {
  std::string out = opening("keisei", "1", "train and evaluate a shogi player by self-play");
  out += ".SH SYNOPSIS\n\\fBkeisei\\fR \\fICOMMAND\\fR [\\fIflags\\fR]\n.SH DESCRIPTION\n"
         "Keisei trains a shogi player from nothing by self\\-play, and evaluates it while it trains, without slowing "
         "the training down.\nResults go to stdout, progress to stderr.\nEvery command has \\fB\\-\\-help\\fR and "
         "a page of its own.\n.SH COMMANDS\n";
  for (const CommandSpec& command : commands()) {
    out += ".TP\n\\fBkeisei\\-" + roff(command.name) + "\\fR(1)\n" + roff(command.summary) + "\n";
  }
  out += ".SH OPTIONS\n.TP\n\\fB\\-\\-help\\fR\nAll commands.\n"
         ".TP\n\\fB\\-\\-help\\-all\\fR\nThe help of every command.\n.TP\n\\fB\\-\\-version\\fR\nVersion and build.\n";
  out += std::string(kEnvironment) + kFiles + kExitStatus;
  out += ".SH EXAMPLES\n" + verbatim({"keisei train", "keisei runs show", "keisei runs plot latest ppo/policy_loss"});
  return out + ".SH SEE ALSO\n\\fBkeisei.yaml\\fR(5), \\fBkeisei\\-train\\fR(1), \\fBkeisei\\-runs\\fR(1)\n";
}

std::string man_page(const CommandSpec& command) {
  std::string out = opening("keisei-" + command.name, "1", command.summary);
  out += ".SH SYNOPSIS\n\\fBkeisei " + roff(command.name) + "\\fR";
  if (!command.words.empty()) out += " " + roff(command.words);
  for (const Flag& flag : command.flags) {
    if (flag.required) out += " \\fB" + roff(flag.name) + "\\fR \\fI" + roff(flag.value) + "\\fR";
  }
  out += " [\\fIflags\\fR]\n.SH DESCRIPTION\n" + roff(command.summary) + "\n";
  if (!command.notes.empty()) out += ".PP\n" + verbatim(lines_of(command.notes));
  out += ".SH OPTIONS\nDashes and underscores in the name of a flag are equal; "
         "\\fB\\-\\-flag=value\\fR is understood too.\n";
  std::vector<std::string> groups;
  for (const Flag& flag : command.flags) {
    if (std::find(groups.begin(), groups.end(), flag.group) == groups.end()) groups.push_back(flag.group);
  }
  for (const std::string& group : groups) {
    out += ".SS " + argument(group) + "\n";
    for (const Flag& flag : command.flags) {
      if (flag.group == group) out += option_of(flag);
    }
  }
  out += ".SS \"Help\"\n.TP\n\\fB\\-\\-help\\fR\nFlags and examples.\n";
  out += ".SH EXAMPLES\n" + verbatim(command.examples);
  return out + kExitStatus + ".SH SEE ALSO\n\\fBkeisei\\fR(1), \\fBkeisei.yaml\\fR(5)\n";
}

std::string settings_man_page() {
  std::string out = opening(std::string(kSettingsPage), "5", "configuration of a training with keisei");
  out += ".SH DESCRIPTION\nA configuration is a YAML file that names only what it changes, in sections:\n.PP\n" +
         verbatim({"training:", "  learning_rate: 0.0003", "evaluation:", "  num_games: 40"}) +
         ".PP\nPrecedence: built\\-in default, preset, file (\\fB\\-\\-config\\fR), environment, "
         "\\fB\\-\\-override\\fR section.key=value, flag.\n\\fBkeisei config check\\fR lists every fault of a file at "
         "once, \\fBkeisei config show \\-\\-origin\\fR tells who set what.\n.PP\nPresets (\\fB\\-\\-preset\\fR): ";
  std::string presets;
  for (const config::Preset& preset : config::presets())
    presets += (presets.empty() ? "" : ", ") + std::string(preset.name);
  out += roff(presets) + ".\n";
  std::string_view section;
  for (const config::Option& option : config::options()) {
    if (option.section != section) {
      section = option.section;
      out += ".SH " + argument(upper(section)) + "\n";
    }
    out += ".TP\n\\fB" + roff(option.key) + "\\fR: " + roff(config::default_text(option));
    if (!option.unit.empty()) out += " (" + roff(option.unit) + ")";
    out += "\n" + roff(option.help) + "\nAllowed: " + roff(config::allowed_text(option)) + ".\n";
    if (!option.flag.empty()) out += "Flag: \\fB" + roff(option.flag) + "\\fR.\n";
    if (option.live) out += "May change in a running training (SIGHUP).\n";
  }
  return out + ".SH SEE ALSO\n\\fBkeisei\\fR(1), \\fBkeisei\\-config\\fR(1), \\fBkeisei\\-train\\fR(1)\n";
}

std::vector<ManFile> man_files() {
  std::vector<ManFile> files = {{"man1/keisei.1", man_page()}};
  for (const CommandSpec& command : commands())
    files.push_back({"man1/keisei-" + command.name + ".1", man_page(command)});
  // The program that keisei becomes for training and networks; people call keisei.
  files.push_back({"man1/keisei-torch.1", ".so man1/keisei.1\n"});
  files.push_back({"man5/" + std::string(kSettingsPage) + ".5", settings_man_page()});
  return files;
}

}  // namespace keisei::app
