#include "config/reload.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/file.h"
#include "config/reading.h"
#include "config/table.h"
#include "config/yaml_tree.h"

namespace keisei::config {
namespace {

constexpr std::string_view kSection = "evaluation";

/// The document with nothing but its evaluation settings; their lines and columns stay.
Node evaluation_of(const Node& root) {
  if (root.kind != Node::Kind::kMap) return root;
  Node only;
  only.kind = Node::Kind::kMap;
  only.mark = root.mark;
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    const std::string& key = root.keys[i].scalar.text;
    if (key != kSection && !flat_name(key).starts_with("evaluation.")) continue;
    only.keys.push_back(root.keys[i]);
    only.items.push_back(root.items[i]);
  }
  return only;
}

void copy_value(const Option& option, Config& from, Config& to) {
  std::visit(
      [&](auto* field) {
        using Field = std::remove_pointer_t<decltype(field)>;
        *field = *std::get<Field*>(option.slot(from));
      },
      option.slot(to));
}

}  // namespace

Result<Reloaded> reload_evaluation_text(std::string_view text, const std::string& name, const Config& current,
                                        const Machine& machine) {
  const auto tree = parse_yaml(text, name);
  if (!tree) return tl::make_unexpected(tree.error());
  const Node only = evaluation_of(*tree);
  Reading reading(current, machine);
  reading.document(only, Layer::kFile, name, {});
  auto loaded = finished(std::move(reading));
  if (!loaded) return tl::make_unexpected(loaded.error());

  Reloaded result;
  result.config = current;
  Config& read = loaded->config;
  for (const Option& option : options()) {
    if (option.section != kSection) continue;
    const std::string before = value_text(option, current);
    const std::string after = value_text(option, read);
    if (before == after) continue;
    if (option.live) {
      copy_value(option, read, result.config);
      result.changed.push_back(name_of(option) + ": " + before + " -> " + after);
    } else {
      result.not_changed.push_back(name_of(option) + ": stays " + before + ", not changed while running; " + name +
                                   " says " + after);
    }
  }
  if (only.keys.empty()) result.warnings.push_back(name + ": has no section evaluation; nothing is changed");
  for (std::string& warning : loaded->warnings) {
    if (warning.find(": evaluation.") != std::string::npos) result.warnings.push_back(std::move(warning));
  }
  return result;
}

Result<Reloaded> reload_evaluation(const std::filesystem::path& path, const Config& current, const Machine& machine) {
  const auto text = read_text(path, kMaxFileBytes);
  if (!text) {
    return fail(Code::kUsage, path.string() + ": the configuration cannot be read again: " + text.error().message,
                "the training goes on with the settings it has");
  }
  return reload_evaluation_text(*text, path.string(), current, machine);
}

}  // namespace keisei::config
