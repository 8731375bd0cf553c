#include "shogi/zobrist.h"

namespace keisei::shogi {
namespace {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
constexpr std::uint64_t mix(std::uint64_t n) {
  std::uint64_t z = n * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

constexpr ZobristTables make_tables() {
  ZobristTables t{};
  std::uint64_t n = 0;
  for (auto& of_color : t.piece) {
    for (auto& of_kind : of_color) {
      for (std::uint64_t& number : of_kind) number = mix(++n);
    }
  }
  for (auto& of_color : t.hand) {
    for (std::uint64_t& number : of_color) number = mix(++n) | 1;
  }
  t.white_to_move = mix(++n);
  return t;
}

}  // namespace

constinit const ZobristTables kZobrist = make_tables();

}  // namespace keisei::shogi
