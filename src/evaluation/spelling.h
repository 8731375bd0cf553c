// What an error says of a word that is not one of those allowed: the word, the list of them, the nearest one. Pure; any
// thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace keisei::evaluation {

/// "allowed: a, b, c; did you mean \"b\"?"; the question only where a word is near.
[[nodiscard]] std::string allowed_hint(std::string_view word, std::span<const std::string> allowed);

/// The text in quotes, cut where nobody would read on.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace keisei::evaluation
