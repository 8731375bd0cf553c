#include "config/reading.h"

#include <algorithm>

#include "config/rules.h"
#include "config/suggest.h"
#include "config/value.h"

namespace keisei::config {
namespace {

constexpr std::size_t kMaxFaultsShown = 50;

std::string position(const std::string& file, Mark mark) {
  return file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

bool is_upper_case(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::vector<std::string> section_names() {
  std::vector<std::string> names = sections();
  for (const LegacyKey& key : legacy_keys()) {
    if (std::find(names.begin(), names.end(), key.section) == names.end()) names.emplace_back(key.section);
  }
  return names;
}

std::vector<std::string> keys_of(std::string_view section) {
  std::vector<std::string> names;
  for (const Option& option : options()) {
    if (option.section != section) continue;
    names.emplace_back(option.key);
    if (!option.also.empty()) names.emplace_back(option.also);
  }
  for (const LegacyKey& key : legacy_keys()) {
    if (key.section == section) names.emplace_back(key.key);
  }
  return names;
}

/// Whether there are keys "key.inner".
bool has_nested(std::string_view section, const std::string& key) {
  const std::vector<std::string> names = keys_of(section);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.starts_with(key + "."); });
}

/// One of the keys "key.inner".
std::string nested_example(std::string_view section, const std::string& key) {
  for (const std::string& name : keys_of(section)) {
    if (name.starts_with(key + ".")) return name;
  }
  return key;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// The words that close a message about an unknown name.
std::string meant(std::string_view word, const std::vector<std::string>& names) {
  const auto name = nearest(word, names);
  return name ? "; did you mean \"" + *name + "\"?" : std::string();
}

std::string shown_name(std::string_view name) {
  Scalar scalar;
  scalar.text = name;
  return shown(scalar);
}

}  // namespace

Reading::Reading(Config start, Machine machine) : machine_(machine) {
  loaded_.config = std::move(start);
  for (const Option& option : options()) loaded_.origin[name_of(option)] = "default";
}

void Reading::fault(const std::string& place, const std::string& text) { faults_.push_back(place + ": " + text); }

void Reading::warn(const std::string& place, const std::string& text) {
  loaded_.warnings.push_back(place + ": " + text);
}

bool Reading::was_given(Layer layer, const std::string& option) const {
  const auto found = given_.find(layer);
  return found != given_.end() && found->second.contains(option);
}

void Reading::document(const Node& root, Layer layer, const std::string& name, const std::string& origin) {
  if (root.kind != Node::Kind::kMap) {
    fault(position(name, root.mark), "a configuration is a mapping of sections (" + joined(section_names()) + ")");
    return;
  }
  const bool flat = !root.keys.empty() && std::all_of(root.keys.begin(), root.keys.end(),
                                                      [](const Node& key) { return is_upper_case(key.scalar.text); });
  const std::vector<std::string> known = section_names();
  std::map<std::string, Mark> seen;
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    const std::string& key = root.keys[i].scalar.text;
    const std::string place = position(name, root.keys[i].mark);
    if (const auto [first, fresh] = seen.emplace(key, root.keys[i].mark); !fresh) {
      fault(place, shown_name(key) + ": is given twice, first in line " + std::to_string(first->second.line));
      continue;
    }
    if (flat) {
      const std::string_view full = flat_name(key);
      if (full.empty()) {
        std::vector<std::string> names;
        for (const auto& [upper, ours] : flat_names()) names.emplace_back(upper);
        fault(place, shown_name(key) + ": there is no such flat name" + meant(key, names));
      } else {
        const std::size_t dot = full.find('.');
        entry(std::string(full.substr(0, dot)), std::string(full.substr(dot + 1)), root.items[i], layer,
              position(name, root.items[i].mark), origin);
      }
      continue;
    }
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      fault(place, shown_name(key) + ": there is no such section (allowed: " + joined(known) + ")" + meant(key, known));
      continue;
    }
    section(key, root.items[i], layer, name, origin);
  }
  if (flat && !root.keys.empty()) {
    warn(position(name, root.keys[0].mark), "flat names are understood; sections such as env.seed are the new form");
  }
  for (const Renamed& one : renamed_) renamed(one, layer);
  renamed_.clear();
}

