// A number as text that people can read and type, and that reads back as the same number: the fewest digits that do.
// Pure.
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace keisei {

[[nodiscard]] inline std::string shortest(double value) {
  std::array<char, 32> buffer{};  // the longest has 24 characters
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

}  // namespace keisei
