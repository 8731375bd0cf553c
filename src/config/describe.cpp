#include "config/describe.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "config/legacy.h"
#include "config/presets.h"
#include "config/table.h"

namespace keisei::config {
namespace {

using Json = nlohmann::ordered_json;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

Json value_json(const Option& option, Config& config) {
  const auto whole = [&](auto value) { return value == 0 && !option.word.empty() ? Json(option.word) : Json(value); };
  return std::visit(
      Overloaded{[](const bool* v) { return Json(*v); }, [&](const int* v) { return whole(*v); },
                 [&](const std::int64_t* v) { return whole(*v); }, [](const double* v) { return Json(*v); },
                 [](const std::string* v) { return Json(*v); },
                 [](const std::optional<std::int64_t>* v) { return v->has_value() ? Json(**v) : Json(nullptr); }},
      option.slot(config));
}

void put_range(Json& schema, const Range& range) {
  const auto number = [](double value) {
    return value == std::floor(value) && std::abs(value) < 1e15 ? Json(static_cast<std::int64_t>(value)) : Json(value);
  };
  if (std::isfinite(range.low)) schema[range.low_open ? "exclusiveMinimum" : "minimum"] = number(range.low);
  if (std::isfinite(range.high)) schema["maximum"] = number(range.high);
}

Json option_schema(const Option& option) {
  Config fresh;
  Json schema;
  const std::string type = type_of(option);
  schema["description"] = std::string(option.help) + (option.unit.empty() ? "" : " [" + std::string(option.unit) + "]");
  schema["default"] = value_json(option, fresh);
  Json form;
  if (type == "true or false") form["type"] = "boolean";
  if (type == "whole number") form["type"] = "integer";
  if (type == "number") form["type"] = "number";
  if (type == "text") {
    form["type"] = "string";
    if (!option.choices.empty()) form["enum"] = option.choices;
  }
  if (type == "number" || type == "whole number") put_range(form, option.range);
  Json forms = Json::array({form});
  // A text such as 27 needs no quotes in YAML, and a JSON reader then sees a number.
  if (option.key == "declaration_rule") forms.push_back({{"enum", {27, 24}}});
  if (!option.word.empty()) forms.push_back({{"const", option.word}});
  if (option.null_means) forms.push_back({{"type", "null"}});
  if (forms.size() == 1) {
    schema.update(form);
  } else {
    schema["anyOf"] = forms;
  }
  return schema;
}

Json legacy_schema(const LegacyKey& key) {
  Json schema;
  schema["description"] =
      key.becomes.empty() ? "No effect: " + std::string(key.because) + "." : "Now " + std::string(key.becomes) + ".";
  schema["deprecated"] = true;
  static constexpr const char* kTypes[] = {"boolean", "integer", "number", "string", "array", "object"};
  const Json type = kTypes[static_cast<int>(key.type)];
  schema["type"] = key.null_ok ? Json::array({type, "null"}) : type;
  if (!key.choices.empty()) schema["enum"] = key.choices;
  if (!key.wholes.empty()) schema["enum"] = key.wholes;
  put_range(schema, key.range);
  return schema;
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

std::string type_name(LegacyKey::Type type) {
  static constexpr const char* kNames[] = {"true or false", "whole number", "number", "text", "list", "mapping"};
  return kNames[static_cast<int>(type)];
}

}  // namespace

std::string to_json(const Loaded& loaded, bool with_origin) {
  Json root;
  root["schema"] = "keisei.config/1";
  Config copy = loaded.config;
  Json config = Json::object();
  for (const Option& option : options()) {
    config[std::string(option.section)][std::string(option.key)] = value_json(option, copy);
  }
  root["config"] = config;
  if (with_origin) root["origin"] = loaded.origin;
  root["warnings"] = loaded.warnings;
  root["hash"] = hash(loaded.config);
  return root.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string json_schema() {
  Json root;
  root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  root["$id"] = "keisei.config/1";
  root["title"] = "Keisei configuration";
  root["type"] = "object";
  root["additionalProperties"] = false;
  Json properties = Json::object();
  for (const Option& option : options()) {
    properties[std::string(option.section)]["properties"][std::string(option.key)] = option_schema(option);
  }
  for (const Option& option : options()) {
    const std::size_t dot = option.also.find('.');
    if (dot == std::string_view::npos) continue;
    Json& outer = properties[std::string(option.section)]["properties"][std::string(option.also.substr(0, dot))];
    outer["type"] = "object";
    Json form = option_schema(option);
    form["description"] = "Another spelling of " + name_of(option) + ".";
    outer["properties"][std::string(option.also.substr(dot + 1))] = form;
  }
  for (const LegacyKey& key : legacy_keys()) {
    Json* at = &properties[std::string(key.section)];
    std::string_view rest = key.key;
    if (const std::size_t dot = rest.find('.'); dot != std::string_view::npos) {
      Json& outer = (*at)["properties"][std::string(rest.substr(0, dot))];
      if (!outer.contains("type")) {
        outer["type"] = "object";
        outer["deprecated"] = true;
      }
      const LegacyKey* mapping = find_legacy(key.section, rest.substr(0, dot));
      outer["additionalProperties"] = mapping != nullptr && mapping->open;
      at = &outer;
      rest = rest.substr(dot + 1);
    }
    (*at)["properties"][std::string(rest)] = legacy_schema(key);
  }
  for (auto& [name, section] : properties.items()) {
    section["type"] = Json::array({"object", "null"});
    section["additionalProperties"] = false;
  }
  root["properties"] = properties;
  return root.dump(2);
}

std::string reference_page() {
  std::string page =
      "# Configuration\n\n"
      "Written by `keisei config reference` from the option tables in `src/config/table_*.cpp`; do not edit.\n\n"
      "A configuration is a YAML file with the sections below; it names only what it changes. Precedence: built-in "
      "default < preset < file < environment (`KEISEI_SAVEDIR`, `WANDB_ENABLED`, `WANDB_DISABLED`, `WANDB_MODE`, "
      "`WANDB_DIR`, `WANDB_PROJECT`, `WANDB_ENTITY`, `WANDB_NAME`, `WANDB_RUN_GROUP`, `WANDB_TAGS`, `WANDB_NOTES`, "
      "`WANDB_RUN_ID`, `WANDB_RESUME`) < `--override section.key=value` < flag. `keisei config show --origin` tells "
      "who set what, `keisei config check FILE` lists every fault of a file at once, `keisei config schema` prints a "
      "JSON Schema for editors.\n\n"
      "Only `true` and `false` are truth values; numbers stand without quotes. Settings that nobody asked for follow "
      "those that somebody did (a short `--total-timesteps` shortens the preset's epoch), each with a warning.\n\n"
      "Presets (`--preset NAME`, or a copy of `configs/NAME.yaml`):";
  for (const Preset& preset : presets()) {
    page += std::string(page.back() == ':' ? " " : ", ") + "`" + std::string(preset.name) + "`";
  }
  page += ". With neither `--config` nor `--preset`, `keisei train` uses `" + std::string(kDefaultPreset) + "`.\n";
  std::string_view section;
  for (const Option& option : options()) {
    if (option.section != section) {
      section = option.section;
      page += "\n## " + std::string(section) +
              "\n\n| key | default | allowed | unit | meaning | flag |\n| --- | --- | --- | --- | --- | --- |\n";
    }
    page += "| `" + std::string(option.key) + "` | `" + default_text(option) + "` | " + cell(allowed_text(option)) +
            " | " + std::string(option.unit) + " | " + cell(option.help) + " | " +
            (option.flag.empty() ? "" : "`" + std::string(option.flag) + "`") + " |\n";
  }
  std::string also;
  std::string live;
  for (const Option& option : options()) {
    if (!option.also.empty()) {
      also += (also.empty() ? "`" : ", `") + std::string(option.section) + "." + std::string(option.also) + "` = `" +
              std::string(option.key) + "`";
    }
    if (option.live) live += (live.empty() ? "`" : ", `") + name_of(option) + "`";
  }
  page += "\nFurther spellings of the limits: " + also +
          ". A file that gives one setting two values by two spellings is refused.\n\nMay change in a running training "
          "(SIGHUP reads the section evaluation of the run's config.yaml again, see docs/operations.md): " +
          live + ". Everything else counts from the next start.\n";
  page +=
      "\nSettings that influence the result of a training (their hash is kept with every checkpoint): the sections "
      "env, training (without `checkpoint_interval_timesteps` and `threads`) and selfplay.\n";
  return page;
}

std::string migration_page() {
  std::string page =
      "# From the Python Keisei\n\n"
      "Written by `keisei config migration` from `src/config/table_*.cpp` and `src/config/legacy_*.cpp`; do not "
      "edit.\n\n"
      "Its configuration files load as they are. Of the 131 fields of its schema each is a setting of the same name "
      "here, or is taken over under a new name, or is checked and accepted without effect; the latter two are told in "
      "one warning line each. Flat files with upper-case names load too. What its files were never refused for is "
      "refused now: unknown keys, keys given twice, values out of range, NaN.\n\n"
      "A file changes only what it names (there it replaced whole sections).\n\n"
      "## Same name, same meaning\n\n| section | keys |\n| --- | --- |\n";
  for (const std::string& section : sections()) {
    std::string keys;
    for (const Option& option : options()) {
      if (option.section == section) keys += (keys.empty() ? "`" : ", `") + std::string(option.key) + "`";
    }
    page += "| " + section + " | " + keys + " |\n";
  }
  page +=
      "\nSome of these are new; docs/configuration.md says what each means.\n\n"
      "## Taken over under a new name\n\nWhere both are given the new name counts.\n\n"
      "| there | here | |\n| --- | --- | --- |\n";
  for (const LegacyKey& key : legacy_keys()) {
    if (key.becomes.empty()) continue;
    page += "| `" + std::string(key.section) + "." + std::string(key.key) + "` | `" + std::string(key.becomes) +
            "` | " + (key.scale == 1 ? "" : "in other units, times " + std::to_string(static_cast<int>(key.scale))) +
            " |\n";
  }
  page += "\n## Accepted without effect\n\n| there | type | why |\n| --- | --- | --- |\n";
  for (const LegacyKey& key : legacy_keys()) {
    if (!key.becomes.empty()) continue;
    page += "| `" + std::string(key.section) + "." + std::string(key.key) + "` | " + type_name(key.type) + " | " +
            cell(key.because) + " |\n";
  }
  page += "\n## Flat names\n\n| flat | setting |\n| --- | --- |\n";
  for (const auto& [flat, ours] : flat_names()) {
    page += "| `" + std::string(flat) + "` | `" + std::string(ours) + "` |\n";
  }
  page +=
      "\n## Flags\n\nDashes and underscores in the name of a flag are equal.\n\n| there | here |\n| --- | --- |\n"
      "| `train --config --resume --seed --device --total-timesteps --savedir --override --run-name` | the same |\n"
      "| `train --model --input_features --tower_depth --tower_width --se_ratio` | the same, and kept in the run's "
      "config.yaml; `--se_ratio 0` means no such blocks |\n"
      "| `train --enable-async-evaluation` | `evaluation.enable_periodic_evaluation: true`; evaluation never blocks |\n"
      "| `train --wandb-enabled` | `wandb.enabled: true` |\n"
      "| `train --mixed_precision --ddp --render-every N` | understood, no effect, one warning each |\n"
      "| `evaluate --agent_checkpoint --config --strategy --num_games --opponent_type --opponent_checkpoint --device "
      "--wandb_log_eval --save_games --output_dir --run_name` | the same; what is not given comes from the "
      "configuration, never from a default of the flag |\n";
  return page;
}

}  // namespace keisei::config