void Reading::section(const std::string& name, const Node& map, Layer layer, const std::string& file,
                      const std::string& origin) {
  const bool empty = map.kind == Node::Kind::kScalar && map.scalar.null && !map.scalar.quoted;
  if (empty) return;
  if (map.kind != Node::Kind::kMap) {
    fault(position(file, map.mark), name + ": a section is a mapping of keys (" + joined(keys_of(name)) + ")");
    return;
  }
  std::map<std::string, Mark> seen;
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    const std::string& key = map.keys[i].scalar.text;
    const std::string key_place = position(file, map.keys[i].mark);
    if (const auto [first, fresh] = seen.emplace(key, map.keys[i].mark); !fresh) {
      fault(key_place,
            name + "." + shown_name(key) + ": is given twice, first in line " + std::to_string(first->second.line));
      continue;
    }
    if (!find_option(name, key) && !find_spelling(name, key) && !find_legacy(name, key) && !has_nested(name, key)) {
      unknown(name, key, key_place);
      continue;
    }
    entry(name, key, map.items[i], layer, position(file, map.items[i].mark), origin);
  }
}

void Reading::setting(std::string_view name, const Node& value, Layer layer, const std::string& place) {
  std::string_view full = name;
  if (is_upper_case(name) && !flat_name(name).empty()) full = flat_name(name);
  const std::size_t dot = full.find('.');
  if (dot == std::string_view::npos) {
    std::vector<std::string> names;
    for (const Option& option : options()) {
      if (option.key == full) names.push_back(name_of(option));
    }
    const std::string hint = names.empty() ? std::string() : "; did you mean \"" + names.front() + "\"?";
    fault(place, shown_name(full) + ": a setting is named section.key" + hint);
    return;
  }
  entry(std::string(full.substr(0, dot)), std::string(full.substr(dot + 1)), value, layer, place, place);
  for (const Renamed& one : renamed_) renamed(one, layer);
  renamed_.clear();
}

void Reading::entry(const std::string& section, const std::string& key, const Node& value, Layer layer,
                    const std::string& place, const std::string& origin) {
  if (const Option* option = find_option(section, key)) {
    write(*option, value, layer, place, origin.empty() ? place : origin, key);
  } else if (const Option* spelt = find_spelling(section, key)) {
    write(*spelt, value, layer, place, origin.empty() ? place : origin, key);
  } else if (const LegacyKey* old = find_legacy(section, key)) {
    legacy(*old, value, layer, place, origin);
  } else if (has_nested(section, key) && value.kind == Node::Kind::kMap) {
    const std::string file = place.substr(0, place.rfind(':', place.rfind(':') - 1));
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string inner = key + "." + value.keys[i].scalar.text;
      if (find_legacy(section, inner) || find_spelling(section, inner)) {
        entry(section, inner, value.items[i], layer, position(file, value.items[i].mark), origin);
      } else {
        unknown(section, inner, position(file, value.keys[i].mark));
      }
    }
  } else if (has_nested(section, key)) {
    fault(place,
          section + "." + key + ": is a mapping of keys, such as " + section + "." + nested_example(section, key));
  } else {
    unknown(section, key, place);
  }
}

void Reading::unknown(const std::string& section, const std::string& key, const std::string& place) {
  const std::vector<std::string> known = section_names();
  if (std::find(known.begin(), known.end(), section) == known.end()) {
    fault(place, shown_name(section + "." + key) + ": there is no section " + shown_name(section) +
                     " (allowed: " + joined(known) + ")" + meant(section, known));
    return;
  }
  std::string hint = meant(key, keys_of(section));
  if (hint.empty()) {
    for (const std::string& other : known) {
      if (find_option(other, key) || find_legacy(other, key)) hint = "; did you mean \"" + other + "." + key + "\"?";
    }
  }
  fault(place, section + "." + shown_name(key) + ": there is no such key in " + section + hint);
}

void Reading::write(const Option& option, const Node& value, Layer layer, const std::string& place,
                    const std::string& origin, std::string_view key) {
  const std::string name = name_of(option);
  const std::string spelt = std::string(option.section) + "." + std::string(key);
  if (value.kind != Node::Kind::kScalar) {
    const std::string what = value.kind == Node::Kind::kMap ? "a mapping" : "a list";
    fault(place, spelt + ": value " + what + " is not allowed (allowed: " + allowed_text(option) + ")");
    faulty_.insert(name);
    return;
  }
  if (const auto wrong = assign(option, value.scalar, loaded_.config)) {
    fault(place, spelt + ": " + *wrong);
    faulty_.insert(name);
    return;
  }
  const std::string now = value_text(option, loaded_.config);
  for (const auto& [other, given] : spellings_[{layer, name}]) {
    if (other == spelt || given.value == now) continue;
    fault(place, spelt + ": value " + now + " contradicts " + other + ", which is " + given.value + " at " +
                     given.place + "; both name one setting, give one of them");
    faulty_.insert(name);
    return;
  }
  spellings_[{layer, name}][spelt] = {now, place};
  given_[layer].insert(name);
  layer_[name] = layer;
  loaded_.origin[name] = origin;
}

