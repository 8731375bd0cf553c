// Writing moves to a list with few branches: a piece that steps is one table row and one 16-byte store, whatever its
// number of moves; sets of squares are written four at a time, so that the usual set needs one well-predicted branch;
// what is written beyond a set is overwritten by the next piece or cut off by the list's size, for which the list must
// have room (kOverrun moves). Inline, for movegen.cpp.
#pragma once

#include <bit>
#include <cstring>

#include "shogi/bitboard.h"
#include "shogi/king_safety.h"
#include "shogi/step_tables.h"
#include "shogi/types.h"

namespace keisei::shogi {

inline constexpr int kOverrun = 8;  ///< moves written beyond the end at most
inline constexpr int kFromShift = 7;
inline constexpr unsigned kPromotes = 1U << 14;
static_assert(sizeof(Move) == sizeof(std::uint16_t));

/// Eight moves in one register.
using Moves8 = std::uint16_t __attribute__((vector_size(16)));

[[nodiscard]] inline Move raw_move(unsigned bits) { return Move::from_raw(static_cast<std::uint16_t>(bits)); }

/// The steps of a neighbour mask from a square; `flags` are added to each move.
inline Move* emit_steps(Move* out, Square from, unsigned mask, unsigned flags) {
  Moves8 offsets;
  std::memcpy(&offsets, kStepTables.offsets[mask], sizeof offsets);
  const auto base = static_cast<std::uint16_t>(static_cast<unsigned>(from) * ((1U << kFromShift) + 1) + flags);
  const Moves8 moves = offsets + base;
  std::memcpy(static_cast<void*>(out), &moves, sizeof moves);
  return out + std::popcount(mask);
}

/// For each bit n of a word, rising: the move with the bits base + n * scale.
template <unsigned kScale = 1>
inline Move* emit_word(Move* out, std::uint64_t word, unsigned base) {
  Move* const end = out + std::popcount(word);
  for (; word != 0; out += 4) {
    for (int i = 0; i < 4; ++i) {
      out[i] = raw_move(base + static_cast<unsigned>(std::countr_zero(word)) * kScale);
      word &= word - 1;
    }
  }
  return end;
}

template <unsigned kScale = 1>
inline Move* emit_set(Move* out, Bitboard targets, unsigned base) {
  out = emit_word<kScale>(out, targets.lo, base);
  return emit_word<kScale>(out, targets.hi, base + Bitboard::kSplit * kScale);
}

/// A set of target squares, laid out so that the surroundings of any square are one short read.
class Surroundings {
 public:
  static constexpr int kCentre = 11;  ///< bit of the square in what at() returns; reaches all steps of a knight

  explicit Surroundings(Bitboard targets) {
    const std::uint64_t low = targets.lo | (targets.hi << Bitboard::kSplit);
    const std::uint64_t high = targets.hi >> 1;
    const Words shifted = {low << kCentre, (high << kCentre) | (low >> (64 - kCentre))};
    std::memcpy(bytes_, &shifted, sizeof shifted);
  }
  /// Bit kCentre + n is the square `s` + n, for n from -11 to 11; wraps around the edges of files.
  [[nodiscard]] std::uint32_t at(Square s) const {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes_ + s / 8, sizeof word);
    return word >> (s % 8);
  }
  /// As a neighbour mask; wraps around the edges of files.
  [[nodiscard]] unsigned neighbours_of(Square s) const { return neighbours(at(s) >> (kCentre - 10)); }

 private:
  unsigned char bytes_[16];
};

}  // namespace keisei::shogi
