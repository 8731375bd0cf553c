// FNV-1a, 64 bits: a small hash that is the same on every machine and for ever, for names and texts that are compared
// between runs. Not for cryptography, and not against chosen collisions. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace keisei::config {

inline constexpr std::uint64_t kFnvOffset = 14695981039346656037ULL;
inline constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

/// The hash of `text` after what `state` has taken in already.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t state = kFnvOffset) {
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return state;
}

}  // namespace keisei::config
