// Keys of the Python Keisei that are no settings here: each is either taken over under its new name, or checked by the
// type its schema had and accepted without effect, with the reason in one sentence. docs/migration.md is written from
// these rows. Immutable; any thread may read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/table.h"
#include "config/yaml_tree.h"

namespace keisei::config {

inline constexpr double kInf = std::numeric_limits<double>::infinity();

struct LegacyKey {
  enum class Type { kBool, kWhole, kNumber, kText, kList, kMap };

  std::string_view section{};
  std::string_view key{};  ///< "a.b" for a key inside a mapping
  Type type = Type::kText;
  Range range{};                            ///< numbers
  std::vector<std::string_view> choices{};  ///< text
  std::vector<std::int64_t> wholes{};       ///< whole numbers: the closed list
  bool null_ok = false;
  std::string_view becomes{};  ///< "section.key" here; empty = no effect
  double scale = 1;            ///< factor on the way (minutes to seconds: 60)
  std::string_view because{};  ///< why it has no effect
  bool in_schema = true;       ///< one of the 131 fields of its schema
  bool open = false;           ///< a mapping without a closed list of keys: unknown ones have no effect
};

[[nodiscard]] std::vector<LegacyKey> legacy_training_table();  ///< env, training
[[nodiscard]] std::vector<LegacyKey> legacy_evaluation_table();
[[nodiscard]] std::vector<LegacyKey> legacy_output_table();  ///< logging, wandb, parallel, demo, display

[[nodiscard]] const std::vector<LegacyKey>& legacy_keys();
[[nodiscard]] const LegacyKey* find_legacy(std::string_view section, std::string_view key);

/// What is wrong with a value by the rules of the old schema; nothing where it was right.
[[nodiscard]] std::optional<std::string> legacy_fault(const LegacyKey& key, const Node& value);

/// "section.key" of a flat name (SEED, TOTAL_TIMESTEPS, ...); empty where there is none.
[[nodiscard]] std::string_view flat_name(std::string_view upper_case);
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> flat_names();

}  // namespace keisei::config
