// Attack sets. Steps are table lookups; sliders are computed in registers, without branches or large tables: along a
// ray of rising squares b ^ (b - 1) marks everything up to the first blocker; the falling rays are mirrored by swapping
// bytes, which keeps the order of their squares because two squares of such a ray are at least 8 bits apart; the
// falling file ray finds its blocker by counting leading zeros. Pure functions over constant tables, thread-safe.
#pragma once

#include <bit>
#include <cstdint>

#include "shogi/bitboard.h"
#include "shogi/types.h"

namespace keisei::shogi {

/// As Black sees them; a direction and its opposite differ in the last bit. Even ones rise in square number.
enum class Direction : std::uint8_t {
  kDown = 0,
  kUp = 1,
  kLeft = 2,
  kRight = 3,
  kUpLeft = 4,
  kDownRight = 5,
  kDownLeft = 6,
  kUpRight = 7
};
inline constexpr int kDirections = 8;
inline constexpr std::uint8_t kNoDirection = 0xFF;

struct AttackTables {
  /// [colour][kind kPawn..kKing]: steps; for lance, bishop and rook what they attack on an empty board; kNone: nothing.
  Bitboard reach[2][9][kSquares];
  Bitboard rays[kDirections][kSquares];          ///< without the square itself
  Bitboard swapped_rays[kDirections][kSquares];  ///< the same with the bytes of all 16 reversed
  Bitboard bits[kSquares];                       ///< of(square)
  std::uint8_t direction[kSquares][kSquares];    ///< from the first to the second square, kNoDirection if not aligned
};
extern const AttackTables kAttackTables;

inline constexpr Kind kStepKinds[kKinds] = {Kind::kNone, Kind::kPawn, Kind::kNone, Kind::kKnight, Kind::kSilver,
                                            Kind::kNone, Kind::kNone, Kind::kGold, Kind::kNone,   Kind::kGold,
                                            Kind::kGold, Kind::kGold, Kind::kGold, Kind::kKing,   Kind::kKing};
/// The kind whose row of `reach` holds the single steps of a kind; kNone for pure sliders and the king.
[[nodiscard]] constexpr Kind step_kind(Kind k) { return kStepKinds[index(k)]; }

/// Steps of kPawn, kKnight, kSilver, kGold, kKing, or the empty-board attacks of kLance, kBishop, kRook.
[[nodiscard]] inline Bitboard reach(Color c, Kind k, Square s) { return kAttackTables.reach[index(c)][index(k)][s]; }
[[nodiscard]] inline Bitboard king_steps(Square s) { return reach(Color::kBlack, Kind::kKing, s); }

[[nodiscard]] constexpr Bitboard swap_bytes(Bitboard b) { return {__builtin_bswap64(b.hi), __builtin_bswap64(b.lo)}; }

/// Squares of `ray` up to the first of `occupied`, included; the ray rises from the low end.
[[nodiscard]] constexpr Bitboard until_blocker(Bitboard ray, Bitboard occupied) {
  const Bitboard b = ray & occupied;
  return Bitboard{b.lo ^ (b.lo - 1), b.hi ^ (b.hi - (b.lo == 0 ? 1 : 0))} & ray;
}
[[nodiscard]] inline Bitboard rising_attacks(Direction d, Square s, Bitboard occupied) {
  return until_blocker(kAttackTables.rays[static_cast<int>(d)][s], occupied);
}
[[nodiscard]] inline Bitboard falling_attacks(Direction d, Square s, Bitboard swapped_occupied) {
  return swap_bytes(until_blocker(kAttackTables.swapped_rays[static_cast<int>(d)][s], swapped_occupied));
}

/// Towards rank 1: a Black lance.
[[nodiscard]] inline Bitboard up_attacks(Square s, Bitboard occupied) {
  const Bitboard ray = kAttackTables.rays[static_cast<int>(Direction::kUp)][s];
  const std::uint64_t blockers = (ray.lo & occupied.lo) | (ray.hi & occupied.hi);  // one of the words is empty
  const std::uint64_t keep = ~std::uint64_t{0} << (63 - std::countl_zero(blockers | 1));
  return {ray.lo & keep, ray.hi & keep};
}
/// Towards rank 9: a White lance.
[[nodiscard]] inline Bitboard down_attacks(Square s, Bitboard occupied) {
  const Bitboard ray = kAttackTables.rays[static_cast<int>(Direction::kDown)][s];
  const std::uint64_t blockers = (ray.lo & occupied.lo) | (ray.hi & occupied.hi);
  const std::uint64_t keep = blockers ^ (blockers - 1);
  return {ray.lo & keep, ray.hi & keep};
}

[[nodiscard]] inline Bitboard lance_attacks(Color c, Square s, Bitboard occupied) {
  return c == Color::kBlack ? up_attacks(s, occupied) : down_attacks(s, occupied);
}
[[nodiscard]] inline Bitboard bishop_attacks(Square s, Bitboard occupied) {
  const Bitboard swapped = swap_bytes(occupied);
  return rising_attacks(Direction::kUpLeft, s, occupied) | rising_attacks(Direction::kDownLeft, s, occupied) |
         falling_attacks(Direction::kUpRight, s, swapped) | falling_attacks(Direction::kDownRight, s, swapped);
}
[[nodiscard]] inline Bitboard rook_attacks(Square s, Bitboard occupied) {
  return up_attacks(s, occupied) | down_attacks(s, occupied) | rising_attacks(Direction::kLeft, s, occupied) |
         falling_attacks(Direction::kRight, s, swap_bytes(occupied));
}
/// Of any kind but kNone.
[[nodiscard]] Bitboard attacks(Color c, Kind k, Square s, Bitboard occupied);

/// The direction from one square to another, kNoDirection if they do not share a rank, file or diagonal.
[[nodiscard]] inline std::uint8_t direction(Square from, Square to) { return kAttackTables.direction[from][to]; }
/// The ray from `from` through `to` to the edge; the squares must be aligned.
[[nodiscard]] inline Bitboard ray_through(Square from, Square to) {
  return kAttackTables.rays[direction(from, to)][from];
}
/// The squares strictly between two aligned squares.
[[nodiscard]] inline Bitboard between(Square a, Square b) {
  const std::uint8_t d = direction(a, b);
  return kAttackTables.rays[d][a] ^ kAttackTables.rays[d][b] ^ Bitboard::of(b);
}

}  // namespace keisei::shogi
