// The option tables: one row per setting, in files by section. They alone drive the configuration file, --override,
// the flags, `config show|schema|reference` and docs/configuration.md; nothing else knows a setting by name.
// The default of a row is what a fresh Config holds. Immutable after construction; any thread may read.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/options.h"

namespace keisei::config {

/// The field that a row stands for.
using Slot = std::variant<bool*, int*, std::int64_t*, double*, std::string*, std::optional<std::int64_t>*>;

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;  ///< `low` itself is not allowed
};

struct Option {
  std::string_view section{};
  std::string_view key{};
  Slot (*slot)(Config&) = nullptr;
  std::string_view unit{};  ///< "s", "ms", "plies"; empty where there is none
  std::string_view help{};
  Range range{};                                 ///< numbers
  std::vector<std::string_view> choices{};       ///< text: the closed list (compared without case)
  bool (*accepts)(std::string_view) = nullptr;   ///< text: an open form
  std::string_view allowed{};                    ///< words for what `accepts` lets through
  std::string_view word{};                       ///< "auto": stands for 0 in the file
  std::optional<std::string_view> null_means{};  ///< what YAML's null stands for; none = null is refused
  std::string_view flag{};                       ///< its flag of `keisei train`, if it has one
  std::string_view also{};                       ///< a further spelling of the key, "sla.latency_ms"
  bool live = false;                             ///< may change in a running training (config/reload.h)
  bool shapes_training = false;                  ///< enters hash()
};

/// The slot function of a row: slot<&Config::training, &Training::gamma>.
template <auto Section, auto Field>
Slot slot(Config& config) {
  return &((config.*Section).*Field);
}

[[nodiscard]] std::vector<Option> env_table();
[[nodiscard]] std::vector<Option> training_table();
[[nodiscard]] std::vector<Option> selfplay_table();
[[nodiscard]] std::vector<Option> evaluation_table();
[[nodiscard]] std::vector<Option> output_table();  ///< logging, wandb, display

/// All rows in the order of the file.
[[nodiscard]] const std::vector<Option>& options();
[[nodiscard]] const Option* find_option(std::string_view section, std::string_view key);
/// The row whose further spelling `key` is.
[[nodiscard]] const Option* find_spelling(std::string_view section, std::string_view key);
/// By "section.key".
[[nodiscard]] const Option* find_option(std::string_view name);
[[nodiscard]] const std::vector<std::string>& sections();

[[nodiscard]] std::string name_of(const Option& option);       ///< "section.key"
[[nodiscard]] std::string type_of(const Option& option);       ///< "true or false", "whole number", "number", "text"
[[nodiscard]] std::string allowed_text(const Option& option);  ///< "0 to 1", "linear, cosine, none"
[[nodiscard]] std::string value_text(const Option& option, const Config& config);  ///< as YAML would write it
[[nodiscard]] std::string default_text(const Option& option);

}  // namespace keisei::config
