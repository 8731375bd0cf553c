// The hint beside a word that is not one of those allowed: the list of them, and the nearest one. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace keisei::evaluation {

/// "allowed: a, b, c; did you mean \"b\"?"; the question only where a word is near.
[[nodiscard]] std::string allowed_hint(std::string_view word, std::span<const std::string> allowed);

}  // namespace keisei::evaluation
