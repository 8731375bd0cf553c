// "Did you mean": the nearest of some names by edit distance (insert, delete, replace, swap of neighbours).
// Pure; case and '-' against '_' count as equal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace keisei::config {

/// The nearest of `names`, or nothing where none is near (a third of the length, at most 4 edits).
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names);

}  // namespace keisei::config
