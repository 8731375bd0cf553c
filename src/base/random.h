// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
// A draw is a pure function of (seed, key words, index), so nothing depends on threads or order, any game can be
// replayed from its key, and a stream's whole state is one counter. Not for cryptography.
#pragma once

#include <array>
#include <cstdint>

namespace keisei {

/// What a stream is for: the first word of its key, so that two purposes never share numbers.
enum class Purpose : std::uint32_t {
  kWeights = 1,
  kSelfPlay,
  kOpponent,
  kMinibatch,
  kEvaluation,
  kOpening,
  kBench,
  kPairing,
  kTest
};

/// The 128 random bits that belong to one counter under one key.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::uint64_t key) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ k0, static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return counter;
}

/// A stream of numbers keyed by (seed, purpose, a, b, c); `a`..`c` name e.g. slot, game and ply.
class Random {
 public:
  constexpr Random(std::uint64_t seed, Purpose purpose, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0)
      : key_(fold(fold(fold(seed, static_cast<std::uint64_t>(purpose)), a), b)), stream_(fold(key_, c)) {}

  /// 64 random bits.
  constexpr std::uint64_t next() {
    const auto r = philox({static_cast<std::uint32_t>(index_), static_cast<std::uint32_t>(index_ >> 32),
                           static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                          key_);
    ++index_;
    return (std::uint64_t{r[0]} << 32) | r[1];
  }
  /// Uniform in [0, n); n > 0. Bias at most n * 2^-32 (multiplication instead of modulo).
  constexpr std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
  /// Uniform in [0, 1), 53 bits.
  constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// How many numbers were drawn; with the key it is the whole state.
  [[nodiscard]] constexpr std::uint64_t index() const { return index_; }
  constexpr void seek(std::uint64_t index) { index_ = index; }

 private:
  static constexpr std::uint64_t fold(std::uint64_t key, std::uint64_t word) {
    const auto r =
        philox({static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32), 0x6B656973, 0x6569}, key);
    return (std::uint64_t{r[0]} << 32) | r[1];
  }
  std::uint64_t key_;
  std::uint64_t stream_;
  std::uint64_t index_ = 0;
};

}  // namespace keisei
