// SHA-256 (FIPS 180-4) names a checkpoint: the run database, records and ratings refer to weights by it. Identity, not
// a signature. Own code, so that the store needs no cryptography library for one function. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace keisei::store {

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);

}  // namespace keisei::store
