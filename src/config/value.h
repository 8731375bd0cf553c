// One scalar of a file, an override or a flag, read by the type of its row and never by guess: only true and false are
// booleans, a quoted number is text, NaN and infinity are no numbers. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/table.h"

namespace keisei::config {

struct Scalar {
  std::string text;
  bool quoted = false;
  bool null = false;  ///< YAML's null: ~, null or nothing
};

/// A scalar as YAML would read the text `null`, `~` or anything else without quotes.
[[nodiscard]] Scalar plain_scalar(std::string_view text);

/// Writes the value into `config`, or returns what is wrong: `value X is not allowed (allowed: ...)`, perhaps with a
/// suggestion.
[[nodiscard]] std::optional<std::string> assign(const Option& option, const Scalar& scalar, Config& config);

/// A number in YAML's plain decimal form (digits may be grouped by single underscores); nothing for anything else.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
/// A whole number; 2048.0 and 1e6 count, 2048.5 and 010 do not.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text);

[[nodiscard]] std::string range_text(const Range& range);     ///< "0 to 1", "above 0 up to 1", "at least 1"
[[nodiscard]] bool inside(const Range& range, double value);  ///< NaN is never inside
[[nodiscard]] std::string number_text(double value);          ///< shortest text that reads back to the same double
[[nodiscard]] std::string in_quotes(std::string_view text);   ///< YAML (and JSON) double quotes, escaped
[[nodiscard]] std::string shown(const Scalar& scalar);        ///< for messages: short, one line, control bytes escaped

}  // namespace keisei::config
