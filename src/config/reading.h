// One merge in progress: a Config that layers of settings are written into, with who set what, what was wrong and what
// there is to say. Used by load.cpp and reload.cpp; faults are gathered, never thrown, so that all are told at once.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/legacy.h"
#include "config/load.h"
#include "config/table.h"
#include "config/yaml_tree.h"

namespace keisei::config {

enum class Layer { kDefault, kPreset, kFile, kEnvironment, kOverride, kFlag };

class Reading {
 public:
  /// Over `start`; limits are checked against `machine`.
  explicit Reading(Config start = {}, Machine machine = {});

  /// A whole document; `name` is the file's name in messages, `origin` what its settings are said to come from (empty =
  /// file and position).
  void document(const Node& root, Layer layer, const std::string& name, const std::string& origin);
  /// One setting by "section.key", old names included; `place` opens messages and is the origin.
  void setting(std::string_view name, const Node& value, Layer layer, const std::string& place);
  /// A fault that belongs to no setting.
  void fault(const std::string& place, const std::string& text);
  void warn(const std::string& place, const std::string& text);
  /// Lets unasked settings follow, then checks what belongs together.
  void finish();

  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
  [[nodiscard]] bool was_given(Layer layer, const std::string& option) const;
  Loaded take() &&;

 private:
  /// One spelling of an option as a layer gave it.
  struct Given {
    std::string value;
    std::string place;
  };
  struct Renamed {
    const LegacyKey* key;
    const Option* option;
    Node value;
    std::string place;
  };

  void section(const std::string& name, const Node& map, Layer layer, const std::string& file,
               const std::string& origin);
  void entry(const std::string& section, const std::string& key, const Node& value, Layer layer,
             const std::string& place, const std::string& origin);
  void write(const Option& option, const Node& value, Layer layer, const std::string& place, const std::string& origin,
             std::string_view key);
  void legacy(const LegacyKey& key, const Node& value, Layer layer, const std::string& place,
              const std::string& origin);
  void renamed(const Renamed& renamed, Layer layer);
  void unknown(const std::string& section, const std::string& key, const std::string& place);
  [[nodiscard]] std::string place_of(const std::string& option) const;

  Loaded loaded_;
  Machine machine_;
  std::map<std::string, Layer> layer_;
  std::map<Layer, std::set<std::string>> given_;
  std::map<std::pair<Layer, std::string>, std::map<std::string, Given>> spellings_;  ///< layer, option -> spelling
  std::set<std::string> faulty_;
  std::vector<std::string> faults_;
  std::vector<Renamed> renamed_;  ///< of the document being read; taken over when all of it is known
};

/// Finishes the reading: the Config, or all faults in one kUsage error, one per line.
[[nodiscard]] Result<Loaded> finished(Reading reading);

}  // namespace keisei::config
