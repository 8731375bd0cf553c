// One measured number, or why there is none. Every figure the safeguards look at has this form, because a value that
// could not be read was once taken for a zero and counted as "within the limit". Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace keisei::guard {

struct Reading {
  std::optional<double> value;
  std::string source;  ///< where it came from; "unknown: …" with the reason when there is no value
};

[[nodiscard]] inline Reading known(double value, std::string source) { return {value, std::move(source)}; }
[[nodiscard]] inline Reading unknown(const std::string& why) { return {std::nullopt, "unknown: " + why}; }

}  // namespace keisei::guard
