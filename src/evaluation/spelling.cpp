#include "evaluation/spelling.h"

#include "config/suggest.h"

namespace keisei::evaluation {

std::string allowed_hint(std::string_view word, std::span<const std::string> allowed) {
  std::string hint = "allowed: ";
  for (std::size_t i = 0; i < allowed.size(); ++i) hint += (i > 0 ? ", " : "") + allowed[i];
  if (const auto nearest = config::nearest(word, allowed)) hint += "; did you mean \"" + *nearest + "\"?";
  return hint;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxBytes = 80;
  return "\"" + std::string(text.substr(0, kMaxBytes)) + "\"";
}

}  // namespace keisei::evaluation
