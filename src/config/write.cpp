// A Config as text: the file a run keeps, and the hash that tells whether two trainings are the same.
#include <array>
#include <cstdint>
#include <cstdio>

#include "config/fnv.h"
#include "config/load.h"
#include "config/table.h"

namespace keisei::config {

std::string to_yaml(const Config& config) {
  std::string text;
  std::string_view section;
  for (const Option& option : options()) {
    if (option.section != section) {
      section = option.section;
      text += std::string(section) + ":\n";
    }
    text += "  " + std::string(option.key) + ": " + value_text(option, config) + "\n";
  }
  return text;
}

std::string hash(const Config& config) {
  std::uint64_t state = kFnvOffset;
  for (const Option& option : options()) {
    if (!option.shapes_training) continue;
    state = fnv1a(name_of(option) + "=" + value_text(option, config) + "\n", state);
  }
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(state));
  return digits.data();
}

std::vector<std::string> training_differences(const Config& from, const Config& to) {
  std::vector<std::string> lines;
  for (const Option& option : options()) {
    if (!option.shapes_training) continue;
    const std::string before = value_text(option, from);
    const std::string after = value_text(option, to);
    if (before != after) lines.push_back(name_of(option) + ": " + before + " -> " + after);
  }
  return lines;
}

}  // namespace keisei::config
