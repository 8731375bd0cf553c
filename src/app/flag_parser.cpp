// argv against a command's rows: two-dash flags, `--name value` or `--name=value`, the last one wins.
#include <algorithm>

#include "app/flags.h"
#include "config/suggest.h"

namespace keisei::app {
namespace {

constexpr std::size_t kMaxArguments = 4096;

std::string dashed(std::string_view name) {
  std::string out(name);
  std::replace(out.begin() + std::min<std::ptrdiff_t>(2, std::ssize(out)), out.end(), '_', '-');
  return out;
}

tl::unexpected<Error> usage(const CommandSpec& command, const std::string& sentence) {
  return fail(Code::kUsage, command.name + ": " + sentence, "`keisei " + command.name + " --help` lists the flags");
}

/// The flag that `arg` names, with what stands after its '='.
struct Named {
  const Flag* flag;
  std::optional<std::string> value;
};

Result<Named> named(const CommandSpec& command, const std::string& arg) {
  const std::size_t equals = std::min(arg.find('='), arg.size());
  const std::string name = dashed(arg.substr(0, equals));
  for (const Flag& flag : command.flags) {
    if (flag.name != name) continue;
    if (equals == arg.size()) return Named{&flag, std::nullopt};
    return Named{&flag, arg.substr(equals + 1)};
  }
  std::vector<std::string> names;
  for (const Flag& flag : command.flags) names.push_back(flag.name);
  const auto meant = config::nearest(name, names);
  return usage(command, "there is no flag " + arg.substr(0, equals) + (meant ? "; did you mean " + *meant + "?" : ""));
}

/// What has to hold once all is read.
Result<void> check(const CommandSpec& command, const ParsedFlags& parsed) {
  const auto& words = parsed.words;
  const auto& actions = command.actions;
  if (!actions.empty() && !words.empty() && std::find(actions.begin(), actions.end(), words.front()) == actions.end()) {
    const auto meant = config::nearest(words.front(), actions);
    return usage(command, "\"" + words.front() + "\" is not one of: " + command.words +
                              (meant ? "; did you mean " + *meant + "?" : ""));
  }
  if (words.size() > command.most_words) {
    return usage(command, "\"" + words[command.most_words] + "\" is one word too many");
  }
  for (const Flag& flag : command.flags) {
    if (flag.required && !parsed.has(flag.name)) return usage(command, flag.name + " is missing");
  }
  return {};
}

}  // namespace

Result<ParsedFlags> parse_flags(const CommandSpec& command, const std::vector<std::string>& args) {
  ParsedFlags parsed;
  if (args.size() > kMaxArguments) return usage(command, "more than " + std::to_string(kMaxArguments) + " arguments");
  const auto end = std::find(args.begin(), args.end(), "--");
  if (std::any_of(args.begin(), end, [](const std::string& arg) { return arg == "--help" || arg == "-h"; })) {
    parsed.help = true;
    return parsed;
  }
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--") {
      parsed.words.insert(parsed.words.end(), args.begin() + static_cast<std::ptrdiff_t>(i) + 1, args.end());
      break;
    }
    if (!arg.starts_with("--")) {
      if (arg.size() > 1 && arg.front() == '-') {
        return usage(command, "there is no flag " + arg + "; flags start with two dashes");
      }
      parsed.words.push_back(arg);
      continue;
    }
    auto found = named(command, arg);
    if (!found) return tl::make_unexpected(found.error());
    const Flag& flag = *found->flag;
    std::optional<std::string> value = found->value;
    if (flag.value.empty()) {
      if (value && *value != "true" && *value != "false") {
        return usage(command, flag.name + " takes no value (or =true, =false)");
      }
      if (!value) value = "true";
      if (*value == "false" && flag.option.empty()) {  // a switch of the command itself: as if absent
        parsed.values.erase(flag.name);
        continue;
      }
    } else if (!value) {
      if (i + 1 < args.size() && !args[i + 1].starts_with("--")) {
        value = args[++i];
      } else if (!flag.bare.empty()) {
        value = flag.bare;
      } else {
        return usage(command, flag.name + " needs a value (" + flag.value + ")");
      }
    }
    parsed.values[flag.name].push_back(*value);
  }
  if (auto good = check(command, parsed); !good) return tl::make_unexpected(good.error());
  return parsed;
}

}  // namespace keisei::app
