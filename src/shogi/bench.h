// The fingerprint of the rules: one integer, the same on every machine, compiler, build type and thread count. A change
// of it means that move generation, repetition, hashing or the random streams behave differently. Integers only.
#pragma once

#include <cstdint>

namespace keisei::shogi {

/// Perft sums of a few positions xor a hash of seeded games; under two seconds in a release build.
[[nodiscard]] std::uint64_t bench();

}  // namespace keisei::shogi
