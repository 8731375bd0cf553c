#include "config/load.h"

#include "base/file.h"
#include "config/presets.h"
#include "config/reading.h"
#include "config/secret.h"
#include "config/suggest.h"

namespace keisei::config {
namespace {

constexpr std::size_t kMaxSettingChars = 8192;

/// Variables of W&B's own tools that are settings as they stand.
constexpr std::pair<std::string_view, std::string_view> kPlainVariables[] = {
    {"WANDB_PROJECT", "wandb.project"}, {"WANDB_ENTITY", "wandb.entity"},   {"WANDB_DIR", "wandb.directory"},
    {"WANDB_NAME", "wandb.run_name"},   {"WANDB_RUN_GROUP", "wandb.group"}, {"WANDB_TAGS", "wandb.tags"},
    {"WANDB_NOTES", "wandb.notes"},     {"WANDB_RUN_ID", "wandb.run_id"}};

/// The words of W&B's own tools for a mode in ours.
std::string wandb_mode(const std::string& word) {
  if (word == "online" || word == "run" || word == "shared") return "live";
  return word == "dryrun" ? "offline" : word;
}

/// Text as it stands.
Node text_node(std::string_view text) {
  Node node;
  node.mark = {1, 1};
  node.scalar.text = text;
  node.scalar.quoted = true;
  return node;
}

/// A text after '=' as YAML would read it; matching quotes around it make it text.
Node value_node(std::string_view text) {
  Node node;
  node.mark = {1, 1};
  const bool opens = !text.empty() && (text.front() == '"' || text.front() == '\'');
  if (opens && text.size() >= 2 && text.back() == text.front()) {
    node.scalar.text = text.substr(1, text.size() - 2);
    node.scalar.quoted = true;
  } else {
    node.scalar = plain_scalar(text);
  }
  return node;
}

std::string flag_of(std::string_view name) {
  if (const Option* option = find_option(name); option && !option->flag.empty()) return std::string(option->flag);
  std::string flag = "--";
  for (const char c : name.substr(name.find('.') + 1)) flag += c == '_' ? '-' : c;
  return flag;
}

void read_preset(const std::string& name, Reading& reading) {
  const auto preset = find_preset(name);
  if (!preset) {
    std::vector<std::string> names;
    std::string all;
    for (const Preset& one : presets()) {
      names.emplace_back(one.name);
      all += (all.empty() ? "" : ", ") + names.back();
    }
    const auto meant = nearest(name, names);
    reading.fault("--preset", "there is no preset " + in_quotes(name) + " (allowed: " + all + ")" +
                                  (meant ? "; did you mean \"" + *meant + "\"?" : ""));
    return;
  }
  const std::string origin = "preset " + name;
  if (const auto tree = parse_yaml(preset->text, origin)) reading.document(*tree, Layer::kPreset, origin, origin);
}

void read_file(const std::filesystem::path& path, Reading& reading) {
  const auto text = read_text(path, kMaxFileBytes);
  if (!text) {
    reading.fault(path.string(), "the configuration cannot be read: " + text.error().message);
    return;
  }
  const auto tree = parse_yaml(*text, path.string());
  if (!tree) {
    const std::string& message = tree.error().message;
    reading.fault(path.string(), message.substr(path.string().size() + 1));
    return;
  }
  reading.document(*tree, Layer::kFile, path.string(), {});
}

void read_environment(const Pairs& environment, Reading& reading) {
  for (const auto& [name, value] : environment) {
    if (value.empty()) continue;
    const std::string place = "environment " + name;
    if (name == "KEISEI_SAVEDIR") reading.setting("logging.savedir", value_node(value), Layer::kEnvironment, place);
    for (const auto& [variable, option] : kPlainVariables) {
      if (name == variable) reading.setting(option, text_node(value), Layer::kEnvironment, place);
    }
    if (name == "WANDB_MODE") {
      reading.setting("wandb.mode", text_node(wandb_mode(value)), Layer::kEnvironment, place);
      if (value == "disabled") {
        reading.setting("wandb.enabled", value_node("false"), Layer::kEnvironment, place);
      }
    }
    if (name == "WANDB_RESUME") {
      const bool allowed = value == "auto" || value == "true" || value == "True" || value == "1";
      reading.setting("wandb.resume", text_node(allowed ? "allow" : value), Layer::kEnvironment, place);
    }
    const bool yes = value == "1" || value == "True" || value == "TRUE";
    const bool no = value == "0" || value == "False" || value == "FALSE";
    if (name == "WANDB_ENABLED") {
      reading.setting("wandb.enabled", value_node(yes ? "true" : no ? "false" : value), Layer::kEnvironment, place);
    }
    if (name == "WANDB_DISABLED" && (yes || value == "true")) {
      reading.setting("wandb.enabled", value_node("false"), Layer::kEnvironment, place);
    }
  }
}

void read_overrides(const std::vector<std::string>& overrides, Reading& reading) {
  for (const std::string& text : overrides) {
    const std::size_t equals = text.find('=');
    const std::string place =
        "--override " + without_secrets(text.size() > 120 ? text.substr(0, 120) + "..." : text);
    if (equals == std::string::npos) {
      reading.fault(place, "an override is section.key=value, such as training.gamma=0.99");
    } else if (text.size() > kMaxSettingChars) {
      reading.fault(place, "longer than " + std::to_string(kMaxSettingChars) + " characters");
    } else {
      reading.setting(text.substr(0, equals), value_node(std::string_view(text).substr(equals + 1)), Layer::kOverride,
                      place);
    }
  }
}

}  // namespace

Result<Loaded> load(const Source& source) {
  Reading reading(Config{}, source.machine);
  if (source.preset) {
    read_preset(*source.preset, reading);
  } else if (!source.file && source.embedded_default_preset) {
    read_preset(std::string(kDefaultPreset), reading);
  }
  if (source.file) read_file(*source.file, reading);
  read_environment(source.environment, reading);
  read_overrides(source.overrides, reading);
  for (const auto& [name, value] : source.flags) {
    // A flag's value is text as it stands: quotes belong to it.
    Node node;
    node.scalar = plain_scalar(value);
    reading.setting(name, node, Layer::kFlag, flag_of(name));
  }
  return finished(std::move(reading));
}

Result<Loaded> load_text(std::string_view text, const std::string& name) {
  if (text.size() > kMaxFileBytes) {
    return fail(Code::kUsage, name + ": longer than " + std::to_string(kMaxFileBytes) + " bytes");
  }
  const auto tree = parse_yaml(text, name);
  if (!tree) return tl::make_unexpected(tree.error());
  Reading reading;
  reading.document(*tree, Layer::kFile, name, {});
  return finished(std::move(reading));
}

}  // namespace keisei::config
