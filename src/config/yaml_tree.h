// A YAML (or JSON) text as a tree in which every node knows its line and column and duplicate keys are still visible,
// which the usual loaders hide. Bounded in size, depth and nodes; aliases, tags and a second document are refused, so
// a small hostile file cannot grow. yaml-cpp stays behind yaml_tree.cpp. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/value.h"

namespace keisei::config {

inline constexpr int kMaxYamlDepth = 8;
inline constexpr std::size_t kMaxYamlNodes = 20000;

struct Mark {
  int line = 0;  ///< from 1
  int column = 0;
};

struct Node {
  enum class Kind { kScalar, kSequence, kMap } kind = Kind::kScalar;
  Scalar scalar;  ///< kScalar
  Mark mark;
  std::vector<Node> items;  ///< kSequence: the items; kMap: the values
  std::vector<Node> keys;   ///< kMap: as many as items; scalars
};

/// The one document of the text; an empty text is an empty map. Errors are kUsage, "NAME:LINE:COL: what is wrong".
[[nodiscard]] Result<Node> parse_yaml(std::string_view text, const std::string& name);

}  // namespace keisei::config
