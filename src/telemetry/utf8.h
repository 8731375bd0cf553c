// Text for formats that demand UTF-8 (protobuf's strings, W&B's console): what is none becomes U+FFFD. Event texts may
// hold anything, an engine's output for example. Pure; JSON's own replacement stays behind utf8.cpp.
#pragma once

#include <string>
#include <string_view>

namespace keisei::telemetry {

[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace keisei::telemetry
