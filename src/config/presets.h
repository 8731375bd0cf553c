// Named starting points, embedded in the program; configs/NAME.yaml ships the same text (a test compares them).
// A preset is an ordinary configuration file that names only what it changes.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace keisei::config {

struct Preset {
  std::string_view name;
  std::string_view text;  ///< YAML, as in configs/NAME.yaml
};

inline constexpr std::string_view kDefaultPreset = "tiny";  ///< what `keisei train` alone uses

[[nodiscard]] std::span<const Preset> presets();
[[nodiscard]] std::optional<Preset> find_preset(std::string_view name);

}  // namespace keisei::config
