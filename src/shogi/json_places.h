// Where the moves of a JKF text stand, and whether its brackets nest too deep: one pass over the bytes before the JSON
// library sees them, because its values do not know where they came from, and because depth must be bounded. Internal
// to the JKF reader. Pure function, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace keisei::shogi {

struct JsonPlaces {
  std::vector<std::size_t> moves;       ///< byte of each element of the outermost object's "moves"
  std::optional<std::size_t> too_deep;  ///< byte of the first bracket beyond the bound
};

/// Understands no more of JSON than strings and brackets; a text that is not well formed gives some places or none.
[[nodiscard]] JsonPlaces find_places(std::string_view json, std::size_t most_depth);

}  // namespace keisei::shogi