void Reading::legacy(const LegacyKey& key, const Node& value, Layer layer, const std::string& place,
                     const std::string& origin) {
  const std::string name = std::string(key.section) + "." + std::string(key.key);
  if (const auto wrong = legacy_fault(key, value)) {
    fault(place, name + ": " + *wrong);
    return;
  }
  if (!key.becomes.empty()) {
    renamed_.push_back({&key, find_option(key.becomes), value, place});
    return;
  }
  std::string unused;  // keys of an open mapping
  if (value.kind == Node::Kind::kMap && has_nested(key.section, std::string(key.key))) {
    const std::string file = place.substr(0, place.rfind(':', place.rfind(':') - 1));
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string inner = std::string(key.key) + "." + value.keys[i].scalar.text;
      if (const LegacyKey* old = find_legacy(key.section, inner)) {
        legacy(*old, value.items[i], layer, position(file, value.items[i].mark), origin);
      } else if (key.open) {
        unused += (unused.empty() ? "" : ", ") + shown_name(value.keys[i].scalar.text);
      } else {
        unknown(std::string(key.section), inner, position(file, value.keys[i].mark));
      }
    }
    if (!key.open || (unused.empty() && !value.keys.empty())) return;
  }
  warn(place, name + ": " + unused + (unused.empty() ? "" : ": ") + "has no effect: " + std::string(key.because));
}

void Reading::renamed(const Renamed& one, Layer layer) {
  const std::string old = std::string(one.key->section) + "." + std::string(one.key->key);
  const std::string name(one.key->becomes);
  if (was_given(layer, name)) {
    warn(one.place, old + ": has no effect: " + name + " is given too");
    return;
  }
  Node value = one.value;
  if (one.key->scale != 1) {
    if (const auto number = parse_number(value.scalar.text)) value.scalar.text = number_text(*number * one.key->scale);
  }
  const std::size_t before = faults_.size();
  write(*one.option, value, layer, one.place, one.place, one.option->key);
  if (faults_.size() == before) {
    warn(one.place, old + ": is now " + name + ", here " + value_text(*one.option, loaded_.config));
  }
}

std::string Reading::place_of(const std::string& option) const {
  const auto found = loaded_.origin.find(option);
  return found == loaded_.origin.end() ? std::string("default") : found->second;
}

void Reading::finish() {
  if (faulty_.empty()) {
    const auto asked = [&](std::string_view option) {
      const auto found = layer_.find(std::string(option));
      return found != layer_.end() && found->second > Layer::kPreset;
    };
    for (const Remark& change : fit(loaded_.config, asked, machine_)) {
      warn(place_of(change.option), change.option + ": " + change.text);
      loaded_.origin[change.option] = "fitted";
    }
  }
  for (const Remark& wrong : cross_faults(loaded_.config, machine_)) {
    const bool known_already = std::any_of(faulty_.begin(), faulty_.end(), [&](const std::string& name) {
      return wrong.option == name || wrong.text.find(name) != std::string::npos;
    });
    if (!known_already) fault(place_of(wrong.option), wrong.option + ": " + wrong.text);
  }
  for (const Remark& caution : cautions(loaded_.config)) {
    warn(place_of(caution.option), caution.option + ": " + caution.text);
  }
}

Loaded Reading::take() && { return std::move(loaded_); }

Result<Loaded> finished(Reading reading) {
  reading.finish();
  if (reading.faults().empty()) return std::move(reading).take();
  std::string message;
  std::size_t shown = 0;
  for (const std::string& fault : reading.faults()) {
    if (shown++ == kMaxFaultsShown) {
      message += "\n... and " + std::to_string(reading.faults().size() - kMaxFaultsShown) + " more";
      break;
    }
    message += (message.empty() ? "" : "\n") + fault;
  }
  return fail(Code::kUsage, message, "`keisei config show` lists every setting, docs/configuration.md explains it");
}

}  // namespace keisei::config
