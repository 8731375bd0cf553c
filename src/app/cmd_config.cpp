// keisei config: what is in force and who set it, what is wrong with a file, and the pages written from the tables.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "config/describe.h"
#include "config/presets.h"
#include "config/suggest.h"
#include "config/table.h"

namespace keisei::app {
namespace {

void warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) std::cerr << "keisei: warning: " << warning << "\n";
}

int show(const ConfigArgs& args) {
  const auto loaded = config::load(args.source);
  if (!loaded) return report(loaded.error());
  if (args.json) {
    std::cout << config::to_json(*loaded, args.origin) << "\n";
    return 0;
  }
  warn(loaded->warnings);
  if (!args.origin) {
    std::cout << config::to_yaml(loaded->config);
    return 0;
  }
  for (const config::Option& option : config::options()) {
    const std::string name = config::name_of(option);
    std::cout << name << ": " << config::value_text(option, loaded->config) << "  # " << loaded->origin.at(name)
              << "\n";
  }
  return 0;
}

int check(const ConfigArgs& args) {
  const auto loaded = config::load(args.source);
  if (args.json) {
    nlohmann::ordered_json out;
    out["schema"] = "keisei.config_check/1";
    out["file"] = args.source.file->string();
    out["ok"] = loaded.has_value();
    out["faults"] = nlohmann::ordered_json::array();
    if (!loaded) {
      const std::string& text = loaded.error().message;
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        out["faults"].push_back(text.substr(at, end - at));
        at = end + 1;
      }
    }
    out["warnings"] = loaded ? loaded->warnings : std::vector<std::string>{};
    std::cout << out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return loaded ? 0 : static_cast<int>(loaded.error().code);
  }
  if (!loaded) return report(loaded.error());
  warn(loaded->warnings);
  std::cout << args.source.file->string() << ": ok\n";
  return 0;
}

int preset(const std::string& name) {
  if (const auto found = config::find_preset(name)) {
    std::cout << found->text;
    return 0;
  }
  std::vector<std::string> names;
  std::string all;
  for (const config::Preset& one : config::presets()) {
    names.emplace_back(one.name);
    all += (all.empty() ? "" : ", ") + names.back();
  }
  const auto meant = config::nearest(name, names);
  return report({Code::kUsage, "there is no preset " + name + (meant ? "; did you mean " + *meant + "?" : ""),
                 "presets: " + all});
}

}  // namespace

int run_config(const ConfigArgs& args) {
  switch (args.action) {
    case ConfigArgs::Action::kShow:
      return show(args);
    case ConfigArgs::Action::kCheck:
      return check(args);
    case ConfigArgs::Action::kSchema:
      std::cout << config::json_schema() << "\n";
      return 0;
    case ConfigArgs::Action::kReference:
      std::cout << config::reference_page();
      return 0;
    case ConfigArgs::Action::kMigration:
      std::cout << config::migration_page();
      return 0;
    case ConfigArgs::Action::kPreset:
      return preset(args.name);
  }
  return 0;
}

}  // namespace keisei::app
