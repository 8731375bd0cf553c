// Text from outside (names, faults, paths) made safe inside HTML, SVG and XML, and on a terminal: one function each, so
// that no report has a second and weaker way. Also the number spellings that reports share, so that a page and its JSON
// agree. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keisei::evaluation {

/// Text or attribute value: & < > " ' become references; control characters and broken UTF-8 become U+FFFD.
[[nodiscard]] std::string markup(std::string_view text);

/// Text from outside for a terminal: control characters become '?'.
[[nodiscard]] std::string printable(std::string_view text);

/// At most `most` characters (an ellipsis for the rest), counted as code points; not escaped.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

/// The same with the ellipsis in the middle: names often differ at their end.
[[nodiscard]] std::string shortened_inside(std::string_view text, std::size_t most);

/// Columns that text takes where East Asian wide characters take two.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// 12.3; an en dash where unknown or not finite. `sign` writes +12.3.
[[nodiscard]] std::string decimal(std::optional<double> value, int decimals, bool sign = false);

/// The shortest text that reads back as the same number: for value="..." attributes. Empty where unknown.
[[nodiscard]] std::string exact(std::optional<double> value);

}  // namespace keisei::evaluation
