// Inside the store: the small pieces of its reports. Unknown values are "–" for people and null for programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keisei::store {

inline constexpr const char* kUnknown = "–";

/// Control characters and broken UTF-8 become '?': names in a report come from files that others may have written.
[[nodiscard]] std::string printable(std::string_view text);

[[nodiscard]] std::string grouped(std::int64_t value);                       ///< 1,234,567
[[nodiscard]] std::string fixed(std::optional<double> value, int decimals);  ///< 0.950, or –
[[nodiscard]] std::string when(std::optional<std::int64_t> utc_ms);          ///< ISO 8601 UTC, or –
[[nodiscard]] std::string lasted(std::int64_t ms);                           ///< 1h 02m, 3m 05s, 12s

/// Rows as aligned columns, two spaces in front and between, the first row being the titles. Columns whose title ends
/// in '>' are set right (and the sign is dropped).
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace keisei::store
