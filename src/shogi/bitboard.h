// A set of squares: 81 bits in two words. Files 1-7 (squares 0-62) are bits 0-62 of `lo`, files 8-9 (63-80) are bits
// 0-17 of `hi`: a file never straddles the words, and bit 63 of `lo` is always clear, so the pair still borrows like
// one 128-bit number, which is what the slider attacks in attacks.h rest on. Aligned, so that a set is one register of
// 16 bytes where both words take the same operation (Words). Value type.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "shogi/types.h"

namespace keisei::shogi {

struct alignas(16) Bitboard {
  std::uint64_t lo = 0;
  std::uint64_t hi = 0;

  static constexpr Square kSplit = 63;  ///< the first square of `hi`

  [[nodiscard]] static constexpr Bitboard of(Square s) {
    return s < kSplit ? Bitboard{std::uint64_t{1} << s, 0} : Bitboard{0, std::uint64_t{1} << (s - kSplit)};
  }
  [[nodiscard]] static constexpr Bitboard all() { return {0x7FFFFFFFFFFFFFFF, 0x3FFFF}; }
  /// The nine squares of rank 1-9.
  [[nodiscard]] static constexpr Bitboard rank(int r) {
    return {std::uint64_t{0x0040201008040201} << (r - 1), std::uint64_t{0x201} << (r - 1)};
  }
  /// The nine squares of file 1-9.
  [[nodiscard]] static constexpr Bitboard file(int f) {
    return f <= 7 ? Bitboard{std::uint64_t{0x1FF} << (9 * (f - 1)), 0}
                  : Bitboard{0, std::uint64_t{0x1FF} << (9 * (f - 8))};
  }

  [[nodiscard]] constexpr bool any() const { return (lo | hi) != 0; }
  [[nodiscard]] constexpr bool none() const { return (lo | hi) == 0; }
  [[nodiscard]] constexpr bool has(Square s) const { return (*this & of(s)).any(); }
  [[nodiscard]] constexpr int count() const { return std::popcount(lo) + std::popcount(hi); }
  [[nodiscard]] constexpr bool more_than_one() const {
    return (lo & (lo - 1)) != 0 || (hi & (hi - 1)) != 0 || (lo != 0 && hi != 0);
  }
  /// The lowest square; the set must not be empty.
  [[nodiscard]] constexpr Square first() const {
    return lo != 0 ? std::countr_zero(lo) : kSplit + std::countr_zero(hi);
  }
  constexpr void set(Square s) { *this |= of(s); }
  constexpr void flip(Square s) { *this ^= of(s); }

  /// Calls f(square) in rising order of squares.
  template <class F>
  constexpr void for_each(F&& f) const {
    for (std::uint64_t w = lo; w != 0; w &= w - 1) f(Square{std::countr_zero(w)});
    for (std::uint64_t w = hi; w != 0; w &= w - 1) f(Square{kSplit + std::countr_zero(w)});
  }

  friend constexpr Bitboard operator&(Bitboard a, Bitboard b) { return {a.lo & b.lo, a.hi & b.hi}; }
  friend constexpr Bitboard operator|(Bitboard a, Bitboard b) { return {a.lo | b.lo, a.hi | b.hi}; }
  friend constexpr Bitboard operator^(Bitboard a, Bitboard b) { return {a.lo ^ b.lo, a.hi ^ b.hi}; }
  /// The complement within the 81 squares.
  friend constexpr Bitboard operator~(Bitboard a) { return a ^ all(); }
  constexpr Bitboard& operator&=(Bitboard b) { return *this = *this & b; }
  constexpr Bitboard& operator|=(Bitboard b) { return *this = *this | b; }
  constexpr Bitboard& operator^=(Bitboard b) { return *this = *this ^ b; }
  friend constexpr bool operator==(Bitboard, Bitboard) = default;
};

/// Both words of a set in one register. A set written as Words may be read word by word soon after, not the other way
/// round: the processor cannot forward two short writes to one long read.
using Words = std::uint64_t __attribute__((vector_size(16)));
[[nodiscard]] inline Words words(const Bitboard& b) {
  Words w;
  std::memcpy(&w, &b, sizeof w);
  return w;
}
[[nodiscard]] inline Bitboard to_bitboard(Words w) { return {w[0], w[1]}; }
inline void store(Bitboard& b, Words w) { std::memcpy(static_cast<void*>(&b), &w, sizeof w); }
/// b ^= mask.
inline void flip(Bitboard& b, Words mask) { store(b, words(b) ^ mask); }

/// Ranks 1-3 for Black, 7-9 for White: where pieces promote and where a declarer's pieces count.
[[nodiscard]] constexpr Bitboard camp(Color c) {
  return c == Color::kBlack ? Bitboard::rank(1) | Bitboard::rank(2) | Bitboard::rank(3)
                            : Bitboard::rank(7) | Bitboard::rank(8) | Bitboard::rank(9);
}

/// Squares where an unpromoted piece of this kind could never move again.
[[nodiscard]] constexpr Bitboard dead_squares(Color c, Kind k) {
  const Bitboard last = Bitboard::rank(c == Color::kBlack ? 1 : 9);
  if (k == Kind::kPawn || k == Kind::kLance) return last;
  if (k == Kind::kKnight) return last | Bitboard::rank(c == Color::kBlack ? 2 : 8);
  return {};
}

}  // namespace keisei::shogi
